import type { NodeId, TimerId } from "../../../core/protocol.ts";

/** Messages between replicas and the nodes that keep the leader's key. */
export interface LeaseMessages {
  /** A replica asks for the key, or to keep it. */
  leaseRequest: {
    readonly partition: number;
    readonly round: number;
    /** Asks for it in this epoch; who holds it, in that in which it does. */
    readonly epoch: number;
    readonly ttlMs: number;
    /** It holds the key as far as it knows, and only wants to keep it. */
    readonly isHolder: boolean;
    /** Where the asker's log ends, published if it leads; -1: nothing to publish. */
    readonly position: number;
  };
  /** A replica looks at the key. */
  leaseLook: { readonly partition: number; readonly round: number };
  /** A store node's answer to either. */
  leaseAnswer: {
    readonly round: number;
    /** To a request `granted` or `refused`; to a look `free` or `held`. */
    readonly verdict: "granted" | "refused" | "free" | "held";
    /** Highest epoch granted so far. */
    readonly epoch: number;
    /** Where the leader's log ended when it last published. */
    readonly position: number;
  };
  /** A replica gives back what it got of the key, having got too little of it. */
  leaseRelease: { readonly partition: number; readonly epoch: number };
  /** A store node tells the members that the key is gone. */
  leaseGone: { readonly partition: number; readonly epoch: number };
}

/** Timers of replicas that share a key. */
export interface LeaseTimers {
  /** The member goes round its loop: keeps the key, or looks at it. */
  leaseLoop: null;
  /** The time for a question to the store is over. */
  leaseRetryOver: { readonly round: number };
  /** A question has not been answered by enough: it is sent again. */
  leaseResend: { readonly round: number };
  /** The lease is over by the own clock. */
  leaseOver: { readonly validUntilMs: number };
}

/** What a replica keeps for a lease. */
export interface LeaseState {
  readonly kind: "lease";
  /** By the own clock, until when the lease surely holds; `null` without one. */
  validUntilMs: number | null;
  /** Number of the question to the store that is under way or was last. */
  round: number;
  asking: "idle" | "look" | "renew" | "acquire";
  /** By the own clock, when that was first sent. */
  askedMs: number;
  /** Nodes of the store that agreed, and those that did not. */
  grants: NodeId[];
  refusals: NodeId[];
  /** Epoch that is asked for or held. */
  epoch: number;
  /** Highest epoch, and furthest end of the leader's log, heard of from the store. */
  knownEpoch: number;
  leaderPosition: number;
  loopTimer: TimerId;
  retryTimer: TimerId;
  resendTimer: TimerId;
  endTimer: TimerId;
}
