import { assumed, documented, fromMemory, type Preset } from "../preset.ts";
import { postgresql } from "./postgresql.ts";

/** PostgreSQL with Patroni: whoever holds the leader key in the configuration store is primary. */
export const patroni: Preset = {
  name: "patroni",
  title: "PostgreSQL with Patroni",
  sources: [
    "Patroni, docs/dynamic_configuration.rst and docs/replication_modes.rst (commit de6b22c8)",
    ...postgresql.sources,
  ],
  parameters: [
    documented("ttl", 30, "s", ["options.failover.ttlMs"]),
    documented("loop_wait", 10, "s", ["options.failover.loopMs"]),
    documented("retry_timeout", 10, "s", ["options.failover.retryMs"]),
    documented("maximum_lag_on_failover", 1_048_576, "bytes", ["options.failover.maximumLagBytes"]),
    documented("synchronous_mode", "off", "", ["options.acknowledgement.kind"]),
    documented("primary_start_timeout", 300, "s"),
    documented("failsafe_mode", false),
    fromMemory("watchdog.mode", "automatic, no device", "", ["options.failover.watchdog"]),
    assumed("promotion of a standby", "1-3", "s", ["options.failover.promoteDelay"]),
    assumed("check interval of the load balancer", "0-3", "s", [
      "clients.discovery.directoryDelay",
    ]),
    ...postgresql.parameters,
  ],
  failover:
    "The leader key runs out at most ttl after its last renewal; then the standbys race for it.",
  lossBound:
    "At worst maximum_lag_on_failover bytes and what the primary wrote in the last ttl; on average half a loop_wait. Nothing in synchronous mode, unless primary and synchronous standby die together.",
  leftOut: [
    "a crash of PostgreSQL alone, which Patroni restarts for up to primary_start_timeout",
    "failsafe mode; synchronous mode's change of the standby",
    ...postgresql.leftOut,
  ],
  setup: {
    ...postgresql.setup,
    ...{ controllers: 3, usualFailoverMs: 34_000 },
    options: {
      ...postgresql.setup.options,
      failover: {
        ...{ kind: "lease", ttlMs: 30_000, loopMs: 10_000, retryMs: 10_000 },
        ...{ maximumLagBytes: 1_048_576, watchdog: false, storeNodes: 3 },
        promoteDelay: { minMs: 1000, maxMs: 3000 },
      },
    },
    clients: {
      ...postgresql.setup.clients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 3000 } },
    },
  },
};
