import type { NodeId, TimerId } from "../../../core/protocol.ts";
import type { ControllerMessages, MonitoredState, PromotionTimers } from "./controllerTypes.ts";
import type { LeaseMessages, LeaseState, LeaseTimers } from "./leaseTypes.ts";

/** Messages of failover: between replicas, and between them and controllers. */
export interface FailoverMessages extends ElectionMessages, LeaseMessages, ControllerMessages {}

/** Messages of an election (Raft 5.2, RequestVote RPC; dissertation 9.6). */
export interface ElectionMessages {
  /** A candidate asks for a vote in its epoch, or whether it would get one in `epoch`. */
  requestVote: VoteRequest;
  requestPreVote: VoteRequest;
  vote: { readonly epoch: number; readonly isGranted: boolean };
  /** `epoch`: of the request if granted, else of whoever refuses. */
  preVote: { readonly epoch: number; readonly isGranted: boolean };
}

/** What a voter is told of a candidate: epochs, and where the candidate's log ends. */
export interface VoteRequest {
  readonly epoch: number;
  readonly lastPosition: number;
  readonly lastEpoch: number;
}

/** Timers of failover. */
export interface FailoverTimers extends LeaseTimers, PromotionTimers {
  /** No leader was heard for an election timeout. */
  election: null;
  /** The candidate's epoch and its own vote are durable. */
  candidacy: { readonly epoch: number };
  /** What a voter answers is durable. */
  voted: { readonly epoch: number; readonly candidate: NodeId; readonly isGranted: boolean };
  /** The leader looks whether it has heard from a majority. */
  quorumCheck: { readonly epoch: number };
}

/** What failover tells to whoever watches a run, beyond `leads` and `yields`. */
export interface FailoverObservations {
  /** A replica or a monitor holds the leader for dead. */
  suspects: { readonly partition: number; readonly leader: NodeId };
  /** It is wrong: the leader was heard again. */
  trusts: { readonly partition: number; readonly leader: NodeId };
  /** Enough agree that the leader is dead: a new one is looked for, in an epoch if it is known. */
  detected: { readonly partition: number; readonly leader: NodeId; readonly epoch: number };
  /** A replica asks for votes in an epoch. */
  candidacy: { readonly partition: number; readonly epoch: number };
  /** A vote that is durable. */
  voted: { readonly partition: number; readonly epoch: number; readonly candidate: NodeId };
  /** A replica was chosen as the new leader by whoever decides. */
  chosen: { readonly partition: number; readonly leader: NodeId; readonly epoch: number };
  /** A new leader was told that it leads, and said that it does. */
  promoted: { readonly partition: number; readonly leader: NodeId; readonly epoch: number };
  /** Nobody may become leader. */
  noCandidate: { readonly partition: number; readonly epoch: number };
  /** A replica was switched off. */
  switchedOff: { readonly partition: number };
}

/** What a replica keeps for its kind of failover; a field exists only when it means something. */
export type FailoverState = NoFailoverState | ElectionState | LeaseState | MonitoredState;

/** Nobody ever takes over. */
export interface NoFailoverState {
  readonly kind: "none";
}

/** What a replica keeps for elections. */
export interface ElectionState {
  readonly kind: "election";
  /** For whom it voted in its epoch; -1 for nobody. Durable. */
  votedFor: NodeId;
  /** Who voted for it in its epoch. */
  votes: NodeId[];
  /** Who would vote for it in the next epoch; empty: it does not ask. */
  preVotes: NodeId[];
  /** Runs while no leader is heard. */
  electionTimer: TimerId;
  checkTimer: TimerId;
}
