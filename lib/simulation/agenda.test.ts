import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../core/random.ts";
import { Agenda } from "./agenda.ts";

/** The obvious agenda: one array, in which the next event is searched for. */
class SlowAgenda {
  private events: { timeMs: number; order: number; name: number }[] = [];
  private order = 0;

  push(timeMs: number, name: number): void {
    this.events.push({ timeMs, order: this.order++, name });
  }

  pop(): { timeMs: number; name: number } | undefined {
    const { events } = this;
    let best = 0;
    for (let i = 1; i < events.length; i++) {
      const [event, least] = [events[i]!, events[best]!];
      const isSooner =
        event.timeMs < least.timeMs || (event.timeMs === least.timeMs && event.order < least.order);
      if (isSooner) best = i;
    }
    return events.splice(best, 1)[0];
  }

  remove(name: number): boolean {
    const place = this.events.findIndex((event) => event.name === name);
    if (place >= 0) this.events.splice(place, 1);
    return place >= 0;
  }
}

/** An agenda that keeps a name for each event, next to the obvious one, with which it must agree. */
class Pair {
  private readonly names: number[] = [];
  private readonly agenda = new Agenda(4);
  private slow = new SlowAgenda();
  private tickets: number[] = [];
  /** Number of events ever pushed. */
  count = 0;
  nowMs = 0;

  get size(): number {
    return this.agenda.size;
  }

  push(timeMs: number): void {
    const slot = this.agenda.push(timeMs);
    this.names[slot] = this.count;
    this.tickets.push(this.agenda.ticket(slot));
    this.slow.push(timeMs, this.count++);
  }

  pop(): void {
    const expected = this.slow.pop();
    const timeMs = this.agenda.nextMs();
    if (expected === undefined) {
      expect(timeMs).toBe(Infinity);
      return;
    }
    const name = this.names[this.agenda.pop()]!;
    if (timeMs !== expected.timeMs || name !== expected.name) {
      expect({ timeMs, name }).toEqual({ timeMs: expected.timeMs, name: expected.name });
    }
    this.nowMs = timeMs;
  }

  /** Removes one of the events ever pushed, there or not. */
  remove(index: number): void {
    if (this.count === 0) return;
    const name = index % this.count;
    const slot = this.agenda.remove(this.tickets[name]!);
    expect(slot >= 0).toBe(this.slow.remove(name));
    if (slot >= 0) expect(this.names[slot]).toBe(name);
  }

  clear(): void {
    this.agenda.clear();
    this.slow = new SlowAgenda();
    this.tickets = [];
    this.count = 0;
    this.nowMs = 0;
  }

  popAll(): void {
    while (this.size > 0) this.pop();
    this.pop();
  }
}

const steps = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("push"), by: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pushFar"), by: fc.nat(1000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pop"), by: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove"), by: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("burst"), by: fc.nat(60) }) },
);

function act(pair: Pair, { kind, by }: { kind: string; by: number }): void {
  if (kind === "push") pair.push(pair.nowMs + by);
  else if (kind === "pushFar") pair.push(pair.nowMs + by * 0.37);
  else if (kind === "pop") for (let i = 0; i <= by; i++) pair.pop();
  else if (kind === "remove") pair.remove(by);
  // Falling times, or one time: the worst cases for a sorted run.
  else for (let i = by; i > 0; i--) pair.push(pair.nowMs + (by % 2) * i);
}

test("agrees with a sorted list, with ties, bursts, removals and re-use", () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 300 }),
      fc.array(steps, { maxLength: 50 }),
      (first, second) => {
        const pair = new Pair();
        for (const step of first) act(pair, step);
        pair.clear();
        for (const step of second) act(pair, step);
        pair.popAll();
      },
    ),
  );
});

