import type { Completion, NodeId } from "../../core/protocol.ts";
import type { Freshness } from "./freshness.ts";
import type { LogDescription } from "./logDescription.ts";
import { type LedgerEvents, type LedgerLimits, LossLedger } from "./lossLedger.ts";
import type { TrackedOperation } from "./trackedOperation.ts";

/** Indefinite writes without an entry that are waited for. */
const waitingCount = 65_536;

/** First and last acknowledgement of the writes that one change of leaders lost, in ms. */
interface LossWindow {
  firstMs: number;
  lastMs: number;
}

/**
 * What became of writes: those acknowledged to the client and lost, those of which the client knows
 * nothing, and reads of what was lost later.
 */
export class LossAccounts implements LedgerEvents {
  acknowledgedCount = 0;
  lostCount = 0;
  undecidedCount = 0;
  /** Writes that the client does not know to have happened or not, and those of which we know. */
  indefiniteCount = 0;
  resolvedCount = 0;
  survivedCount = 0;
  phantomReadCount = 0;
  /** Reads of writes that remain undecided. */
  undecidedReadCount = 0;
  /** By number of the change of leaders; only such as lost something. */
  readonly windows: Map<number, LossWindow> = new Map();
  private failoverCount = 0;
  /** The protocol tells of entries as they are made, so that a write without one did not happen. */
  private tellsEntries = false;
  private waiting: TrackedOperation[] = [];
  private readonly ledgers: readonly LossLedger[];
  private readonly tracked: Map<number, TrackedOperation>;
  private readonly freshness: Freshness;

  constructor(
    partitions: number,
    limits: LedgerLimits,
    tracked: Map<number, TrackedOperation>,
    freshness: Freshness,
  ) {
    this.ledgers = Array.from({ length: partitions }, () => new LossLedger(this, limits));
    this.tracked = tracked;
    this.freshness = freshness;
  }

  reset(): void {
    this.acknowledgedCount = 0;
    this.lostCount = 0;
    this.undecidedCount = 0;
    this.indefiniteCount = 0;
    this.resolvedCount = 0;
    this.survivedCount = 0;
    this.phantomReadCount = 0;
    this.undecidedReadCount = 0;
    this.windows.clear();
    this.failoverCount = 0;
    this.tellsEntries = false;
    this.waiting = [];
    for (const ledger of this.ledgers) ledger.reset();
  }

  /** Whether it can be told what is lost: somebody has said that he leads. */
  get isFollowing(): boolean {
    return this.ledgers.some((ledger) => ledger.log !== undefined);
  }

  leads(partition: number, log: LogDescription): void {
    this.failoverCount++;
    this.ledgers[partition]!.leads(log, this.failoverCount);
  }

  /** A leader tells of the entry of a write, as it makes it (`isNew`) or as it acknowledges it. */
  logged(operation: number, version: number, node: NodeId, isNew: boolean): void {
    if (isNew) this.tellsEntries = true;
    const write = this.tracked.get(operation);
    if (write === undefined) return;
    this.ledgers[write.partition]!.logged(write, version, node);
  }

  settled(partition: number, node: NodeId, position: number): void {
    this.ledgers[partition]!.settled(node, position);
  }

  /** The client knows how its write ended, or will never know. */
  ended(write: TrackedOperation, version: number): void {
    const ledger = this.ledgers[write.partition]!;
    if (write.ending === "ok") {
      if (write.isMeasured) this.acknowledgedCount++;
      if (version > 0 && !write.isLogged) ledger.logged(write, version, -1);
    } else if (write.isMeasured && write.ending !== "failed") this.indefiniteCount++;
    if (write.verdict !== "none") this.account(write);
    else if (!write.isLogged) this.wait(write);
  }

  /** A read found the value of a write that may yet be lost. */
  seen(read: TrackedOperation, { value, version }: Completion): void {
    if (value === null) return;
    const write = this.tracked.get(value);
    if (write === undefined || write.partition !== read.partition) return;
    if (!write.isLogged && version > 0) {
      this.ledgers[write.partition]!.logged(write, version, -1);
    }
    if (read.isMeasured) write.phantomReads++;
  }

  dropped(write: TrackedOperation): void {
    if (write.acknowledgement >= 0) write.key.drop(write.version);
  }

  restored(write: TrackedOperation): void {
    if (write.acknowledgement >= 0) this.freshness.restored(write);
  }

  decided(write: TrackedOperation): void {
    if (write.verdict === "lost") this.phantomReadCount += write.phantomReads;
    if (write.verdict === "undecided") this.undecidedReadCount += write.phantomReads;
    if (write.ending !== "none") this.account(write);
  }

  /** @param isLed by partition: whether somebody leads as the run ends */
  runEnded(isLed: readonly boolean[]): void {
    for (const [partition, ledger] of this.ledgers.entries()) ledger.end(isLed[partition]!);
    for (const write of this.tracked.values()) {
      if (write.operation.kind === "read") continue;
      if (write.ending === "none") {
        write.ending = "indefinite";
        if (write.isMeasured) this.indefiniteCount++;
      }
      this.account(write);
    }
    this.tracked.clear();
    if (this.ledgers.some(({ isBroken }) => isBroken)) {
      this.undecidedCount++;
      this.undecidedReadCount++;
    }
  }

  /** All is known of a write. */
  private account(write: TrackedOperation): void {
    this.tracked.delete(write.operation.id);
    if (!write.isMeasured) return;
    const { ending, verdict } = write;
    if (ending === "ok") {
      if (verdict === "undecided") this.undecidedCount++;
      if (verdict === "lost") this.lose(write);
    } else if (ending !== "failed") {
      const isKnown = write.isLogged ? verdict !== "undecided" : this.tellsEntries;
      if (isKnown) this.resolvedCount++;
      if (isKnown && verdict === "safe") this.survivedCount++;
    }
  }

  private lose({ failover, acknowledgedMs }: TrackedOperation): void {
    this.lostCount++;
    const window = this.windows.get(failover);
    if (window === undefined) {
      this.windows.set(failover, { firstMs: acknowledgedMs, lastMs: acknowledgedMs });
      return;
    }
    window.firstMs = Math.min(window.firstMs, acknowledgedMs);
    window.lastMs = Math.max(window.lastMs, acknowledgedMs);
  }

  /** The client gave up, but the entry may still be made: late ones are forgotten. */
  private wait(write: TrackedOperation): void {
    if (write.ending === "ok" || write.ending === "failed") {
      this.account(write);
      return;
    }
    this.waiting.push(write);
    if (this.waiting.length < 2 * waitingCount) return;
    for (const each of this.waiting.slice(0, waitingCount)) {
      if (!each.isLogged) this.account(each);
    }
    this.waiting = this.waiting.slice(waitingCount);
  }
}
