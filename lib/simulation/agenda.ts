import { assert } from "../core/assert.ts";
import { Calendar } from "./calendar.ts";

/**
 * Events to come, ordered by time and, at one time, by insertion.
 *
 * Each event is a slot, a small integer under which the owner keeps what the event is; a slot is free
 * for the next event as soon as it has been popped or removed. How events are kept in order:
 * see `Calendar`.
 */
export class Agenda {
  /** Number of slots; `onGrow` tells the owner that there are more. */
  capacity = 0;
  private readonly calendar: Calendar = new Calendar();
  /** By slot: how many events have had it. */
  private generations = new Int32Array(0);
  private free = new Int32Array(0);
  private freeCount = 0;
  /** Slots from here on were never used since the last `clear`. */
  private firstUnused = 0;
  private readonly onGrow: (capacity: number) => void;

  constructor(capacity = 256, onGrow: (capacity: number) => void = () => undefined) {
    this.onGrow = onGrow;
    this.grow(capacity);
  }

  /** Number of events to come. */
  get size(): number {
    return this.calendar.size;
  }

  /** Adds an event and returns its slot. */
  push(timeMs: number): number {
    const slot = this.freeCount > 0 ? this.free[--this.freeCount]! : this.unusedSlot();
    this.calendar.push(timeMs, slot);
    return slot;
  }

  /** Time of the next event, `Infinity` if there is none. */
  nextMs(): number {
    return this.calendar.size === 0 ? Infinity : this.calendar.nextMs();
  }

  /** Takes the next event out and returns its slot; there must be one. */
  pop(): number {
    const slot = this.calendar.pop();
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
    this.calendar.remove(slot);
    this.release(slot);
    return slot;
  }

  /** Takes all events out. */
  clear(): void {
    this.calendar.clear();
    // A run must not depend on the one before it, not even in its tickets.
    this.generations.fill(0, 0, this.firstUnused);
    this.freeCount = 0;
    this.firstUnused = 0;
  }

  private release(slot: number): void {
    // The sign bit would spoil the ticket.
    this.generations[slot] = (this.generations[slot]! + 1) & 0x7fffffff;
    this.free[this.freeCount++] = slot;
  }

  private unusedSlot(): number {
    if (this.firstUnused === this.capacity) this.grow(2 * this.capacity);
    return this.firstUnused++;
  }

  private grow(capacity: number): void {
    assert(capacity <= maxSlots, `more than ${maxSlots} events wait at a time`);
    const { generations, free } = this;
    this.generations = new Int32Array(capacity);
    this.generations.set(generations);
    this.free = new Int32Array(capacity);
    this.free.set(free);
    this.calendar.grow(capacity);
    this.capacity = capacity;
    this.onGrow(capacity);
  }
}

/** Bounds the slots, so that slot and generation share the 53 bits of a number. */
const maxSlots = 2 ** 22;
