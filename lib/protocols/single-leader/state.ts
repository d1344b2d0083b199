import type { Effects, NodeId, TimerId } from "../../core/protocol.ts";
import type { FailoverMessages, FailoverState, FailoverTimers } from "./failover/types.ts";
import type { Entry, Observations, ReplicationMessages, Snapshot, Versioned } from "./messages.ts";
import type { ReplicaConfig } from "./options.ts";

/** All messages of the protocol. */
export type Messages = ReplicationMessages & FailoverMessages;

/** All timers of replicas. */
export type Timers = ReplicationTimers & FailoverTimers;

/** Timers of replication. */
export interface ReplicationTimers {
  /** The leader sends a heartbeat to every follower. */
  heartbeat: null;
  /** The leader has collected entries for long enough. */
  batch: null;
  /** A follower may have been silent for too long. */
  resend: null;
  /** A write may have waited for followers for too long. */
  fallBack: null;
  /** The own disk has the log up to here, as it was after so many cuts. */
  logged: { readonly cutCount: number; readonly position: number };
  /** The own disk has a snapshot: the log before it is not needed any more. */
  compacted: { readonly position: number };
  /** The own disk has a snapshot that a leader sent. */
  installed: { readonly epoch: number; readonly snapshot: Snapshot; readonly leader: NodeId };
  /** A batch, by its number, becomes visible to reads. */
  apply: { readonly batch: number };
  /** A read has waited for long enough. */
  readWait: { readonly operation: number; readonly attempt: number };
  /** The leader sends the next part of a snapshot. */
  snapshotPart: { readonly epoch: number; readonly to: NodeId };
}

/** Effects as replicas see them. */
export type ReplicaEffects = Effects<Messages, Timers, Observations>;

/** What the leader knows of a follower. */
export interface Progress {
  readonly node: NodeId;
  /** Newest position that the follower has acknowledged. */
  matched: number;
  /** Newest position that the follower has received; at first assumed. */
  received: number;
  /** Newest position that the follower's disk has. */
  durable: number;
  /** Position to send next. */
  next: number;
  /** When it last answered, by the leader's clock, in ms; `-Infinity`: never. */
  heardMs: number;
  /** Since when the oldest entries under way to it are, by the leader's clock, in ms. */
  sentMs: number;
  /** How often it has said that something before is missing, since it last got further. */
  gapCount: number;
  /**
   * Position before the only message that is sent as long as it is not known where both logs agree, or
   * whether the follower is there at all; -1: it is known.
   */
  probe: number;
  /** What it is sent instead of entries. */
  transfer: Transfer | null;
}

/** A snapshot on its way to a follower. */
export interface Transfer {
  readonly snapshot: Snapshot;
  readonly parts: number;
  readonly partBytes: number;
  /** Part to send next. */
  next: number;
  /** Parts that the follower has without a gap. */
  received: number;
  /** When it last got further, by the leader's clock, in ms. */
  heardMs: number;
  /** How often parts were sent again since it last got further. */
  resendCount: number;
  /** Runs while the next part is being read; 0 if none is. */
  timer: TimerId;
}

/** A write that waits for acknowledgement. */
export interface WaitingWrite {
  readonly position: number;
  readonly operation: number;
  readonly attempt: number;
  readonly client: NodeId;
  /** What the client is told. */
  readonly value: number | null;
  readonly version: number;
  /** When it was accepted, by the leader's clock, in ms. */
  readonly atMs: number;
}

/** What a leader keeps. */
export interface LeaderRole {
  kind: "leader";
  /** By node. */
  progress: Record<NodeId, Progress>;
  /** Writes in the order of their positions; those before `waitingFrom` are answered. */
  waiting: WaitingWrite[];
  waitingFrom: number;
  /** Position of the first entry of its epoch. */
  readonly firstOwnPosition: number;
  /** How many must have a write before it is answered, the leader among them or not. */
  readonly needed: { readonly count: number; readonly isLeaderAmongThem: boolean };
  /** When it began to lead, by its clock, in ms. */
  readonly sinceMs: number;
  /** Newest position that as many have acknowledged as writes wait for. */
  quorumPosition: number;
  /** Newest position that all disks have. */
  settledPosition: number;
  /** Semi-synchronous replication has fallen back. */
  isAsynchronous: boolean;
  /** Too few followers answer: no writes are accepted. */
  isSuspended: boolean;
  /** Position of the first entry that waits for its batch, as long as the timer runs. */
  batchFrom: number;
  heartbeatTimer: TimerId;
  batchTimer: TimerId;
  resendTimer: TimerId;
  fallBackTimer: TimerId;
}

