import { clientTimeout, documented, fromMemory, type Preset, presetClients } from "../preset.ts";
import { redisSentinel } from "./redisSentinel.ts";

/** Redis Cluster: three masters, each with a replica; the masters vote. */
export const redisCluster: Preset = {
  name: "redis-cluster",
  title: "Redis Cluster",
  sources: ["Redis documentation, Cluster specification", "Redis, redis.conf"],
  parameters: [
    documented("cluster-node-timeout", 15_000, "ms", [
      "options.failover.detector.timeoutMs",
      "options.failover.leaderStopsMs",
    ]),
    documented("cluster-replica-validity-factor", 10),
    documented("from failure to promotion beyond the node timeout", "1-2", "s", [
      "options.failover.promoteDelay",
    ]),
    documented("masters that must agree", "2 of 3", "", ["options.failover.quorum"]),
    fromMemory("ping period", 1000, "ms", ["options.failover.pollMs"]),
    documented("appendfsync", "everysec", "", ["options.leaderDurability"]),
    clientTimeout,
  ],
  failover:
    "The node timeout, then 1 to 2 s until the replica of the failed master has the votes of the others.",
  lossBound:
    "What had not reached the replica; a master cut off with clients stops after the node timeout, so at most its writes of that time.",
  leftOut: [
    "votes of the masters: here of three monitors beside them",
    "a cut-off master counts the masters it sees; here it counts the monitors",
    "gossip; migration of slots and of replicas",
  ],
  setup: {
    ...{ replicas: 2, partitions: 3, controllers: 3, usualFailoverMs: 18_000 },
    options: {
      ...redisSentinel.setup.options,
      fencing: { tokens: true, minFollowers: null },
      shipping: { ...redisSentinel.setup.options.shipping, heartbeatMs: 1000 },
      failover: {
        ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 1000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 15_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 1000, maxMs: 2000 },
        reconfigureDelay: { minMs: 0, maxMs: 1000 },
        ...{ stonithMs: null, blockMs: 0, leaderStopsMs: 15_000 },
      },
    },
    clients: presetClients,
  },
};
