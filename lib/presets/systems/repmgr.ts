import { assumed, documented, type Preset } from "../preset.ts";
import { postgresql } from "./postgresql.ts";

/** PostgreSQL with repmgr's daemon, failover switched to automatic. */
export const repmgr: Preset = {
  name: "repmgr",
  title: "PostgreSQL with repmgr",
  sources: ["repmgr, repmgr.conf.sample", ...postgresql.sources],
  parameters: [
    documented("failover", "manual by default; automatic here"),
    documented("reconnect_attempts x reconnect_interval", 60, "s", [
      "options.failover.detector.timeoutMs",
    ]),
    documented("monitor_interval_secs", 2, "s", ["options.failover.pollMs"]),
    documented("promote_check_timeout", 60, "s"),
    documented("primary_follow_timeout", 60, "s"),
    assumed("promotion of a standby", "1-5", "s", ["options.failover.promoteDelay"]),
    assumed("an operator reinstates the old primary after", 10, "min", [
      "options.failover.reconfigureDelay",
    ]),
    assumed("check interval of the load balancer", "0-3", "s", [
      "clients.discovery.directoryDelay",
    ]),
  ],
  failover:
    "Six attempts to reconnect, ten seconds apart, then the most advanced standby is promoted.",
  lossBound: "What had not reached the promoted standby.",
  leftOut: [
    "the witness server; a daemon on each standby, here two monitors beside them",
    "fencing: repmgr leaves it to scripts of the operator, so an old primary that returns goes on",
    ...postgresql.leftOut,
  ],
  setup: {
    ...postgresql.setup,
    ...{ controllers: 2, usualFailoverMs: 70_000 },
    options: {
      ...postgresql.setup.options,
      failover: {
        ...{ kind: "controller", monitors: 2, quorum: 2, pollMs: 2000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 60_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 1000, maxMs: 5000 },
        reconfigureDelay: 600_000,
        ...{ stonithMs: null, blockMs: 0 },
      },
    },
    clients: {
      ...postgresql.setup.clients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 3000 } },
    },
  },
};
