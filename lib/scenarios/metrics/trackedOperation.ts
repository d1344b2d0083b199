import type { NodeId, Operation } from "../../core/protocol.ts";
import type { KeyLog } from "./keyLog.ts";

/** What is known of the fate of a write: nothing yet, it is safe, lost, or nobody will know. */
export type Verdict = "none" | "safe" | "lost" | "undecided";

/** How an operation ended as far as the client knows; `void`: its client's machine died. */
export type Ending = "none" | "ok" | "failed" | "indefinite" | "void";

/** What is known as an operation is invoked. */
export interface Invocation {
  readonly operation: Operation;
  readonly node: NodeId;
  readonly partition: number;
  readonly timeMs: number;
  /** Whether this is in the measured part of the run. */
  readonly isMeasured: boolean;
  readonly key: KeyLog;
  /** Acknowledgements so far, of all keys. */
  readonly acknowledgements: number;
}

/**
 * An operation that is watched: from its invocation until all is known of it. Those of reads are used
 * again for later reads, as most of what is watched are reads, and numbers in new objects cost most.
 */
export class TrackedOperation {
  operation: Operation;
  node: NodeId;
  partition: number;
  invokedMs: number;
  isMeasured: boolean;
  ending: Ending = "none";

  // As the operation was invoked: what was known of its key.
  key: KeyLog;
  /** Acknowledgements so far, of all keys and of its own. */
  acknowledgements: number;
  acknowledgementsOfKey: number;
  /** Newest version that anybody had been told. */
  knownVersion: number;
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

  constructor({
    operation,
    node,
    partition,
    timeMs,
    isMeasured,
    key,
    acknowledgements,
  }: Invocation) {
    this.operation = operation;
    this.node = node;
    this.partition = partition;
    this.invokedMs = timeMs;
    this.isMeasured = isMeasured;
    this.key = key;
    this.acknowledgements = acknowledgements;
    this.acknowledgementsOfKey = key.count;
    this.knownVersion = key.knownVersion;
  }

  /** Makes a read that has ended another one, that begins. */
  readAgain(invocation: Invocation): void {
    const { key } = invocation;
    this.operation = invocation.operation;
    this.node = invocation.node;
    this.partition = invocation.partition;
    this.invokedMs = invocation.timeMs;
    this.isMeasured = invocation.isMeasured;
    this.ending = "none";
    this.key = key;
    this.acknowledgements = invocation.acknowledgements;
    this.acknowledgementsOfKey = key.count;
    this.knownVersion = key.knownVersion;
    this.written = 0;
    this.read = 0;
    this.writtenOnDevice = 0;
    this.readOnDevice = 0;
    this.required = 0;
    this.requiredAcross = 0;
  }
}
