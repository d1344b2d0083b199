import type { Completion } from "../../core/protocol.ts";
import { Dependencies } from "./dependencies.ts";
import { anyDevice, MarkTable, marks } from "./markTable.ts";
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
  private readonly table = new MarkTable();
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
    this.table.reset();
    this.dependencies.reset();
  }

  /** Notes what the user knows of the key as he asks. */
  invoked(tracked: TrackedOperation): void {
    const { id, key, session, device, after = -1 } = tracked.operation;
    this.dependencies.invoked(id, key, after);
    const { table } = this;
    const at = table.find(session, anyDevice, key);
    if (at < 0) return;
    const { rows } = table;
    tracked.written = rows[at + marks.written]!;
    tracked.read = rows[at + marks.read]!;
    tracked.required = rows[at + marks.required]!;
    tracked.requiredAcross = rows[at + marks.requiredAcross]!;
    const own = table.find(session, device, key);
    if (own < 0) return;
    tracked.writtenOnDevice = table.rows[own + marks.written]!;
    tracked.readOnDevice = table.rows[own + marks.read]!;
  }

  answered(read: TrackedOperation, { value, version }: Completion): void {
    const { operation, isMeasured } = read;
    const { id, key, session, device } = operation;
    this.dependencies.completed(id, version, value ?? -1);
    if (isMeasured) this.judge(read, version);
    this.raise(session, anyDevice, key, marks.read, version);
    this.raise(session, device, key, marks.read, version);
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
    this.raise(session, anyDevice, key, marks.written, version);
    this.raise(session, device, key, marks.written, version);
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
    this.raise(this.session, anyDevice, key, marks.required, version);
    const isAcross = key % this.partitions !== this.partition;
    if (isAcross) this.raise(this.session, anyDevice, key, marks.requiredAcross, version);
  };

  private raise(
    session: number,
    device: number,
    key: number,
    mark: (typeof marks)[keyof typeof marks],
    version: number,
  ): void {
    const at = this.table.make(session, device, key) + mark;
    if (version > this.table.rows[at]!) this.table.rows[at] = version;
  }
}
