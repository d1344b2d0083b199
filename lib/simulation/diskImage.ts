import type { Durable } from "../core/protocol.ts";

/** What a sync covers. */
interface Mark {
  /** Position of the last log entry. */
  lastPosition: number;
  /** Slots written since the mark before; `undefined`: none. */
  readonly slots: Map<string, unknown> | undefined;
}

/**
 * What is on a disk: slots and a log, and of both how much would survive a crash.
 *
 * Writes are covered by the next mark and become durable when that mark is committed. Removing entries
 * (`truncate`, `trim`, `resetLog`) is durable at once, whether they were or not; what is appended
 * afterwards in their place is not covered by earlier marks.
 */
export class DiskImage {
  private readonly isImmediate: boolean;
  private readonly slots = new Map<string, unknown>();
  /** Slots written since the last mark. */
  private newSlots: Map<string, unknown> | undefined;
  /** Entries from index `head` on; those before it have been trimmed. */
  private log: unknown[] = [];
  private head = 0;
  private firstPosition = 1;
  /** Position of the last entry that a crash would leave. */
  private durablePosition = 0;
  private marks: Mark[] = [];
  private firstMark = 0;

  /** @param isImmediate whether writes are durable at once */
  constructor(isImmediate: boolean) {
    this.isImmediate = isImmediate;
  }

  /** An empty disk. */
  reset(): void {
    this.slots.clear();
    this.forgetUnsynced();
    this.resetLog(1);
  }

  /** Number of entries that a crash would lose. */
  get unsyncedCount(): number {
    return this.lastPosition - this.durablePosition;
  }

  /** Number of places that the log takes up in memory, at most about twice what is left of it. */
  get heldCount(): number {
    return this.log.length;
  }

  /** Number of places that marks take up in memory, at most about twice those not committed. */
  get markCount(): number {
    return this.marks.length;
  }

  /** Writes a slot. */
  store(slot: string, value: unknown): void {
    if (this.isImmediate) {
      this.slots.set(slot, value);
      return;
    }
    this.newSlots ??= new Map();
    this.newSlots.set(slot, value);
  }

  /** Appends an entry. */
  append(entry: unknown): void {
    this.log.push(entry);
    if (this.isImmediate) this.durablePosition++;
  }

  /** Removes the entries from a position on. */
  truncate(fromPosition: number): void {
    const length = this.head + Math.max(0, fromPosition - this.firstPosition);
    if (length >= this.log.length) return;
    this.log.length = length;
    this.limitTo(this.lastPosition);
  }

  /** Removes the entries before a position; amortised over the entries, of constant cost. */
  trim(beforePosition: number): void {
    const end = this.head + Math.max(0, beforePosition - this.firstPosition);
    const newHead = Math.min(this.log.length, end);
    for (let i = this.head; i < newHead; i++) this.log[i] = undefined;
    this.firstPosition += newHead - this.head;
    this.head = newHead;
    this.durablePosition = Math.max(this.durablePosition, this.firstPosition - 1);
    if (this.head < compactFrom || 2 * this.head < this.log.length) return;
    this.log = this.log.slice(this.head);
    this.head = 0;
  }

  /** Replaces the log by an empty one that begins at a position. */
  resetLog(firstPosition: number): void {
    this.log = [];
    this.head = 0;
    this.firstPosition = firstPosition;
    this.durablePosition = firstPosition - 1;
    this.limitTo(firstPosition - 1);
  }

  /** Begins a mark: it covers all writes so far. */
  mark(): void {
    this.marks.push({ lastPosition: this.lastPosition, slots: this.newSlots });
    this.newSlots = undefined;
  }

  /** What the oldest mark covers is durable from now on. */
  commit(): void {
    const { lastPosition, slots } = this.marks[this.firstMark++]!;
    this.durablePosition = Math.max(this.durablePosition, lastPosition);
    if (slots !== undefined) for (const [slot, value] of slots) this.slots.set(slot, value);
    if (this.firstMark === this.marks.length) this.forgetMarks();
    else if (this.firstMark > compactFrom && 2 * this.firstMark > this.marks.length) {
      this.marks = this.marks.slice(this.firstMark);
      this.firstMark = 0;
    }
  }

  /**
   * Loses what is not durable.
   *
   * @param survivors how many of the first entries not synced survive all the same
   */
  crash(survivors: number): void {
    this.durablePosition += survivors;
    this.log.length = this.head + this.durablePosition - this.firstPosition + 1;
    this.forgetUnsynced();
  }

  /** What a crash would leave, as a copy. */
  durable(): Durable {
    const { slots, head, firstPosition, durablePosition } = this;
    const log = this.log.slice(head, head + durablePosition - firstPosition + 1);
    return { slots: Object.fromEntries(slots), log, firstPosition };
  }

  private get lastPosition(): number {
    return this.firstPosition + this.log.length - this.head - 1;
  }

  /** Entries beyond a position are gone: marks cover none that will stand in their place. */
  private limitTo(lastPosition: number): void {
    this.durablePosition = Math.min(this.durablePosition, lastPosition);
    for (let i = this.marks.length - 1; i >= this.firstMark; i--) {
      const mark = this.marks[i]!;
      // Marks ascend: those before it cover no more.
      if (mark.lastPosition <= lastPosition) return;
      mark.lastPosition = lastPosition;
    }
  }

  private forgetUnsynced(): void {
    this.newSlots = undefined;
    this.forgetMarks();
  }

  private forgetMarks(): void {
    this.marks.length = 0;
    this.firstMark = 0;
  }
}

/** Trimmed entries, and marks committed, that are worth a copy of the rest. */
const compactFrom = 64;
