import { epochOf, type NodeId, positionOf } from "../../core/protocol.ts";
import { isInLog, type LogDescription } from "./logDescription.ts";
import type { TrackedOperation } from "./trackedOperation.ts";

/** How much a ledger keeps. */
export interface LedgerLimits {
  /** Most entries that are watched without being known to be everywhere. */
  readonly capacity: number;
  /** Entries that all replicas have are watched for so many positions more, lest a crash takes them. */
  readonly settledMargin: number;
}

/** What the ledger tells of writes. */
export interface LedgerEvents {
  /** The newest leader does not have a write any more. */
  dropped(write: TrackedOperation): void;
  /** The newest leader has it again. */
  restored(write: TrackedOperation): void;
  /** Its verdict is known. */
  decided(write: TrackedOperation): void;
}

/**
 * Follows the entries of one partition's log until it is known whether they are lost (subject B6).
 *
 * Each leader tells its log as it begins to lead. A write that is not in it becomes a candidate for
 * loss; a later leader may have it again. What counts is the log of the last leader that tells of the
 * write's position: logs that were compacted may not. Entries that all
 * replicas have are safe; the ledger forgets them some positions later. Should a leader lack even those
 * (all disks lost more than that), the ledger is broken, and says so.
 *
 * Memory: the entries that are not known to be everywhere, as the leader's own log, but at most
 * `capacity`; the oldest beyond that remain undecided.
 */
export class LossLedger {
  /** A leader did not have what all replicas had. */
  isBroken = false;
  /** The newest leader's log; absent before the first. */
  log: LogDescription | undefined = undefined;
  private queue: TrackedOperation[] = [];
  private head = 0;
  private settledPosition = 0;
  private forgottenVersion = 0;
  /** Number of the change of leaders that made the newest one. */
  private failover = -1;
  private readonly events: LedgerEvents;
  private readonly limits: LedgerLimits;

  constructor(events: LedgerEvents, limits: LedgerLimits) {
    this.events = events;
    this.limits = limits;
  }

  reset(): void {
    this.isBroken = false;
    this.log = undefined;
    this.queue = [];
    this.head = 0;
    this.settledPosition = 0;
    this.forgottenVersion = 0;
    this.failover = -1;
  }

  /**
   * Somebody leads from now on.
   *
   * @param failover number of the change of leaders among all
   */
  leads(log: LogDescription, failover: number): void {
    if (this.log !== undefined && log.epoch < this.log.epoch) return;
    this.log = log;
    this.failover = failover;
    if (this.forgottenVersion > 0 && isInLog(log, this.forgottenVersion) === false) {
      this.isBroken = true;
    }
    for (let i = this.head; i < this.queue.length; i++) {
      const write = this.queue[i]!;
      const isIn = isInLog(log, write.version);
      // Where a log tells nothing, what an earlier leader told stands.
      if (isIn === undefined || isIn !== write.isMissing) continue;
      const isMissing = !isIn;
      write.isMissing = isMissing;
      if (isMissing) write.failover = failover;
      if (isMissing) this.events.dropped(write);
      else this.events.restored(write);
    }
  }

  /**
   * A leader has made an entry for a write, or has acknowledged or shown it.
   *
   * @param node the leader, if it is the one that tells; -1: somebody else saw it
   */
  logged(write: TrackedOperation, version: number, node: NodeId): void {
    const { log } = this;
    if (log === undefined || write.verdict !== "none") return;
    if (write.isLogged && write.version === version) return;
    write.version = version;
    write.isMissing =
      node !== log.node && !(node < 0 && isOwn(log, version)) && isInLog(log, version) === false;
    if (write.isMissing) write.failover = this.failover;
    if (write.isLogged) return;
    write.isLogged = true;
    this.queue.push(write);
    if (this.queue.length - this.head > this.limits.capacity) this.decide("undecided");
  }

  /**
   * All replicas have everything of a node's log up to here. Of others than the newest leader it is
   * not known whether that is the log in which writes are counted.
   */
  settled(node: NodeId, position: number): void {
    if (node !== this.log?.node || position <= this.settledPosition) return;
    this.settledPosition = position;
    while (this.head < this.queue.length) {
      const { version, isMissing } = this.queue[this.head]!;
      if (positionOf(version) + this.limits.settledMargin > position) return;
      if (!isMissing && version > this.forgottenVersion) this.forgottenVersion = version;
      this.decide(isMissing ? "lost" : "safe");
    }
  }

  /**
   * The run is over.
   *
   * @param isDecided whether somebody leads, so that his log tells what is lost
   */
  end(isDecided: boolean): void {
    while (this.head < this.queue.length) {
      const { isMissing } = this.queue[this.head]!;
      this.decide(isDecided && !this.isBroken ? (isMissing ? "lost" : "safe") : "undecided");
    }
  }

  private decide(verdict: "safe" | "lost" | "undecided"): void {
    const write = this.queue[this.head++]!;
    write.verdict = verdict;
    this.events.decided(write);
    if (this.head < 1024 || 2 * this.head < this.queue.length) return;
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }
}

/** Whether an entry that others saw is one that a leader has made itself since it leads. */
function isOwn({ epoch, lastPosition }: LogDescription, version: number): boolean {
  return epochOf(version) >= epoch && positionOf(version) > lastPosition;
}
