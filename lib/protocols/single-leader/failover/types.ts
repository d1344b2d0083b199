import type { NodeId, TimerId } from "../../../core/protocol.ts";

/** Messages of failover. */
export interface FailoverMessages {
  requestVote: {
    readonly epoch: number;
    readonly lastPosition: number;
    readonly lastEpoch: number;
  };
  vote: { readonly epoch: number; readonly isGranted: boolean };
}

/** Timers of failover. */
export interface FailoverTimers {
  /** No leader was heard for an election timeout. */
  election: null;
}

/** What a replica keeps for its kind of failover. */
export interface FailoverState {
  /** For whom it voted in its epoch; -1 for nobody. Durable. */
  votedFor: NodeId;
  /** Who voted for it in its epoch. */
  votes: NodeId[];
  /** Runs while no leader is heard. */
  electionTimer: TimerId;
}
