import type { Completion } from "../../core/protocol.ts";
import { Dependencies } from "./dependencies.ts";
import { deviceMarks, MarkTable } from "./sessionMarks.ts";
import type { TrackedOperation } from "./trackedOperation.ts";

/** Hits among operations that could have been hits. */
class Share {
  hits = 0;
  trials = 0;

  count(isHit: boolean): void {
    this.trials++;
    if (isHit) this.hits++;
  }

  reset(): void {
    this.hits = 0;
    this.trials = 0;
  }
}

/**
 * What users notice (subject C2-C4): each share counts violations among the operations in which one
 * could have happened. All compare versions of one key with what the user had been told when the
 * operation was invoked.
 *
 * @see Terry et al., Session Guarantees for Weakly Consistent Replicated Data, PDIS 1994
 */
export class Sessions {
  readonly readYourWrites: Share = new Share();
  readonly readYourWritesAcross: Share = new Share();
  readonly monotonicReads: Share = new Share();
  readonly monotonicReadsAcross: Share = new Share();
  readonly monotonicWrites: Share = new Share();
  readonly consistentPrefix: Share = new Share();
  readonly consistentPrefixAcross: Share = new Share();
  private readonly marks = new MarkTable();
  private readonly dependencies = new Dependencies();
  private readonly partitions: number;
  // The read that is being answered: kept here so that no closure is made for each.
  private session = 0;
  private partition = 0;

  constructor(partitions: number) {
    this.partitions = partitions;
  }

  reset(): void {
    for (const share of Object.values(this)) if (share instanceof Share) share.reset();
    this.marks.reset();
    this.dependencies.reset();
  }

  /** Notes what the user knows of the key as he asks. */
  invoked(tracked: TrackedOperation): void {
    const { id, key, session, device, after = -1 } = tracked.operation;
    this.dependencies.invoked(id, key, after);
    const marks = this.marks.find(session, key);
    if (marks === undefined) return;
    tracked.marks = marks;
    tracked.written = marks.written;
    tracked.read = marks.read;
    tracked.required = marks.required;
    tracked.requiredAcross = marks.requiredAcross;
    const own = marks.devices[device];
    if (own === undefined) return;
    tracked.writtenOnDevice = own.written;
    tracked.readOnDevice = own.read;
  }

  answered(read: TrackedOperation, { value, version }: Completion): void {
    const { operation, isMeasured } = read;
    const { id, key, session, device } = operation;
    this.dependencies.completed(id, version, value ?? -1);
    if (isMeasured) this.judge(read, version);
    const marks = read.marks ?? this.marks.make(session, key);
    const own = deviceMarks(marks, device);
    if (version > marks.read) marks.read = version;
    if (version > own.read) own.read = version;
    if (value === null) return;
    this.session = session;
    this.partition = read.partition;
    this.dependencies.require(value, this.requires);
  }

  acknowledged(write: TrackedOperation, version: number): void {
    const { operation, written, isMeasured } = write;
    const { id, key, session, device } = operation;
    this.dependencies.completed(id, version, id);
    if (isMeasured && written > 0) this.monotonicWrites.count(version < written);
    const marks = write.marks ?? this.marks.make(session, key);
    const own = deviceMarks(marks, device);
    if (version > marks.written) marks.written = version;
    if (version > own.written) own.written = version;
  }

  private judge(read: TrackedOperation, version: number): void {
    const { written, writtenOnDevice, required, requiredAcross } = read;
    if (writtenOnDevice > 0) this.readYourWrites.count(version < writtenOnDevice);
    if (written > writtenOnDevice) this.readYourWritesAcross.count(version < written);
    if (read.readOnDevice > 0) this.monotonicReads.count(version < read.readOnDevice);
    if (read.read > read.readOnDevice) this.monotonicReadsAcross.count(version < read.read);
    if (required > 0) this.consistentPrefix.count(version < required);
    if (requiredAcross > 0) this.consistentPrefixAcross.count(version < requiredAcross);
  }

  private readonly requires = (key: number, version: number): void => {
    const marks = this.marks.make(this.session, key);
    if (version > marks.required) marks.required = version;
    const isAcross = key % this.partitions !== this.partition;
    if (isAcross && version > marks.requiredAcross) marks.requiredAcross = version;
  };
}
