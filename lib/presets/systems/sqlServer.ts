import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import {
  assumed,
  clientTimeout,
  documented,
  fromMemory,
  type Preset,
  presetClients,
} from "../preset.ts";

/** SQL Server Always On availability group with two synchronous secondaries. */
export const sqlServer: Preset = {
  name: "sql-server-ag",
  title: "SQL Server Always On availability group",
  sources: [
    "Microsoft documentation, session timeout of an availability replica",
    "Microsoft documentation, HealthCheckTimeout",
  ],
  parameters: [
    documented("session timeout", 10, "s", ["options.acknowledgement.timeoutMs"]),
    documented("HealthCheckTimeout", 30_000, "ms", ["options.failover.detector.timeoutMs"]),
    fromMemory("lease timeout", 20_000, "ms", ["options.failover.leaderStopsMs"]),
    assumed("check of the cluster", 1, "s", ["options.failover.pollMs"]),
    assumed("from decision to the new primary", "2-10", "s", ["options.failover.promoteDelay"]),
    clientTimeout,
  ],
  failover:
    "The session is lost after 10 s, health after 30 s; the cluster then makes a synchronised secondary primary.",
  lossBound:
    "Nothing with synchronous commit while synchronised; with asynchronous commit the send queue.",
  leftOut: [
    "a broken connection tells a new primary at once that its old one is gone: here it waits out the session timeout, 10 s",
    "a secondary that leaves the synchronised state is not eligible: here a fall-back to asynchronous",
    "the lease between instance and cluster; votes and witness of the cluster",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 3, usualFailoverMs: 42_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "semi-synchronous", followers: 2, timeoutMs: 10_000 },
      followerAcknowledges: "durable",
      logFormat: { kind: "physical" },
      failover: {
        ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 1000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 30_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 2000, maxMs: 10_000 },
        reconfigureDelay: { minMs: 0, maxMs: 5000 },
        ...{ stonithMs: null, blockMs: 0, leaderStopsMs: 20_000 },
      },
    },
    clients: {
      ...presetClients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 5000 } },
    },
  },
};
