import type { NodeId, OperationKind, Outcome } from "./protocol.ts";

/** One client operation of a run, from its invocation to its completion: what checkers read. */
export interface OperationRecord {
  /** Number of the operation, from 0, in the order of invocation. */
  readonly id: number;
  readonly kind: OperationKind;
  readonly key: number;
  /** Number of the user's session, and of the device within it. */
  readonly session: number;
  readonly device: number;
  /** Node at which the operation was invoked. */
  readonly client: NodeId;
  /** Replica that answered; -1 if none did. */
  readonly servedBy: NodeId;
  /** What was written, or what was read (`null`: nothing written yet); `null` for a read without answer. */
  readonly value: number | null;
  /** Version written or read (see `versionOf`); 0 if not known or never written. */
  readonly version: number;
  readonly invokedMs: number;
  /** `null` if it had not ended when the run did. */
  readonly completedMs: number | null;
  /** An operation without completion is `indefinite`. */
  readonly outcome: Outcome;
}

/** The operations of a run, in the order of invocation. */
export type History = readonly OperationRecord[];
