import type { NodeId, Operation, Outcome } from "../../core/protocol.ts";
import type { FailoverObservations } from "./failover/types.ts";

/** What a key holds: value and version of the newest entry for it. */
export interface Versioned {
  readonly value: number | null;
  readonly version: number;
  /** Versions of other partitions that its writer knew, by partition; `null`: nobody kept track. */
  readonly dependencies: readonly number[] | null;
}

/** An entry of the log. Its position is its place in the log, from 1. */
export interface Entry extends Versioned {
  /** Epoch of the leader that made it. */
  readonly epoch: number;
  /** `none`: the first entry of an epoch, which writes nothing. */
  readonly kind: "write" | "insert" | "none";
  /** Key that it writes; for an insert the primary key that was handed out. */
  readonly key: number;
  /** Number of the client operation behind it; -1 if there is none. */
  readonly operation: number;
  /** Replica whose evaluation of the statement `value` is; others get another. -1: all get the same. */
  readonly evaluatedBy: NodeId;
}

/** The data as of a position of the log. */
export interface Snapshot {
  /** Newest position that it contains, and the epoch of the entry there. */
  readonly position: number;
  readonly epoch: number;
  /** By key. Never changed: whoever goes on from it makes a copy. */
  readonly rows: Readonly<Record<number, Versioned>>;
  readonly rowCount: number;
  /** Highest primary key handed out; 0 if none was. */
  readonly newestKey: number;
}

/** What a client asks a replica, whatever it asks. */
interface Asked {
  readonly operation: Operation;
  /** Number of the attempt, so that a late answer is not taken for that of the next one. */
  readonly attempt: number;
}

/** Messages of replication by one leader; those of failover are in their own file. */
export interface ReplicationMessages {
  /** A client asks a replica for a value. */
  read: Asked & {
    /** Only a leader may answer. */
    readonly mustLead: boolean;
    /** The replica must have applied the log up to this version before it reads; 0: no demand. */
    readonly minVersion: number;
    /** How long it may wait for that, in ms. */
    readonly waitMs: number;
    /** A replica that was up to date with the leader longer ago refuses, in ms; `null`: no demand. */
    readonly maxLagMs: number | null;
  };
  /** A client asks the leader to write or to insert. */
  write: Asked & {
    /** Highest epoch that the client has seen: a leader of an older one refuses. 0: it does not look. */
    readonly epoch: number;
    readonly dependencies: readonly number[] | null;
  };
  /** A replica answers a client. */
  reply: {
    readonly operation: number;
    readonly attempt: number;
    /** `refused`: surely nothing was done, ask elsewhere (`leader`, if known). */
    readonly outcome: Outcome | "refused";
    /** What was read or written; for an insert the primary key handed out. */
    readonly value: number | null;
    /** Version of what was read or written. */
    readonly version: number;
    /** How far the replica had applied the log (read), or the version written. */
    readonly applied: number;
    readonly dependencies: readonly number[] | null;
    readonly epoch: number;
    /** Who leads as far as the replica knows; -1 if it does not. */
    readonly leader: NodeId;
  };
  /** A client asks who leads. Only a leader answers. */
  locate: { readonly partition: number };
  /** A leader tells a client, by way of a directory, that it leads, and since how long. */
  located: { readonly partition: number; readonly epoch: number; readonly sinceMs: number };
  /** A client node tells another what a user of both has seen. */
  remember: { readonly session: number; readonly partition: number; readonly version: number };
  /** The leader ships entries; without any it is a heartbeat. */
  append: {
    readonly epoch: number;
    /** Position and epoch of the entry before the first. */
    readonly previousPosition: number;
    readonly previousEpoch: number;
    readonly entries: readonly Entry[];
    /** Newest position that followers may apply. */
    readonly committed: number;
    /** All replicas have everything up to here on their disks. */
    readonly settled: number;
    /**
     * With these entries a follower that applies all it may is up to date as of this time of the
     * leader's clock, in ms; `-Infinity`: it is not.
     */
    readonly asOfMs: number;
    /** Version of the leader's software. */
    readonly software: number;
  };
  /** A follower tells how far it is. */
  appended: {
    readonly epoch: number;
    /**
     * Whether the entry before the first was there. `gap`: not yet, but all before `received`, with what
     * comes before it under way or lost. `mismatch`: no.
     */
    readonly found: "match" | "gap" | "mismatch";
    /**
     * Newest position up to which its log is known to agree with the leader's; after a mismatch, the
     * position to try next, -1: only a snapshot can help.
     */
    readonly received: number;
    /** As `received`, but up to which it acknowledges (`followerAcknowledges`). */
    readonly matched: number;
    /** As `received`, but up to which its disk has the log. */
    readonly durable: number;
    /** Position before the first entry of the message that this answers; -1: of none. */
    readonly asked: number;
  };
  /** The leader sends a part of a snapshot. */
  snapshot: {
    readonly epoch: number;
    readonly snapshot: Snapshot;
    /** Number of the part, from 0, and how many there are. */
    readonly part: number;
    readonly parts: number;
  };
  /** A follower has these parts of a snapshot: all before `part`. */
  snapshotted: { readonly epoch: number; readonly position: number; readonly part: number };
}

/** What a replica tells to whoever watches a run. */
export interface Observations extends FailoverObservations {
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
  /** The node left the log but not the rows of entries that the new leader does not have. */
  kept: {
    readonly partition: number;
    readonly fromPosition: number;
    readonly count: number;
    /** Keys that it now reads otherwise than the leader. */
    readonly rowCount: number;
  };
  /** Semi-synchronous replication fell back to asynchronous, or came back. */
  fellBack: { readonly partition: number; readonly isAsynchronous: boolean };
  /** The leader accepts no writes because too few followers answer, or accepts them again. */
  suspended: { readonly partition: number; readonly isSuspended: boolean };
  /** A replica that had come up again has caught up with what the leader then had committed. */
  online: { readonly partition: number; readonly position: number };
  /** The leader begins to send a snapshot, which takes so many bytes. */
  snapshotSent: {
    readonly partition: number;
    readonly to: NodeId;
    readonly position: number;
    readonly bytes: number;
  };
  /** The follower cannot replay the leader's log, of another software version, or can again. */
  stalled: { readonly partition: number; readonly isStalled: boolean };
}
