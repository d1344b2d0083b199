import {
  defaultSingleLeaderOptions,
  type SingleLeaderOptions,
} from "../../protocols/single-leader/options.ts";
import {
  assumed,
  clientTimeout,
  documented,
  fromMemory,
  type Preset,
  presetClients,
} from "../preset.ts";

const elected: SingleLeaderOptions = {
  ...defaultSingleLeaderOptions,
  acknowledgement: { kind: "majority" },
  followerAcknowledges: "durable",
  leaderDurability: "synced",
};

/** Options of a group that elects its leader by majority. */
function electedWithin(
  minMs: number,
  maxMs: number,
  heartbeatMs: number,
  preVote: boolean,
): SingleLeaderOptions {
  return {
    ...elected,
    shipping: { ...elected.shipping, heartbeatMs },
    failover: { kind: "election", timeout: { minMs, maxMs }, preVote, checkQuorum: true },
  };
}

/** Five etcd members. */
export const etcd: Preset = {
  name: "etcd",
  title: "etcd",
  sources: ["etcd, server/embed/config.go (commit c34dc7ee0)", "etcd-io/raft, raft.go"],
  parameters: [
    documented("heartbeat-interval", 100, "ms", ["options.shipping.heartbeatMs"]),
    documented("election-timeout", 1000, "ms", ["options.failover.timeout.minMs"]),
    documented("randomised election timeout, at most", 2000, "ms", [
      "options.failover.timeout.maxMs",
    ]),
    documented("pre-vote", true, "", ["options.failover.preVote"]),
    fromMemory("check quorum", true, "", ["options.failover.checkQuorum"]),
    clientTimeout,
  ],
  failover: "One to two election timeouts of silence, then one round of votes.",
  lossBound: "No committed write is lost.",
  leftOut: [
    "timeouts in ticks of 100 ms; reads by index or lease; learners and changes of members",
  ],
  setup: {
    ...{ replicas: 5, partitions: 1, controllers: 0, usualFailoverMs: 2500 },
    options: electedWithin(1000, 2000, 100, true),
    clients: presetClients,
  },
};

/** Three Consul servers with the default multiplier of 5. */
export const consul: Preset = {
  name: "consul",
  title: "Consul",
  sources: [
    "hashicorp/raft, config.go and util.go",
    "Consul, agent/consul/config.go (raft_multiplier 5)",
  ],
  parameters: [
    documented("HeartbeatTimeout x raft_multiplier", 5000, "ms", [
      "options.failover.timeout.minMs",
    ]),
    documented("its random timeout, at most", 10_000, "ms", ["options.failover.timeout.maxMs"]),
    documented("LeaderLeaseTimeout x raft_multiplier", 2500, "ms"),
    documented("CommitTimeout", 50, "ms"),
    fromMemory("heartbeats, a tenth of the heartbeat timeout", 500, "ms", [
      "options.shipping.heartbeatMs",
    ]),
    fromMemory("pre-vote", true, "", ["options.failover.preVote"]),
    clientTimeout,
  ],
  failover: "A follower waits 5 to 10 s for the leader, then asks for votes.",
  lossBound:
    "No committed write is lost; reads in default mode may be stale until the lease runs out.",
  leftOut: [
    "the leader's lease of 2.5 s: here it steps down after an election timeout",
    "autopilot",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 10_500 },
    options: electedWithin(5000, 10_000, 500, true),
    clients: presetClients,
  },
};

/** Three ZooKeeper servers. */
export const zookeeper: Preset = {
  name: "zookeeper",
  title: "ZooKeeper",
  sources: ["ZooKeeper, conf/zoo_sample.cfg", "ZooKeeper, FastLeaderElection.java"],
  parameters: [
    documented("tickTime", 2000, "ms"),
    documented("syncLimit x tickTime", 10_000, "ms", ["options.failover.timeout.minMs"]),
    documented("initLimit", 10, "ticks"),
    documented("fast leader election, wait for more votes", 200, "ms"),
    assumed("syncLimit and that wait", 10_200, "ms", ["options.failover.timeout.maxMs"]),
    fromMemory("the leader's pings, every half tick", 1000, "ms", ["options.shipping.heartbeatMs"]),
    clientTimeout,
  ],
  failover: "Followers miss the leader for at most syncLimit ticks, then vote for at least 200 ms.",
  lossBound: "No committed write is lost.",
  leftOut: [
    "Zab's election, in which the longest log wins at once: here random timeouts 200 ms wide stand for it",
    "closed connections, which tell a follower sooner; observers; sessions",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 11_000 },
    options: electedWithin(10_000, 10_200, 1000, false),
    clients: presetClients,
  },
};

