import type { NodeId, Operation, Outcome } from "../../core/protocol.ts";

/** An entry of the log. Its position is its place in the log, from 1. */
export interface Entry {
  /** Epoch of the leader that made it. */
  readonly epoch: number;
  /** `none`: the first entry of an epoch, which writes nothing. */
  readonly kind: "write" | "insert" | "none";
  readonly key: number;
  readonly value: number | null;
  /** Number of the client operation behind it; -1 if there is none. */
  readonly operation: number;
}

/** What a key holds: value and version of the newest entry for it. */
export interface Versioned {
  readonly value: number | null;
  readonly version: number;
}

/** Messages of replication by one leader; those of failover are in their own file. */
export interface ReplicationMessages {
  /** A client asks a replica. */
  request: {
    readonly operation: Operation;
    /** Number of the attempt, so that a late answer is not taken for that of the next one. */
    readonly attempt: number;
    /** The replica must have applied up to here before it reads; 0: no demand. */
    readonly minPosition: number;
    /** How long it may wait for that, in ms. */
    readonly waitMs: number;
    /** A replica that heard from the leader longer ago refuses, in ms; `null`: no demand. */
    readonly maxLagMs: number | null;
  };
  /** A replica answers a client. */
  reply: {
    readonly operation: number;
    readonly attempt: number;
    /** `refused`: surely nothing was done, ask elsewhere (`leader`, if known). */
    readonly outcome: Outcome | "refused";
    readonly value: number | null;
    readonly version: number;
    /** Newest position that the replica had applied (read) or that the write got. */
    readonly position: number;
    readonly epoch: number;
    /** Who leads as far as the replica knows; -1 if it does not. */
    readonly leader: NodeId;
  };
  /** The leader ships entries; without any it is a heartbeat. */
  append: {
    readonly epoch: number;
    /** Position and epoch of the entry before the first. */
    readonly previousPosition: number;
    readonly previousEpoch: number;
    readonly entries: readonly Entry[];
    /** Newest position that followers may apply. */
    readonly committed: number;
  };
  /** A follower tells how far it is. */
  appended: {
    readonly epoch: number;
    /** Whether the entry before the first was there. If not, `matched` is where to try next. */
    readonly isMatch: boolean;
    /** Newest position up to which its log is known to agree with the leader's, by `followerAcknowledges`. */
    readonly matched: number;
  };
}

/** What a replica tells to whoever watches a run. */
export interface Observations {
  /** From now on the node accepts writes as leader. */
  leads: {
    readonly partition: number;
    readonly epoch: number;
    /** Newest position of its log. */
    readonly lastPosition: number;
    /** Its log: epoch and first position of each run of entries of one epoch, ascending. */
    readonly boundaries: readonly { readonly epoch: number; readonly position: number }[];
  };
  /** From now on the node accepts no writes. */
  yields: { readonly partition: number; readonly epoch: number };
  /** All replicas have everything up to here: it cannot be lost by a failover any more. */
  settled: { readonly partition: number; readonly position: number };
  /** The leader answers a write. */
  acknowledged: {
    readonly partition: number;
    readonly operation: number;
    readonly version: number;
  };
  /** The node threw entries away, from a position on. */
  discarded: {
    readonly partition: number;
    readonly fromPosition: number;
    readonly count: number;
  };
  /** Semi-synchronous replication fell back to asynchronous, or came back. */
  fellBack: { readonly partition: number; readonly isAsynchronous: boolean };
}
