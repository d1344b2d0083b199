import { assumed, documented, fromMemory, type Preset } from "../preset.ts";
import { postgresql } from "./postgresql.ts";

/** PostgreSQL with pg_auto_failover: one monitor, synchronous replication by default. */
export const pgAutoFailover: Preset = {
  name: "pg-auto-failover",
  title: "PostgreSQL with pg_auto_failover",
  sources: ["pg_auto_failover, docs/ref/configuration.rst", ...postgresql.sources],
  parameters: [
    documented("health_check_period", 5000, "ms", ["options.failover.pollMs"]),
    documented("health_check_timeout", 5000, "ms"),
    documented("health_check_max_retries", 2),
    documented("health_check_retry_delay", 2000, "ms"),
    documented("node_considered_unhealthy_timeout", 20_000, "ms", [
      "options.failover.detector.timeoutMs",
    ]),
    documented("primary_demote_timeout", 30_000, "ms", ["options.failover.promoteDelay"]),
    documented("promote_wal_log_threshold", 16_777_216, "bytes", [
      "options.failover.maximumLagBytes",
    ]),
    documented("enable_sync_wal_log_threshold", 16_777_216, "bytes"),
    documented("replication_stall_timeout", 10_000, "ms"),
    documented("guard_data_loss", true),
    fromMemory("network_partition_timeout", 20, "s", ["options.failover.leaderStopsMs"]),
    documented("replication quorum", "on, one standby", "", ["options.acknowledgement.followers"]),
    assumed("check interval of clients' multi-host connection", "0-1", "s", [
      "clients.discovery.directoryDelay",
    ]),
  ],
  failover:
    "Unhealthy 20 s after its last answer; then up to 30 s until a lost primary must have stopped.",
  lossBound:
    "At most 16 MiB of log: a standby further behind is not promoted; nothing while replication is synchronous.",
  leftOut: [
    "the change to asynchronous replication when the last standby is lost",
    "a monitor that fails: it is one node",
    ...postgresql.leftOut,
  ],
  setup: {
    ...postgresql.setup,
    ...{ replicas: 3, controllers: 1, usualFailoverMs: 56_000 },
    options: {
      ...postgresql.setup.options,
      acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: null },
      followerAcknowledges: "durable",
      failover: {
        ...{ kind: "controller", monitors: 1, quorum: 1, pollMs: 5000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 20_000 },
        maximumLagBytes: 16_777_216,
        promoteDelay: { minMs: 1000, maxMs: 30_000 },
        reconfigureDelay: { minMs: 0, maxMs: 5000 },
        ...{ stonithMs: null, blockMs: 0, leaderStopsMs: 20_000 },
      },
    },
    clients: {
      ...postgresql.setup.clients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 1000 } },
    },
  },
};
