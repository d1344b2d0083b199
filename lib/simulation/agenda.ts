/**
 * Events to come, ordered by time and, at one time, by insertion.
 *
 * Each event is a slot, a small integer under which the owner keeps what the event is; a slot is free
 * for the next event as soon as it has been popped or removed.
 *
 * A 4-ary heap with the times inside, and the place of each slot for removal. Times may repeat at no
 * cost, which rules out queues of buckets: heartbeats of many nodes share their times.
 */
export class Agenda {
  /** Number of events to come. */
  size = 0;
  /** Number of slots; `onGrow` tells the owner that there are more. */
  capacity: number;
  private times: Float64Array;
  private slots: Int32Array;
  private places: Int32Array;
  private orders: Float64Array;
  private generations: Int32Array;
  private free: Int32Array;
  private freeCount = 0;
  private inserted = 0;
  private readonly onGrow: (capacity: number) => void;

  constructor(capacity = 256, onGrow: (capacity: number) => void = () => undefined) {
    this.onGrow = onGrow;
    this.capacity = 0;
    this.times = new Float64Array(0);
    this.slots = new Int32Array(0);
    this.places = new Int32Array(0);
    this.orders = new Float64Array(0);
    this.generations = new Int32Array(0);
    this.free = new Int32Array(0);
    this.grow(capacity);
  }

  /** Adds an event and returns its slot. */
  push(timeMs: number): number {
    if (this.freeCount === 0) this.grow(2 * this.capacity);
    const slot = this.free[--this.freeCount]!;
    this.orders[slot] = this.inserted++;
    this.siftUp(this.size++, timeMs, slot);
    return slot;
  }

  /** Time of the next event, `Infinity` if there is none. */
  nextMs(): number {
    return this.size === 0 ? Infinity : this.times[0]!;
  }

  /** Takes the next event out and returns its slot; there must be one. */
  pop(): number {
    const slot = this.slots[0]!;
    this.take(0);
    this.release(slot);
    return slot;
  }

  /** A number by which exactly this event can be removed later, never 0. */
  ticket(slot: number): number {
    return this.generations[slot]! * maxSlots + slot + 1;
  }

  /** Takes an event out, by its ticket; returns its slot, or -1 if it is no longer there. */
  remove(ticket: number): number {
    const slot = (ticket - 1) % maxSlots;
    if (ticket === 0 || this.generations[slot] !== Math.floor((ticket - 1) / maxSlots)) return -1;
    this.take(this.places[slot]!);
    this.release(slot);
    return slot;
  }

  /** Takes all events out. */
  clear(): void {
    this.size = 0;
    this.inserted = 0;
    // A run must not depend on the one before it, not even in its tickets.
    this.generations.fill(0);
    for (let i = 0; i < this.capacity; i++) this.free[i] = this.capacity - 1 - i;
    this.freeCount = this.capacity;
  }

  private release(slot: number): void {
    this.generations[slot] = (this.generations[slot]! + 1) | 0;
    this.free[this.freeCount++] = slot;
  }

  private take(place: number): void {
    const last = --this.size;
    if (place === last) return;
    const timeMs = this.times[last]!;
    const slot = this.slots[last]!;
    const up = place > 0 && this.isBefore(timeMs, slot, (place - 1) >> 2);
    if (up) this.siftUp(place, timeMs, slot);
    else this.siftDown(place, timeMs, slot);
  }

  private isBefore(timeMs: number, slot: number, place: number): boolean {
    const other = this.times[place]!;
    if (timeMs !== other) return timeMs < other;
    return this.orders[slot]! < this.orders[this.slots[place]!]!;
  }

  private siftUp(from: number, timeMs: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (!this.isBefore(timeMs, slot, parent)) break;
      this.put(place, this.times[parent]!, this.slots[parent]!);
      place = parent;
    }
    this.put(place, timeMs, slot);
  }

  private siftDown(from: number, timeMs: number, slot: number): void {
    const { times, slots, size } = this;
    let place = from;
    for (;;) {
      const first = 4 * place + 1;
      if (first >= size) break;
      let best = first;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) {
        if (this.isBefore(times[child]!, slots[child]!, best)) best = child;
      }
      if (this.isBefore(timeMs, slot, best)) break;
      this.put(place, times[best]!, slots[best]!);
      place = best;
    }
    this.put(place, timeMs, slot);
  }

  private put(place: number, timeMs: number, slot: number): void {
    this.times[place] = timeMs;
    this.slots[place] = slot;
    this.places[slot] = place;
  }

  private grow(capacity: number): void {
    const before = this.capacity;
    this.times = copied(Float64Array, this.times, capacity);
    this.slots = copied(Int32Array, this.slots, capacity);
    this.places = copied(Int32Array, this.places, capacity);
    this.orders = copied(Float64Array, this.orders, capacity);
    this.generations = copied(Int32Array, this.generations, capacity);
    this.free = copied(Int32Array, this.free, capacity);
    for (let slot = capacity - 1; slot >= before; slot--) this.free[this.freeCount++] = slot;
    this.capacity = capacity;
    this.onGrow(capacity);
  }
}

/** Bounds the slots, so that slot and generation share the 53 bits of a number. */
const maxSlots = 2 ** 22;

type Numbers = Float64Array | Int32Array;

function copied<Array extends Numbers>(
  make: new (size: number) => Array,
  from: Array,
  size: number,
): Array {
  const grown = new make(size);
  grown.set(from);
  return grown;
}
