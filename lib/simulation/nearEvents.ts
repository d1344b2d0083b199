import { type EventTimes, sortByTime } from "./sortByTime.ts";

/** A push that would move more events of the run than this makes a heap of it. */
const mostMoves = 32;

/**
 * The events that come next, in order of time and, at one time, of insertion.
 *
 * As a rule these are few: a sorted run, from which the next is taken at the head, and into which new
 * ones are inserted from the end. A long run in which a new event would have to go far to the front is
 * turned into a binary heap, which a sorted run already is: no order of pushes costs more than O(log n).
 */
export class NearEvents {
  private events: EventTimes = eventTimes(0);
  private spare: EventTimes = eventTimes(0);
  private head = 0;
  private end = 0;
  private isHeap = false;
  // Of a heap only, by slot: where in it the event is, and its rank among those of one time.
  private places = new Int32Array(0);
  private ranks = new Float64Array(0);
  private nextRank = 0;

  get count(): number {
    return this.end - this.head;
  }

  /** Time of the next event; there must be one. */
  nextMs(): number {
    return this.events.times[this.head]!;
  }

  /** Adds an event that was inserted after all others. */
  push(timeMs: number, slot: number): void {
    if (this.end === this.events.slots.length) this.moveToFront();
    if (this.isHeap) {
      this.ranks[slot] = this.nextRank++;
      this.siftUp(this.end++, timeMs, slot);
    } else this.insert(timeMs, slot);
  }

  /** Takes the next event out and returns its slot; there must be one. */
  pop(): number {
    const slot = this.events.slots[this.head]!;
    if (this.isHeap) this.takeFromHeap(0);
    else this.head++;
    return slot;
  }

  /** Takes out an event that is there. */
  remove(timeMs: number, slot: number): void {
    if (this.isHeap) this.takeFromHeap(this.places[slot]!);
    else this.takeFromRun(timeMs, slot);
  }

  /** Adds an event that was inserted before all others, to a run from which none has been taken. */
  insertOlder(timeMs: number, slot: number): void {
    const { times, slots } = this.events;
    let place = this.end++;
    while (place > 0 && times[place - 1]! >= timeMs) {
      times[place] = times[place - 1]!;
      slots[place] = slots[place - 1]!;
      place--;
    }
    times[place] = timeMs;
    slots[place] = slot;
  }

  /** Adds an event without regard to its time, when all are to be sorted: see `sort`. */
  append(timeMs: number, slot: number): void {
    this.events.times[this.end] = timeMs;
    this.events.slots[this.end++] = slot;
  }

  /** Sorts what has been appended to nothing, in the order of insertion or in the reverse order. */
  sort(): void {
    if (sortByTime(this.events, this.spare, this.end)) {
      const sorted = this.spare;
      this.spare = this.events;
      this.events = sorted;
    }
  }

  /** Takes all events out. */
  clear(): void {
    this.head = 0;
    this.end = 0;
    this.isHeap = false;
  }

  grow(capacity: number): void {
    // Twice as many as there can be events: a run that has moved to the end is moved back rarely.
    this.events = eventTimes(2 * capacity, this.events);
    this.spare = eventTimes(2 * capacity);
    const { places, ranks } = this;
    this.places = new Int32Array(capacity);
    this.places.set(places);
    this.ranks = new Float64Array(capacity);
    this.ranks.set(ranks);
  }

  private insert(timeMs: number, slot: number): void {
    const { times, slots } = this.events;
    const least = Math.max(this.head, this.end - mostMoves);
    let place = this.end++;
    while (place > least && times[place - 1]! > timeMs) {
      times[place] = times[place - 1]!;
      slots[place] = slots[place - 1]!;
      place--;
    }
    times[place] = timeMs;
    slots[place] = slot;
    if (place > this.head && times[place - 1]! > timeMs) this.becomeHeap(place);
  }

  /** @param place of the one event that is not yet in order */
  private becomeHeap(place: number): void {
    const { slots, times } = this.events;
    const timeMs = times[place]!;
    const slot = slots[place]!;
    times.copyWithin(place, place + 1, this.end);
    slots.copyWithin(place, place + 1, this.end);
    this.end--;
    this.moveToFront();
    for (let i = 0; i < this.end; i++) {
      this.places[slots[i]!] = i;
      this.ranks[slots[i]!] = i;
    }
    this.isHeap = true;
    this.nextRank = this.end;
    this.push(timeMs, slot);
  }

  private moveToFront(): void {
    this.events.times.copyWithin(0, this.head, this.end);
    this.events.slots.copyWithin(0, this.head, this.end);
    this.end -= this.head;
    this.head = 0;
  }

  private takeFromRun(timeMs: number, slot: number): void {
    const { times, slots } = this.events;
    let low = this.head;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < timeMs) low = middle + 1;
      else high = middle;
    }
    while (slots[low] !== slot) low++;
    times.copyWithin(low, low + 1, this.end);
    slots.copyWithin(low, low + 1, this.end);
    this.end--;
  }

  private takeFromHeap(place: number): void {
    const { times, slots } = this.events;
    const last = --this.end;
    if (place === last) return;
    const timeMs = times[last]!;
    const slot = slots[last]!;
    const up = place > 0 && this.isBefore(timeMs, slot, (place - 1) >> 1);
    if (up) this.siftUp(place, timeMs, slot);
    else this.siftDown(place, timeMs, slot);
  }

  private isBefore(timeMs: number, slot: number, place: number): boolean {
    const other = this.events.times[place]!;
    if (timeMs !== other) return timeMs < other;
    return this.ranks[slot]! < this.ranks[this.events.slots[place]!]!;
  }

  private siftUp(from: number, timeMs: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isBefore(timeMs, slot, parent)) break;
      this.copy(parent, place);
      place = parent;
    }
    this.put(place, timeMs, slot);
  }

  private siftDown(from: number, timeMs: number, slot: number): void {
    const { times, slots } = this.events;
    const { end } = this;
    let place = from;
    for (let child = 2 * place + 1; child < end; child = 2 * place + 1) {
      const second = child + 1;
      if (second < end && this.isBefore(times[second]!, slots[second]!, child)) child = second;
      if (this.isBefore(timeMs, slot, child)) break;
      this.copy(child, place);
      place = child;
    }
    this.put(place, timeMs, slot);
  }

  private copy(from: number, to: number): void {
    this.put(to, this.events.times[from]!, this.events.slots[from]!);
  }

  private put(place: number, timeMs: number, slot: number): void {
    this.events.times[place] = timeMs;
    this.events.slots[place] = slot;
    this.places[slot] = place;
  }
}

function eventTimes(size: number, from?: EventTimes): EventTimes {
  const times = new Float64Array(size);
  const slots = new Int32Array(size);
  if (from !== undefined) {
    times.set(from.times);
    slots.set(from.slots);
  }
  return { times, slots };
}
