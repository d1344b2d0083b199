import type { Effects, NodeId, TimerId } from "../../core/protocol.ts";
import type { FailoverMessages, FailoverState, FailoverTimers } from "./failover/types.ts";
import type { Entry, Observations, ReplicationMessages, Versioned } from "./messages.ts";
import type { ReplicaConfig } from "./options.ts";

/** All messages of the protocol. */
export type Messages = ReplicationMessages & FailoverMessages;

/** All timers of replicas. */
export type Timers = ReplicationTimers & FailoverTimers;

/** Timers of replication. */
export interface ReplicationTimers {
  /** The leader sends what followers do not have yet, or a heartbeat. */
  ship: null;
  /** The leader's own disk has the log up to here. */
  logged: { readonly epoch: number; readonly position: number };
  /** The follower's disk has the log up to here. */
  stored: { readonly epoch: number; readonly position: number; readonly leader: NodeId };
  /** Entries up to here become visible to reads. */
  apply: { readonly epoch: number; readonly position: number };
}

/** Effects as replicas see them. */
export type ReplicaEffects = Effects<Messages, Timers, Observations>;

/** What the leader knows of a follower. */
export interface Progress {
  /** Newest position that the follower has acknowledged. */
  matched: number;
  /** Position to send next. */
  next: number;
  /** When it last answered, by the leader's clock, in ms. */
  heardMs: number;
  /** When entries were last sent to it, by the leader's clock, in ms. */
  sentMs: number;
}

/** A write that waits for acknowledgement. */
export interface WaitingWrite {
  readonly position: number;
  readonly operation: number;
  readonly attempt: number;
  readonly client: NodeId;
  readonly atMs: number;
}

/** What a replica is at the moment; a field exists only when it means something. */
export type Role =
  | {
      kind: "leader";
      /** By node, in the order of the group. */
      progress: Record<NodeId, Progress>;
      waiting: WaitingWrite[];
      shipTimer: TimerId;
    }
  | {
      kind: "follower";
      /** Who leads, as far as known; -1 if not. */
      leader: NodeId;
      /** When the leader was last heard, by the own clock, in ms. */
      heardMs: number;
    }
  /** Asks for votes (failover by election). */
  | { kind: "candidate" }
  /** Stopped for good: switched off by a controller, or a physical log that it cannot read. */
  | { kind: "stopped" };

/** State of a replica. */
export interface ReplicaState {
  readonly self: NodeId;
  readonly config: ReplicaConfig;
  /** Highest epoch seen. Durable. */
  epoch: number;
  /** Entries from `firstPosition` on. Durable after a sync. */
  log: Entry[];
  firstPosition: number;
  /** Epoch of the entry before the first one of the log. */
  baseEpoch: number;
  /** Newest position on the own disk. */
  loggedPosition: number;
  /** Newest position that may be applied. */
  committedPosition: number;
  /** Newest position that reads see. */
  appliedPosition: number;
  /** What reads see, by key. */
  rows: Record<number, Versioned>;
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
  return state.config.group.replicas.filter((node) => node !== state.self);
}

/** Whether the replica believes that it leads. */
export function isLeader(state: ReplicaState): boolean {
  return state.role.kind === "leader";
}
