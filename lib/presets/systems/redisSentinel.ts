import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { assumed, clientTimeout, documented, type Preset, presetClients } from "../preset.ts";

/** Redis with three Sentinels, as shipped: no write waits for a replica. */
export const redisSentinel: Preset = {
  name: "redis-sentinel",
  title: "Redis with Sentinel",
  sources: ["Redis, src/sentinel.c, sentinel.conf and redis.conf", "Redis documentation, Sentinel"],
  parameters: [
    documented("down-after-milliseconds", 30_000, "ms", ["options.failover.detector.timeoutMs"]),
    documented("ping period", 1000, "ms", ["options.failover.pollMs"]),
    documented("failover-timeout x 2 between attempts", 360_000, "ms", [
      "options.failover.blockMs",
    ]),
    documented("INFO period: an old master is made a replica within", 10_000, "ms", [
      "options.failover.reconfigureDelay",
    ]),
    documented("appendfsync", "everysec", "", ["options.leaderDurability"]),
    documented("min-replicas-to-write", 0, "", ["options.fencing.minFollowers"]),
    documented("min-replicas-max-lag", 10, "s"),
    documented("repl-ping-replica-period", 10, "s", ["options.shipping.heartbeatMs"]),
    documented("repl-backlog-size", "1mb", "", ["options.retention.entries"]),
    documented("parallel-syncs", 1),
    assumed("quorum", "2 of 3 sentinels", "", ["options.failover.quorum"]),
    assumed("from agreement to promotion", "1-2", "s", ["options.failover.promoteDelay"]),
    assumed("clients learn from Sentinel within", "0-1", "s", ["clients.discovery.directoryDelay"]),
    clientTimeout,
  ],
  failover:
    "Silent for 30 s, a quorum of Sentinels agrees, one of them promotes the replica with the most data.",
  lossBound:
    "What had not reached the replica; with clients on the cut-off side everything until the partition heals, unless min-replicas-to-write stops the old master after min-replicas-max-lag.",
  leftOut: [
    "TILT mode; replica priorities; full resynchronisation of all replicas after a failover",
    "memory without fsync: a restarted master is taken to have its data",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 3, usualFailoverMs: 35_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "asynchronous" },
      leaderDurability: "unsynced",
      entryBytes: 100,
      shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 10_000 },
      retention: { ...defaultSingleLeaderOptions.retention, entries: 10_485 },
      fencing: { tokens: false, minFollowers: null },
      failover: {
        ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 1000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 30_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 1000, maxMs: 2000 },
        reconfigureDelay: { minMs: 0, maxMs: 10_000 },
        ...{ stonithMs: null, blockMs: 360_000 },
      },
    },
    clients: {
      ...presetClients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 1000 } },
    },
  },
};
