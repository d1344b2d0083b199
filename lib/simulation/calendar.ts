import { NearEvents } from "./nearEvents.ts";
import { fewEvents } from "./sortByTime.ts";

/** More near events than these ask for narrower buckets. */
const manyNear = 32;
/** Events that a bucket should hold when its time comes. */
const perBucket = 4;
/** Most buckets: 4 MB. */
const maxBuckets = 2 ** 20;
/** Most pushes for each event between two attempts to find a better width. */
const maxPatience = 64;

/**
 * Slots in order of time and, at one time, of insertion.
 *
 * A calendar in front of a sorted run: events of the near future are kept in order (`NearEvents`), later
 * ones hang unsorted in buckets of equal width, those beyond the last bucket in one more. A bucket is
 * sorted when its time comes. The width follows the rate at which events have been taken of late. Times
 * may repeat (heartbeats of many nodes do): a bucket of equal times is sorted already. Where no width
 * fits, most events are near, and these are a heap at worst: push and pop take O(1) as a rule, O(log n)
 * at worst, on average over as many operations as there are events.
 *
 * @see R. Brown, Calendar queues, CACM 31(10), 1988; W. T. Tang et al., Ladder queue, TOMACS 15(3), 2005
 */
export class Calendar {
  size = 0;
  private readonly near: NearEvents = new NearEvents();
  private times = new Float64Array(0);
  // The list of each bucket, the newest first; by slot the neighbours in the list.
  private heads = new Int32Array(0);
  private older = new Int32Array(0);
  private newer = new Int32Array(0);
  // Bucket of a time t: (t - baseMs) * bucketsPerMs, rounded down; those of a later time are in the last.
  private bucketCount = 0;
  private baseMs = 0;
  private bucketsPerMs = 0;
  /** The events of the buckets before this one are near. */
  private current = 1;
  /** Room for all slots while they are hung anew. */
  private slots = new Int32Array(0);
  // What the next width depends on.
  private pushCount = 0;
  private popCount = 0;
  private retryAt = 0;
  private patience = 1;

  push(timeMs: number, slot: number): void {
    this.times[slot] = timeMs;
    this.size++;
    this.pushCount++;
    const at = (timeMs - this.baseMs) * this.bucketsPerMs;
    if (at >= this.current) this.hang(slot, at);
    else {
      this.near.push(timeMs, slot);
      this.maySpread();
    }
  }

  /** Time of the next event; there must be one. */
  nextMs(): number {
    return this.near.nextMs();
  }

  /** Takes the next event out; there must be one. */
  pop(): number {
    const slot = this.near.pop();
    this.popCount++;
    this.size--;
    if (this.near.count === 0) this.advance();
    return slot;
  }

  /** Takes out an event that is there. */
  remove(slot: number): void {
    const timeMs = this.times[slot]!;
    const at = (timeMs - this.baseMs) * this.bucketsPerMs;
    if (at >= this.current) this.unhang(slot, at);
    else this.near.remove(timeMs, slot);
    this.size--;
    if (this.near.count === 0) this.advance();
  }

  /** Takes all events out. */
  clear(): void {
    this.size = 0;
    this.near.clear();
    this.heads.fill(-1, 0, this.bucketCount + 1);
    this.bucketCount = 0;
    this.baseMs = 0;
    this.bucketsPerMs = 0;
    this.current = 1;
    this.pushCount = 0;
    this.popCount = 0;
    this.retryAt = 0;
    this.patience = 1;
  }

  /** Makes room for slots below a number. */
  grow(capacity: number): void {
    const { times, older, newer } = this;
    this.times = new Float64Array(capacity);
    this.times.set(times);
    this.older = new Int32Array(capacity);
    this.older.set(older);
    this.newer = new Int32Array(capacity);
    this.newer.set(newer);
    this.slots = new Int32Array(capacity);
    this.near.grow(capacity);
  }

  /** @param at where the event belongs, in buckets from `baseMs` */
  private hang(slot: number, at: number): void {
    const { heads, bucketCount } = this;
    const bucket = at < bucketCount ? Math.floor(at) : bucketCount;
    const head = heads[bucket]!;
    this.older[slot] = head;
    this.newer[slot] = -1;
    if (head >= 0) this.newer[head] = slot;
    heads[bucket] = slot;
  }

