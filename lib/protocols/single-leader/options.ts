import type { Delay } from "../../core/protocol.ts";

/** When the leader answers a write (subject B2). */
export type Acknowledgement =
  /** As soon as its own log has the write. */
  | { readonly kind: "asynchronous" }
  /** When all followers have acknowledged; without any one of them, writes wait. */
  | { readonly kind: "synchronous" }
  /**
   * When `followers` of them have acknowledged. After `timeoutMs` without it the leader goes on
   * asynchronously, until that many followers have caught up; `null`: it waits for ever.
   */
  | {
      readonly kind: "semi-synchronous";
      readonly followers: number;
      readonly timeoutMs: number | null;
    }
  /** When a majority of all replicas, the leader among them, has it, in the leader's own epoch. */
  | { readonly kind: "majority" };

/** How the log travels (B1). */
export interface Shipping {
  /** Most entries in one message. */
  readonly batchEntries: number;
  /** How long the leader collects entries before it sends a batch, in ms. */
  readonly batchDelayMs: number;
  /** Most entries that may be under way to a follower without acknowledgement (flow control). */
  readonly windowEntries: number;
  /** Time between messages to a follower when there is nothing to send, in ms. */
  readonly heartbeatMs: number;
  /** A follower that has not acknowledged for so long is sent everything again, in ms. */
  readonly resendMs: number;
  /** Time from receiving entries to reads seeing them, in ms. */
  readonly applyDelay: Delay;
}

/** What an entry of the log says (B7). */
export type LogFormat =
  /** The statement itself: what is not deterministic comes out differently on each replica. */
  | { readonly kind: "statement"; readonly nondeterministicShare: number }
  /** Changes of the disk's blocks: bound to one version of the software. */
  | { readonly kind: "physical" }
  /** New values of rows. */
  | { readonly kind: "logical" }
  /** Rows written a second time by triggers: each write costs the leader so many times as much. */
  | { readonly kind: "trigger"; readonly writeCostFactor: number };

/** How long the log is kept, and what a follower gets that comes too late (B3, B4). */
export interface Retention {
  /** Entries that the leader keeps behind the newest; `null`: all that any replica may still need. */
  readonly entries: number | null;
  /** Size of a snapshot: fixed part and per key, in bytes. */
  readonly snapshotBytes: number;
  readonly snapshotBytesPerKey: number;
  /** Snapshot bytes that the leader reads and sends in a ms. */
  readonly snapshotBytesPerMs: number;
}

/** How the death of a leader is concluded from silence (J2). */
export type Detector =
  | { readonly kind: "timeout"; readonly timeoutMs: number }
  /**
   * Suspicion grows with the time since the last heartbeat, in units of what is usual for it: phi =
   * -log10 P(a heartbeat comes later than this), from a normal distribution fitted to the last gaps.
   *
   * @see Hayashibara et al., The phi accrual failure detector, SRDS 2004
   */
  | {
      readonly kind: "phi";
      readonly threshold: number;
      readonly windowSize: number;
      readonly minDeviationMs: number;
      /** Added to the mean gap: a pause that is still acceptable. */
      readonly acceptablePauseMs: number;
    };

/** Which follower becomes leader where someone chooses. */
export const choices = ["most-advanced", "first", "random"] as const;

/** Which follower becomes leader where someone chooses. */
export type Choice = (typeof choices)[number];