/** What a replica is at the moment; a field exists only when it means something. */
export type Role =
  | LeaderRole
  | {
      kind: "follower";
      /** Who leads, as far as known; -1 if not. */
      leader: NodeId;
      /** When the leader was last heard, by the own clock, in ms. */
      heardMs: number;
    }
  /** Asks for votes (failover by election). */
  | { kind: "candidate" }
  /** Switched off by a controller. */
  | { kind: "stopped" };

/** Entries that become visible to reads together. */
export interface ApplyBatch {
  position: number;
  /** As of when the replica is up to date with it, by the leader's clock, in ms. */
  readonly asOfMs: number;
  isDue: boolean;
}

/** A read that waits until the replica is far enough. */
export interface WaitingRead {
  readonly request: ReplicationMessages["read"];
  readonly client: NodeId;
  readonly timer: TimerId;
}

/** Parts of a snapshot that is being received. */
export interface Reception {
  readonly epoch: number;
  readonly position: number;
  readonly isHere: boolean[];
  /** Parts that are here without a gap. */
  count: number;
}

/** State of a replica. */
export interface ReplicaState {
  readonly self: NodeId;
  readonly config: ReplicaConfig;
  /** The other replicas of the group. */
  readonly peers: readonly NodeId[];
  /** Version of the software that runs. */
  readonly software: number;
  /** Whether this is not the first life of the node. */
  readonly isRestarted: boolean;
  /** Highest epoch seen. Durable. */
  epoch: number;
  /** Entries from `firstPosition` on. Durable after a sync. */
  log: Entry[];
  firstPosition: number;
  /** Epoch of the entry before the first one of the log. */
  baseEpoch: number;
  /** The data as of the entry before the log, or later. Durable. */
  base: Snapshot;
  /** A newer snapshot is being written, which becomes the base. */
  isCompacting: boolean;
  /** How often the end of the log was cut off: what was said about it before means nothing any more. */
  cutCount: number;
  /** Newest position on the own disk. */
  loggedPosition: number;
  /** Newest position up to which the log of a follower is known to agree with its leader's; -1: none. */
  agreedPosition: number;
  /** What came before its turn, by position of the entry before. */
  early: ReplicationMessages["append"][];
  /** Newest position that may be applied. */
  committedPosition: number;
  /** Newest position that reads see. */
  appliedPosition: number;
  /** All replicas have everything up to here on their disks, as far as this one knows. */
  settledPosition: number;
  /** Highest primary key that the log hands out; 0 if none. */
  newestKey: number;
  /** What reads see, by key. */
  rows: Record<number, Versioned>;
  /** Batches that are not yet visible to reads, in the order of the log, and the number of the first. */
  applying: ApplyBatch[];
  applyingFrom: number;
  /** As of when reads were up to date with the leader, by the leader's clock, in ms. */
  asOfMs: number;
  reads: WaitingRead[];
  reception: Reception | null;
  /**
   * `online`; `behind`: has come up again and has not yet caught up; `incomplete`: that, and has no data
   * to speak of, so that it serves no reads.
   */
  standing: "online" | "behind" | "incomplete";
  /** Position that it has to apply to be online; -1: not known before it hears from a leader. */
  onlineAt: number;
  /** It cannot replay the leader's log. */
  isStalled: boolean;
  role: Role;
  /** What the kind of failover keeps. */
  failover: FailoverState;
}

/** Position of the newest entry, 0 if there never was one. */
export function lastPosition(state: ReplicaState): number {
  return state.firstPosition + state.log.length - 1;
}

/** Epoch of the entry at a position at or behind the one before the log; 0 before the first entry of all. */
export function epochAt(state: ReplicaState, position: number): number {
  if (position === state.firstPosition - 1) return state.baseEpoch;
  return state.log[position - state.firstPosition]!.epoch;
}

/** Other replicas of the group. */
export function peersOf(state: ReplicaState): readonly NodeId[] {
  return state.peers;
}

/** Whether the replica believes that it leads. */
export function isLeader(state: ReplicaState): boolean {
  return state.role.kind === "leader";
}
