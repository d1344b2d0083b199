import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { assumed, clientTimeout, documented, type Preset, presetClients } from "../preset.ts";

/** One Kafka partition with three copies; acks=all waits for the replicas that are in sync. */
export const kafka: Preset = {
  name: "kafka",
  title: "Apache Kafka, acks=all",
  sources: [
    "Apache Kafka trunk of October 2024 (1eb7644349c): ProducerConfig, ServerLogConfigs, ReplicationConfigs, KRaftConfigs, QuorumConfig, LogConfig",
    "Apache Kafka, docs/design.html",
  ],
  parameters: [
    documented("acks", "all", "", ["options.acknowledgement.kind"]),
    documented("default.replication.factor", "1 by default; 3 here", "", ["replicas"]),
    documented("min.insync.replicas", 1),
    documented("replica.lag.time.max.ms", 30_000, "ms", ["options.acknowledgement.timeoutMs"]),
    documented("unclean.leader.election.enable", false),
    documented("broker.session.timeout.ms", 9000, "ms", [
      "options.failover.detector.timeoutMs",
      "options.failover.leaderStopsMs",
    ]),
    documented("broker.heartbeat.interval.ms", 2000, "ms", ["options.failover.pollMs"]),
    documented("replica.fetch.wait.max.ms", 500, "ms", ["options.shipping.heartbeatMs"]),
    documented("log.flush.interval.messages", "never", "", [
      "options.leaderDurability",
      "options.followerAcknowledges",
    ]),
    assumed("choice of the new leader and its publication", "10-100", "ms", [
      "options.failover.promoteDelay",
    ]),
    clientTimeout,
  ],
  failover:
    "A broker is fenced 9 s after its last heartbeat; the controller makes another in-sync replica leader.",
  lossBound:
    "Nothing while one in-sync replica lives; with min.insync.replicas=1 the leader may be the only one, and what it acknowledged alone is lost with its disk.",
  leftOut: [
    "in-sync replicas are those that acknowledged within replica.lag.time.max.ms: acks=all waits for all of them, here for the faster of two followers, or after that time for none",
    "the controller must agree before a replica leaves the set: here a leader that it cannot reach stops",
    "followers pull: here the leader pushes",
    "unclean elections; several brokers' partitions on one machine",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 3, usualFailoverMs: 12_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: 30_000 },
      leaderDurability: "unsynced",
      followerAcknowledges: "received",
      shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 500 },
      failover: {
        ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 2000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 9000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 10, maxMs: 100 },
        reconfigureDelay: { minMs: 0, maxMs: 2000 },
        ...{ stonithMs: null, blockMs: 0, leaderStopsMs: 9000 },
      },
    },
    clients: presetClients,
  },
};