/** One range of CockroachDB with three copies. */
export const cockroachdb: Preset = {
  name: "cockroachdb",
  title: "CockroachDB, one range",
  sources: ["CockroachDB, issue 79494 (2022)", "CockroachDB documentation v20.1, Follower Reads"],
  parameters: [
    documented("Raft election timeout, at least", 3000, "ms", ["options.failover.timeout.minMs"]),
    documented("Raft election timeout, at most", 6000, "ms", ["options.failover.timeout.maxMs"]),
    documented("range lease", 9, "s"),
    documented("staleness of follower reads", 4.8, "s"),
    fromMemory("heartbeat", 1000, "ms", ["options.shipping.heartbeatMs"]),
    clientTimeout,
  ],
  failover: "The longer of an election (3 to 6 s of silence) and the end of the range lease (9 s).",
  lossBound: "No committed write is lost.",
  leftOut: [
    "the range lease beside the Raft leader, which can hold a new leader back until 9 s",
    "timeouts in ticks of 200 ms; transactions over ranges",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 7000 },
    options: electedWithin(3000, 6000, 1000, true),
    clients: presetClients,
  },
};

/** The transaction system of FoundationDB, reduced to one replicated log. */
export const foundationdb: Preset = {
  name: "foundationdb",
  title: "FoundationDB",
  sources: ["FoundationDB, ServerKnobs.cpp and flow/Knobs.cpp (commit c0c44752df)"],
  parameters: [
    documented("MASTER_FAILURE_REACTION_TIME", 400, "ms", ["options.failover.timeout.minMs"]),
    documented("TLOG_TIMEOUT", 0.4, "s"),
    documented("CC_INTERFACE_TIMEOUT", 10, "s"),
    assumed("reaction, at most", 800, "ms", ["options.failover.timeout.maxMs"]),
    assumed("heartbeat", 100, "ms", ["options.shipping.heartbeatMs"]),
    clientTimeout,
  ],
  failover: "Reaction in under a second, then recovery of the transaction system.",
  lossBound: "No committed transaction is lost.",
  leftOut: [
    "recovery of the transaction system: coordinators, recruitment, a new generation of logs",
    "all logs must acknowledge a commit, and a failed one is replaced: here a majority",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 1500 },
    options: electedWithin(400, 800, 100, true),
    clients: presetClients,
  },
};

/** MySQL Group Replication in single-primary mode. */
export const groupReplication: Preset = {
  name: "mysql-group-replication",
  title: "MySQL Group Replication, single primary",
  sources: ["MySQL 8.4 reference manual, 20.7.7.1", "MySQL, WL#13773"],
  parameters: [
    documented("detection period and member_expel_timeout", 10_000, "ms", [
      "options.failover.timeout.minMs",
    ]),
    assumed("from expulsion to the new primary, at most", 500, "ms"),
    assumed("longest wait of a member", 10_500, "ms", ["options.failover.timeout.maxMs"]),
    assumed("heartbeat", 1000, "ms", ["options.shipping.heartbeatMs"]),
    clientTimeout,
  ],
  failover:
    "A silent member is suspected after 5 s and expelled after another 5 s; then the group elects.",
  lossBound: "Nothing that the group has certified is lost.",
  leftOut: [
    "certification, which may abort a transaction instead of ordering it",
    "consistency levels of reads; the multi-primary mode",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 11_500 },
    options: { ...electedWithin(10_000, 10_500, 1000, false), followerAcknowledges: "received" },
    clients: presetClients,
  },
};

/** Galera Cluster with all writes on one node. */
export const galera: Preset = {
  name: "galera",
  title: "Galera Cluster, one writer",
  sources: ["Galera documentation, galera-parameters.rst"],
  parameters: [
    documented("evs.suspect_timeout", 5000, "ms", ["options.failover.timeout.minMs"]),
    documented("evs.inactive_timeout", 15, "s"),
    documented("evs.keepalive_period", 1000, "ms", ["options.shipping.heartbeatMs"]),
    documented("evs.install_timeout", 7500, "ms"),
    documented("pc.ignore_sb", false),
    documented("repl.causal_read_timeout", 30, "s"),
    assumed("agreement on the new component, at most", 6000, "ms", [
      "options.failover.timeout.maxMs",
    ]),
    clientTimeout,
  ],
  failover: "A silent node is suspected after 5 s; if all others agree, they go on without it.",
  lossBound: "Nothing in the primary component; a minority refuses writes.",
  leftOut: [
    "writes on several nodes and their certification conflicts: a model of several leaders has them",
    "a write is ordered by all members, and one that is gone holds writes up until it is evicted: here a majority",
    "flow control",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 7000 },
    options: { ...electedWithin(5000, 6000, 1000, false), followerAcknowledges: "received" },
    clients: presetClients,
  },
};