/** Who notices that the leader is gone and what then happens (B5). */
export type Failover =
  | { readonly kind: "none" }
  /**
   * A majority elects: terms, votes, random timeouts.
   *
   * @see Ongaro and Ousterhout, In search of an understandable consensus algorithm, USENIX ATC 2014, 5.2-5.4
   */
  | {
      readonly kind: "election";
      readonly timeout: { readonly minMs: number; readonly maxMs: number };
      /** Ask whether an election could be won before starting one (dissertation, 9.6). */
      readonly preVote: boolean;
      /** The leader steps down if it has not heard from a majority within an election timeout. */
      readonly checkQuorum: boolean;
    }
  /** The leader keeps a key alive in a store of a majority; whoever gets the key when it runs out leads. */
  | {
      readonly kind: "lease";
      readonly ttlMs: number;
      readonly loopMs: number;
      readonly retryMs: number;
      /** Followers further behind than so many bytes of log, as last published, do not take part. */
      readonly maximumLagBytes: number | null;
      /** From getting the key to accepting writes. */
      readonly promoteDelay: Delay;
      /** A watchdog stops a leader that cannot prove its lease; else a stalled one may go on. */
      readonly watchdog: boolean;
      /** Nodes that keep the key; a majority of them must agree. Absent: 1. */
      readonly storeNodes?: number;
      /** A leader takes its lease to end so long before it does, against clocks that run differently. Absent: 0. */
      readonly safetyMs?: number;
    }
  /** Monitors outside watch the leader, agree that it is gone, and promote a follower. */
  | {
      readonly kind: "controller";
      readonly monitors: number;
      /** Monitors that must agree. */
      readonly quorum: number;
      readonly pollMs: number;
      readonly detector: Detector;
      readonly choose: Choice;
      readonly maximumLagBytes: number | null;
      /** From the decision to the new leader accepting writes. */
      readonly promoteDelay: Delay;
      /** From the promotion until an old leader that is back is told, and the other followers. */
      readonly reconfigureDelay: Delay;
      /** The old leader is switched off before the new one is promoted; takes so long, in ms. */
      readonly stonithMs: number | null;
      /**
       * What follows if nothing confirms that the old leader is off (it is dead, or cut off, and its
       * power switch with it): the failover goes on, or waits. Absent: `proceed`.
       */
      readonly stonithFailure?: "proceed" | "wait";
      /**
       * A leader that was not asked by a majority of the monitors for so long stops accepting writes, in
       * ms (Redis Cluster's node timeout; the primary's stall of Oracle's fast-start failover). Absent:
       * it goes on.
       */
      readonly leaderStopsMs?: number;
      /** No second failover within so long after one, in ms. */
      readonly blockMs: number;
    }
  /** As a controller, but a person decides, `reaction` after the alarm. */
  | {
      readonly kind: "manual";
      readonly detector: Detector;
      readonly pollMs: number;
      readonly reaction: Delay;
      readonly choose: Choice;
    };

/** What keeps a leader that was replaced from doing harm (B6). */
export interface Fencing {
  /** Messages carry the epoch, and replicas and clients refuse older ones; without it nobody looks. */
  readonly tokens: boolean;
  /** The leader stops accepting writes if fewer followers than this answered within `withinMs`. */
  readonly minFollowers: { readonly count: number; readonly withinMs: number } | null;
}

/** What an old leader does with entries that the new one does not have (B6). */
export const returns = ["discards", "keeps"] as const;

/** Everything that can be chosen about replication by one leader. */
export interface SingleLeaderOptions {
  readonly acknowledgement: Acknowledgement;
  /**
   * Whether reads see a write before (`after-commit`: phantom reads of what may yet be lost) or only
   * after (`before-commit`) the followers it waits for have acknowledged.
   */
  readonly waitPoint: "before-commit" | "after-commit";
  /**
   * When a follower acknowledges: on receipt, after its disk, or when reads see the entry. With a
   * majority, nothing is applied before it is committed, and `applied` is as `durable`.
   */
  readonly followerAcknowledges: "received" | "durable" | "applied";
  /** Whether the leader's own disk must have a write before it is answered. */
  readonly leaderDurability: "synced" | "unsynced";
  readonly shipping: Shipping;
  /** Size of a log entry in bytes. */
  readonly entryBytes: number;
  readonly logFormat: LogFormat;
  readonly retention: Retention;
  readonly failover: Failover;
  readonly fencing: Fencing;
  readonly oldLeader: (typeof returns)[number];
}

/** Which replica a read goes to (C5). */
export type ReadRouting =
  | { readonly kind: "leader" }
  /** A random replica each time. */
  | { readonly kind: "any" }
  /** The replica with the smallest delay from the client. */
  | { readonly kind: "nearest" }
  /** Always the same replica for a device, at first a random one, as long as it answers. */
  | { readonly kind: "sticky" }
  /** The user's own keys from the leader, others from any replica; `ownShare` of the keys are own. */
  | { readonly kind: "own-from-leader"; readonly keysPerSession: number }
  /** For so long after a write of the same device from the leader, else from any replica. */
  | { readonly kind: "leader-after-write"; readonly forMs: number }
  /**
   * The session remembers the newest version that it wrote or read; the read goes to any replica, which,
   * if it is behind, waits up to `waitMs`; then the read goes elsewhere.
   */
  | {
      readonly kind: "position";
      readonly waitMs: number;
      readonly otherwise: "leader" | "another";
      /** Whether the devices of a session share what they remember. */
      readonly acrossDevices: boolean;
      /** Whether positions of other partitions, on which a value that was read depends, travel with it. */
      readonly dependencies: boolean;
    }
  /** Any replica; those that were up to date with the leader longer ago refuse: then the leader. */
  | { readonly kind: "bounded-staleness"; readonly maxLagMs: number };

