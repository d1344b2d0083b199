import { Agenda } from "./agenda.ts";

/** What an event is. */
export const eventKinds = {
  message: 0,
  served: 1,
  timer: 2,
  sync: 3,
  wake: 4,
  attempt: 5,
  drain: 6,
} as const;

/** Integers that say what an event is. */
const words = 4;

/**
 * Events to come and what they are: for each its kind, whom it concerns, the name of its message or
 * timer, two more integers whose meaning depends on the kind, and a payload.
 */
export class Schedule {
  private readonly agenda: Agenda;
  private integers = new Int32Array(0);
  private readonly payloads: unknown[] = [];

  constructor() {
    this.agenda = new Agenda(256, (capacity) => this.grow(capacity));
  }

  get size(): number {
    return this.agenda.size;
  }

  /** Time of the next event; there must be one. */
  nextMs(): number {
    return this.agenda.nextMs();
  }

  /**
   * Adds an event and returns its slot.
   *
   * @param code 8 times the number of its name, plus its kind
   * @param source where a message comes from
   * @param life of a message its number, else the life of the node in which it was asked for
   */
  add(
    atMs: number,
    code: number,
    target: number,
    source: number,
    life: number,
    payload: unknown,
  ): number {
    const slot = this.agenda.push(atMs);
    const { integers } = this;
    const place = words * slot;
    integers[place] = code;
    integers[place + 1] = target;
    integers[place + 2] = source;
    integers[place + 3] = life;
    this.payloads[slot] = payload;
    return slot;
  }

  /** Takes the next event out and returns its slot, which can be asked about until the next `add`. */
  take(): number {
    return this.agenda.pop();
  }

  /** Removes an event; a ticket of one that is no longer there, and 0, stand for none. */
  cancel(ticket: number): void {
    const slot = this.agenda.remove(ticket);
    if (slot >= 0) this.payloads[slot] = undefined;
  }

  ticket(slot: number): number {
    return this.agenda.ticket(slot);
  }

  code(slot: number): number {
    return this.integers[words * slot]!;
  }

  target(slot: number): number {
    return this.integers[words * slot + 1]!;
  }

  source(slot: number): number {
    return this.integers[words * slot + 2]!;
  }

  life(slot: number): number {
    return this.integers[words * slot + 3]!;
  }

  /** Payload of an event, which is forgotten. */
  takePayload(slot: number): unknown {
    const payload = this.payloads[slot];
    this.payloads[slot] = undefined;
    return payload;
  }

  clear(): void {
    // Only what is still there has a payload.
    if (this.agenda.size > 0) this.payloads.fill(undefined);
    this.agenda.clear();
  }

  private grow(capacity: number): void {
    const { integers } = this;
    this.integers = new Int32Array(words * capacity);
    this.integers.set(integers);
    while (this.payloads.length < capacity) this.payloads.push(undefined);
  }
}