/** Delays that simulations ask for, and those that calendars with fixed buckets do not bear. */
const delays: Record<string, (uniform: () => number) => number> = {
  exponential: (uniform) => -Math.log(uniform()),
  "in whole ms": (uniform) => Math.floor(3 * uniform()),
  "in tenths that do not add up": (uniform) => 0.1 * Math.ceil(10 * uniform()),
  "one in ten far": (uniform) => uniform() * (uniform() < 0.1 ? 10_000 : 1),
  "over ten powers of ten": (uniform) => 10 ** (10 * uniform() - 5),
  "a protocol's": (uniform) => {
    const kind = uniform();
    return kind < 0.5 ? 0.5 * uniform() : kind < 0.9 ? 50 : kind < 0.99 ? 150 + uniform() : 6e4;
  },
  "all at once": () => 0,
  "bursts apart": (uniform) => (uniform() < 0.01 ? 1000 : 1e-6 * uniform()),
  "some never": (uniform) => (uniform() < 0.01 ? Infinity : uniform()),
};

describe.each(Object.entries(delays))("delays %s", (_, delay) => {
  test.each([3, 40, 300])("agrees with a sorted list at %i events", (pending) => {
    const random = randomStream({ seed: pending, purpose: "test of the agenda" });
    const uniform = () => random.nextUniform();
    const pair = new Pair();
    // Emptied and filled again: what a calendar remembers of the events before does not matter.
    for (let round = 0; round < 3; round++) {
      const from = pair.count;
      for (let i = 0; i < pending; i++) pair.push(pair.nowMs + delay(uniform));
      for (let i = 0; i < 2 * pending + 200; i++) {
        pair.pop();
        if (!Number.isFinite(pair.nowMs)) break;
        pair.push(pair.nowMs + delay(uniform));
        // Every other event is removed again, as timeouts are, the newest most often.
        if (i % 2 === 0) {
          pair.push(pair.nowMs + delay(uniform));
          pair.remove(from + pending + i + Math.floor(uniform() * pending));
        }
      }
      pair.popAll();
      if (!Number.isFinite(pair.nowMs)) pair.clear();
    }
  });
});

test("a ticket removes its own event only: not the next one in the slot, and not twice", () => {
  const agenda = new Agenda();
  const first = agenda.ticket(agenda.push(1));
  expect(agenda.pop()).toBe(0);
  const slot = agenda.push(2);
  expect(slot).toBe(0);
  expect(agenda.remove(first)).toBe(-1);
  expect(agenda.remove(0)).toBe(-1);
  const second = agenda.ticket(slot);
  expect(agenda.remove(second)).toBe(slot);
  expect(agenda.remove(second)).toBe(-1);
  expect(agenda.nextMs()).toBe(Infinity);
});

test("after clear, slots, tickets and order are as of a new agenda", () => {
  // Enough events, far enough apart, that most hang in buckets when the agenda is cleared.
  const use = (agenda: Agenda, count: number) => {
    const popped: number[][] = [];
    const pop = () => popped.push([agenda.nextMs(), agenda.pop()]);
    for (let i = 0; i < count; i++) {
      const slot = agenda.push(i + ((i * 31) % 97));
      popped.push([agenda.ticket(slot)]);
      if (i % 3 === 0) pop();
    }
    return { popped, pop };
  };
  const used = new Agenda();
  use(used, 700);
  used.clear();
  expect(used.size).toBe(0);
  const fresh = new Agenda();
  const [again, first] = [use(used, 500), use(fresh, 500)];
  while (fresh.size > 0) {
    first.pop();
    again.pop();
  }
  expect(again.popped).toEqual(first.popped);
});

test("tells its owner of new slots, and re-uses those that are free", () => {
  const capacities: number[] = [];
  const agenda = new Agenda(2, (capacity) => capacities.push(capacity));
  for (let i = 0; i < 5; i++) agenda.push(i);
  expect(capacities).toEqual([2, 4, 8]);
  for (let i = 0; i < 1000; i++) {
    agenda.push(10 + i);
    expect(agenda.pop()).toBeLessThan(8);
  }
  expect(capacities).toHaveLength(3);
});
