import type { NodeId, Operation } from "../../core/protocol.ts";
import type { KeyLog } from "./keyLog.ts";

/** What is known of the fate of a write: nothing yet, it is safe, lost, or nobody will know. */
export type Verdict = "none" | "safe" | "lost" | "undecided";

/** How an operation ended as far as the client knows; `void`: its client's machine died. */
export type Ending = "none" | "ok" | "failed" | "indefinite" | "void";

/** An operation that is watched: from its invocation until all is known of it. */
export class TrackedOperation {
  readonly operation: Operation;
  readonly node: NodeId;
  readonly partition: number;
  readonly invokedMs: number;
  /** Whether it was invoked in the measured part of the run. */
  readonly isMeasured: boolean;
  ending: Ending = "none";

  // As the operation was invoked: what was known of its key.
  readonly key: KeyLog;
  /** Acknowledgements so far, of all keys and of its own. */
  readonly acknowledgements: number;
  readonly acknowledgementsOfKey: number;
  /** Newest version that anybody had been told. */
  readonly knownVersion: number;
  /** What its user, on this device or on any, had been told of the key: versions. */
  written = 0;
  read = 0;
  writtenOnDevice = 0;
  readOnDevice = 0;
  required = 0;
  requiredAcross = 0;

  // Of writes: where they stand in the log.
  version = 0;
  acknowledgedMs: number = Number.NaN;
  /** Number of its acknowledgement among all; -1 before. */
  acknowledgement = -1;
  isLogged = false;
  /** The newest leader does not have it. */
  isMissing = false;
  /** Number of the change of leaders that dropped it. */
  failover = -1;
  phantomReads = 0;
  verdict: Verdict = "none";
  /** Of writes: the next one invoked in the partition. */
  next: TrackedOperation | undefined = undefined;

  constructor(
    operation: Operation,
    node: NodeId,
    context: {
      readonly partition: number;
      readonly timeMs: number;
      readonly isMeasured: boolean;
      readonly key: KeyLog;
      readonly acknowledgements: number;
    },
  ) {
    this.operation = operation;
    this.node = node;
    this.partition = context.partition;
    this.invokedMs = context.timeMs;
    this.isMeasured = context.isMeasured;
    this.key = context.key;
    this.acknowledgements = context.acknowledgements;
    this.acknowledgementsOfKey = context.key.count;
    this.knownVersion = context.key.knownVersion;
  }
}