/** How clients behave. */
export interface ClientOptions {
  readonly reads: ReadRouting;
  /** An operation without answer for so long is given up: a write is then indefinite. */
  readonly timeoutMs: number;
  /** From learning that a replica does not lead, or from a timeout, to asking again. */
  readonly retryDelay: Delay;
  /** How often a client asks again for the same operation: only where that cannot write twice. */
  readonly attempts: number;
  /**
   * How clients find the leader: by asking any replica (a redirect), or from a directory that learns
   * of a new leader `directoryDelay` after it leads (DNS, proxy, virtual address).
   */
  readonly discovery:
    | { readonly kind: "redirect" }
    | { readonly kind: "directory"; readonly directoryDelay: Delay };
}

/** The replicas of one partition of the keys; key k belongs to partition k modulo their number. */
export interface ReplicaGroup {
  readonly partition: number;
  /** Their numbers as nodes; the first leads at the start. */
  readonly replicas: readonly number[];
  /** Number of partitions of the keys; absent: 1. Only primary keys that are handed out depend on it. */
  readonly partitionCount?: number;
}

/** What a replica is told at its birth. */
export interface ReplicaConfig {
  readonly group: ReplicaGroup;
  /** Nodes that run the controller or the store of the lease; empty where there are none. */
  readonly controllers: readonly number[];
  readonly options: SingleLeaderOptions;
  /**
   * Version of its software, and the one that it has after an operator has restarted it: a rolling
   * upgrade restarts one replica after the other. Absent: 1 for ever. Only physical logs are bound to it.
   */
  readonly software?: { readonly version: number; readonly afterRestart: number };
  /** Client nodes that a new leader tells that it leads, by way of their directory; absent: none. */
  readonly clients?: readonly number[];
}

/** What a client is told at its birth. */
export interface ClientConfig {
  readonly groups: readonly ReplicaGroup[];
  /** For each group the replicas in the order of their distance from here. */
  readonly nearest: readonly (readonly number[])[];
  readonly options: ClientOptions;
  /**
   * Whether clients refuse answers of an epoch below the highest that they have seen: what
   * `fencing.tokens` asks of them. Absent: they do.
   */
  readonly tokens?: boolean;
  /** Other client nodes at which devices of the same sessions sit; absent: none. */
  readonly siblings?: readonly number[];
}

/** When followers acknowledge, whatever is asked for that cannot be. */
export function acknowledgedWhen({
  acknowledgement,
  followerAcknowledges,
}: SingleLeaderOptions): SingleLeaderOptions["followerAcknowledges"] {
  const waitsForItself = acknowledgement.kind === "majority" && followerAcknowledges === "applied";
  return waitsForItself ? "durable" : followerAcknowledges;
}

/** Asynchronous shipping to followers, without failover: what most systems do unless told otherwise. */
export const defaultSingleLeaderOptions: SingleLeaderOptions = {
  acknowledgement: { kind: "asynchronous" },
  waitPoint: "before-commit",
  followerAcknowledges: "received",
  leaderDurability: "synced",
  shipping: {
    batchEntries: 1000,
    batchDelayMs: 0,
    windowEntries: 10_000,
    heartbeatMs: 100,
    resendMs: 1000,
    applyDelay: 0,
  },
  entryBytes: 200,
  logFormat: { kind: "logical" },
  retention: {
    entries: null,
    snapshotBytes: 1_000_000,
    snapshotBytesPerKey: 200,
    snapshotBytesPerMs: 100_000,
  },
  failover: { kind: "none" },
  fencing: { tokens: true, minFollowers: null },
  oldLeader: "discards",
};

/** Clients that read from the leader and find it by asking. */
export const defaultClientOptions: ClientOptions = {
  reads: { kind: "leader" },
  timeoutMs: 1000,
  retryDelay: 50,
  attempts: 1,
  discovery: { kind: "redirect" },
};
