import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import {
  assumed,
  clientTimeout,
  documented,
  fromMemory,
  type Preset,
  presetClients,
} from "../preset.ts";

/** Amazon RDS Multi-AZ with one standby in another zone. */
export const rdsMultiAz: Preset = {
  name: "rds-multi-az",
  title: "Amazon RDS Multi-AZ",
  sources: ["Amazon RDS documentation, Multi-AZ failover"],
  parameters: [
    documented("failover time", "60-120", "s"),
    documented("replication", "synchronous storage", "", ["options.acknowledgement.kind"]),
    assumed("it goes on without a standby that is silent for", 10, "s", [
      "options.acknowledgement.timeoutMs",
    ]),
    assumed("share of it until the failure is noticed", 10, "s", [
      "options.failover.detector.timeoutMs",
    ]),
    assumed("share of it for recovery of the standby", "45-100", "s", [
      "options.failover.promoteDelay",
    ]),
    assumed("a primary that is cut off from the service stops after", 10, "s", [
      "options.failover.leaderStopsMs",
    ]),
    fromMemory("time to live of the DNS name", 5, "s", ["clients.discovery.directoryDelay"]),
    clientTimeout,
  ],
  failover: "Usually 60 to 120 s, most of it recovery of the standby; the name then points to it.",
  lossBound: "Nothing: the standby has every block before a commit is answered.",
  leftOut: ["replication of blocks instead of log; causes of a failover other than a dead primary"],
  setup: {
    ...{ replicas: 2, partitions: 1, controllers: 1, usualFailoverMs: 120_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: 10_000 },
      followerAcknowledges: "durable",
      logFormat: { kind: "physical" },
      failover: {
        ...{ kind: "controller", monitors: 1, quorum: 1, pollMs: 1000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 10_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 45_000, maxMs: 100_000 },
        reconfigureDelay: { minMs: 0, maxMs: 5000 },
        ...{ stonithMs: 1000, blockMs: 0, leaderStopsMs: 10_000 },
      },
    },
    clients: {
      ...presetClients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 5000 } },
    },
  },
};