  private unhang(slot: number, at: number): void {
    const { bucketCount } = this;
    const older = this.older[slot]!;
    const newer = this.newer[slot]!;
    if (older >= 0) this.newer[older] = newer;
    if (newer >= 0) this.older[newer] = older;
    else this.heads[at < bucketCount ? Math.floor(at) : bucketCount] = older;
  }

  /** Nothing is near any more: the next bucket that holds events is sorted. */
  private advance(): void {
    const { heads, bucketCount, near } = this;
    near.clear();
    if (this.size === 0) {
      // Whatever comes next is near, whenever that is.
      this.bucketsPerMs = 0;
      return;
    }
    let bucket = this.current;
    while (bucket < bucketCount && heads[bucket]! < 0) bucket++;
    if (bucket === bucketCount) {
      this.spread();
      return;
    }
    this.current = bucket + 1;
    this.takeBucket(bucket);
    this.maySpread();
  }

  /** Its events become near; nothing is near yet. */
  private takeBucket(bucket: number): void {
    const { near, times, older } = this;
    let slot = this.heads[bucket]!;
    // Few are sorted as they are found, from the newest on.
    while (slot >= 0 && near.count < fewEvents) {
      near.insertOlder(times[slot]!, slot);
      slot = older[slot]!;
    }
    if (slot < 0) {
      this.heads[bucket] = -1;
      return;
    }
    near.clear();
    for (slot = this.emptied(bucket); slot >= 0; slot = this.newer[slot]!) {
      near.append(times[slot]!, slot);
    }
    near.sort();
  }

  /** Takes the list of a bucket and returns its oldest event, -1 if there is none. */
  private emptied(bucket: number): number {
    let slot = this.heads[bucket]!;
    this.heads[bucket] = -1;
    if (slot >= 0) while (this.older[slot]! >= 0) slot = this.older[slot]!;
    return slot;
  }

  private maySpread(): void {
    if (this.near.count > manyNear && this.pushCount >= this.retryAt) this.spread();
  }

  /**
   * Hangs all events anew, into buckets as wide as the events taken of late suggest.
   *
   * It takes a time proportional to the number of events, and so waits for as many pushes before it is
   * done again, or for many more where it did not help, unless the buckets run out.
   */
  private spread(): void {
    const { near, size, slots } = this;
    this.takeAll();
    this.layOut();
    for (let i = 0; i < size; i++) {
      const slot = slots[i]!;
      const at = (this.times[slot]! - this.baseMs) * this.bucketsPerMs;
      if (at >= 1) this.hang(slot, at);
      else near.append(this.times[slot]!, slot);
    }
    near.sort();
    const helped = near.count <= manyNear || this.bucketsPerMs === 0;
    this.patience = helped ? 1 : Math.min(maxPatience, 2 * this.patience);
    this.retryAt = this.pushCount + this.patience * size;
  }

  /** All events, those of one time in the order of their insertion. */
  private takeAll(): void {
    const { near, newer, slots } = this;
    let count = 0;
    while (near.count > 0) slots[count++] = near.pop();
    near.clear();
    if (this.bucketCount === 0) return;
    for (let bucket = this.current; bucket <= this.bucketCount; bucket++) {
      for (let slot = this.emptied(bucket); slot >= 0; slot = newer[slot]!) slots[count++] = slot;
    }
  }

  private layOut(): void {
    const { slots, size, times } = this;
    let earliestMs = Infinity;
    for (let i = 0; i < size; i++) earliestMs = Math.min(earliestMs, times[slots[i]!]!);
    // The events taken since the last time, over the time that they took.
    const perMs = this.popCount / (earliestMs - this.baseMs) / perBucket;
    if (size <= manyNear / 2) this.bucketsPerMs = 0;
    else if (perMs > 0 && perMs < Infinity) this.bucketsPerMs = perMs;
    this.baseMs = earliestMs;
    this.popCount = 0;
    this.current = 1;
    let count = 16;
    while (count < size && count < maxBuckets) count *= 2;
    if (this.heads.length <= count) this.heads = new Int32Array(count + 1).fill(-1);
    this.bucketCount = count;
  }
}
