import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { causalPast } from "./causalPast.ts";
import type { MessageEvent, Trace, TraceEvent } from "./trace.ts";
import { sliceOf } from "./traceSlice.ts";
import { traceText } from "./traceText.ts";

const nodes = ["client a", "replica 1", "replica 2", "replica 3"].map((name) => ({
  ...{ name, role: name.split(" ")[0]! },
}));

interface Sent {
  name: string;
  from: number;
  to: number;
  sentMs: number;
  receivedMs: number | null;
  cause?: number;
  payload?: unknown;
}

function message({ payload = null, cause = -1, ...sent }: Sent): MessageEvent {
  const fate = sent.receivedMs === null ? "lost" : "received";
  const rest = { arrivalMs: sent.receivedMs, fate, isDuplicate: false } as const;
  return { kind: "message", ...sent, ...rest, payload, cause };
}

const operation = (id: number, kind: "read" | "write") => ({
  ...{ id, kind, key: 3, value: kind === "read" ? null : id, session: 0, device: 0, follows: null },
});
const invoke = (id: number, timeMs: number, kind: "read" | "write" = "write"): TraceEvent => ({
  ...{ kind: "invoke", node: 0, timeMs, operation: operation(id, kind) as never },
});
const complete = (id: number, timeMs: number, cause: number): TraceEvent => ({
  ...{ kind: "complete", node: 0, timeMs, operation: id, cause },
  completion: { outcome: "ok", value: id, version: 1, servedBy: 1 } as never,
});
const traceOf = (events: readonly TraceEvent[]): Trace => ({
  ...{ seed: 1, durationMs: 100, nodes, events },
});

/** Traces of any shape: messages between any nodes, received or lost, at whole ms, with operations. */
const anyTrace = fc
  .array(
    fc.record({
      from: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 0, max: 3 }),
      sentMs: fc.integer({ min: 0, max: 30 }),
      delayMs: fc.option(fc.integer({ min: 1, max: 9 })),
      name: fc.constantFrom("append", "appended", "vote"),
      number: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) =>
    traceOf(
      all
        .sort((a, b) => a.sentMs - b.sentMs)
        .map(({ delayMs, number, ...sent }) =>
          message({
            ...sent,
            receivedMs: delayMs === null ? null : sent.sentMs + delayMs,
            payload: { number, entries: number === 2 ? ["x"] : [] },
          }),
        ),
    ),
  );

describe("the causal past", () => {
  test("is what a search through all pairs of events finds", () => {
    fc.assert(
      fc.property(anyTrace, fc.nat(), (trace, pick) => {
        const events = trace.events as MessageEvent[];
        const target = pick % events.length;
        // Slower and obvious: a message influences the next if it came in where and before that was sent.
        const isBefore = (a: MessageEvent, b: MessageEvent): boolean =>
          a.receivedMs !== null && a.to === b.from && a.receivedMs <= b.sentMs;
        const { to, receivedMs } = events[target]!;
        const found = new Set([target]);
        for (const [index, event] of events.entries()) {
          const isHere = event.receivedMs !== null && event.to === to;
          if (receivedMs !== null && isHere && event.receivedMs! <= receivedMs) found.add(index);
        }
        for (let size = 0; size !== found.size; ) {
          size = found.size;
          for (const [index, event] of events.entries()) {
            if ([...found].some((later) => isBefore(event, events[later]!))) found.add(index);
          }
        }
        const expected = [...found].sort((a, b) => a - b).map((index) => events[index]);
        expect(causalPast(trace, target).events).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps the faults that its nodes had seen, and renumbers causes", () => {
    const fault = (timeMs: number, node: number): TraceEvent => ({
      ...{ kind: "fault", timeMs, name: "pause", nodes: [node], links: [], value: 0 },
    });
    const trace = traceOf([
      message({ name: "late", from: 3, to: 2, sentMs: 1, receivedMs: 90 }),
      fault(2, 1),
      fault(3, 3),
      invoke(0, 4),
      message({ name: "write", from: 0, to: 1, sentMs: 4, receivedMs: 6, cause: 3 }),
      fault(9, 1),
    ]);
    const past = causalPast(trace, 4);
    expect(past.events.map((event) => event.kind)).toEqual(["fault", "invoke", "message"]);
    expect(past.events[2]).toMatchObject({ cause: 1 });
    expect(past.durationMs).toBe(6);
    expect(() => causalPast(trace, 6)).toThrow("causalPast: need event to be an integer in [0, 5]");
  });
});

/** A write that two replicas get, heartbeats around it, and a second operation. */
function story(): Trace {
  const append = (
    sentMs: number,
    to: number,
    receivedMs: number | null,
    cause = -1,
  ): MessageEvent =>
    message({
      ...{ name: "append", from: 1, to, sentMs, receivedMs, cause },
      payload: { at: sentMs, entries: cause < 0 ? [] : [7] },
    });
  const appended = (
    sentMs: number,
    from: number,
    receivedMs: number,
    cause: number,
  ): MessageEvent =>
    message({ name: "appended", from, to: 1, sentMs, receivedMs, cause, payload: { at: sentMs } });
  return traceOf([
    append(0, 2, 1),
    appended(1, 2, 2, 0),
    append(5, 2, 6),
    appended(6, 2, 7, 2),
    invoke(0, 10),
    message({ name: "write", from: 0, to: 1, sentMs: 10, receivedMs: 11, cause: 4 }),
    append(11, 2, 12, 5),
    append(11, 3, 40, 5),
    appended(12, 2, 13, 6),
    message({ name: "written", from: 1, to: 0, sentMs: 13, receivedMs: 14, cause: 8 }),
    complete(0, 14, 9),
    append(15, 2, 16),
    appended(16, 2, 17, 11),
    invoke(1, 20, "read"),
    message({ name: "read", from: 0, to: 1, sentMs: 20, receivedMs: 21, cause: 13 }),
    message({ name: "value", from: 1, to: 0, sentMs: 21, receivedMs: 22, cause: 14 }),
    complete(1, 22, 15),
    appended(40, 3, 41, 7),
  ]);
}

const told = ({ events }: Trace): string[] =>
  events.map((event) => {
    if (event.kind !== "message") return event.kind;
    return `${event.name} ${event.from}-${event.to} ${event.sentMs}${event.repeats ? ` x${1 + event.repeats}` : ""}`;
  });

describe("a slice", () => {
  test("of one operation is what led to its answer, and what it set off meanwhile", () => {
    expect(told(sliceOf(story(), { operations: [0] }))).toEqual([
      "invoke",
      "write 0-1 10",
      "append 1-2 11",
      "append 1-3 11",
      "appended 2-1 12",
      "written 1-0 13",
      "complete",
    ]);
  });

  test("of a window says how often a heartbeat and its acknowledgement repeat", () => {
    expect(told(sliceOf(story(), { fromMs: 0, toMs: 30 }))).toEqual([
      "append 1-2 0 x3",
      "appended 2-1 1 x3",
      ...["invoke", "write 0-1 10", "append 1-2 11", "append 1-3 11", "appended 2-1 12"],
      ...["written 1-0 13", "complete", "invoke", "read 0-1 20", "value 1-0 21", "complete"],
    ]);
    const each = told(sliceOf(story(), { fromMs: 0, toMs: 30, repeats: "each" }));
    expect(each).toContain("appended 2-1 6");
    // Too late for any answer: the acknowledgement of the last append.
    expect(told(sliceOf(story()))).not.toContain("appended 3-1 40");
  });

  test("of nodes leaves the others out", () => {
    const slice = sliceOf(story(), { operations: [0], nodes: [0, 1] });
    expect(told(slice)).toEqual(["invoke", "write 0-1 10", "written 1-0 13", "complete"]);
    expect(slice.events.at(-1)).toMatchObject({ cause: 2 });
    expect(slice.events[2]).toMatchObject({ cause: -1 });
  });

  test("of one operation spares the reader the messages of the clients of others", () => {
    const names = told(sliceOf(story(), { operations: [1], fromMs: 0 })).join();
    expect(names).toContain("append 1-2 11");
    expect(names).not.toMatch(/writ/);
  });

  test("leaves what led to an answer apart, even where a disk hides what asked for it", () => {
    const heartbeat = (sentMs: number): MessageEvent =>
      message({ name: "append", from: 1, to: 2, sentMs, receivedMs: sentMs + 1, payload: sentMs });
    const events = [
      heartbeat(0),
      invoke(0, 10),
      message({ name: "write", from: 0, to: 1, sentMs: 10, receivedMs: 11, cause: 1 }),
      heartbeat(12),
      message({ name: "appended", from: 2, to: 1, sentMs: 13, receivedMs: 14, cause: 3 }),
      message({ name: "written", from: 1, to: 0, sentMs: 14, receivedMs: 15, cause: 4 }),
      complete(0, 15, 5),
    ];
    const names = told(sliceOf(traceOf(events), { fromMs: 0, toMs: 30 }));
    expect(names.filter((name) => name.startsWith("append "))).toEqual([
      "append 1-2 0",
      "append 1-2 12",
    ]);
  });

  test("shows why somebody leads, even without any operation", () => {
    const leads = (node: number, timeMs: number): TraceEvent => ({
      ...{ kind: "observe", name: "leads", value: { epoch: 1 }, cause: -1, node, timeMs },
    });
    const vote = (sentMs: number, receivedMs: number): MessageEvent =>
      message({ name: "vote", from: 2, to: 1, sentMs, receivedMs, payload: { at: sentMs } });
    const trace = traceOf([leads(3, 0), vote(5, 6), leads(1, 6), vote(7, 8)]);
    expect(told(sliceOf(trace))).toEqual(["observe", "vote 2-1 5", "observe"]);
    expect(told(sliceOf(trace, { fromMs: 10 }))).toEqual(["observe", "observe"]);
  });

  test("counts every message that stands for others, and merges none across a fault", () => {
    fc.assert(
      fc.property(anyTrace, fc.integer({ min: 0, max: 30 }), (bare, faultMs) => {
        const fault: TraceEvent = {
          ...{ kind: "fault", timeMs: faultMs, name: "pause", nodes: [1], links: [], value: 0 },
        };
        const end = complete(0, 50, -1);
        const before = bare.events.filter((event) => (event as MessageEvent).sentMs < faultMs);
        const after = bare.events.slice(before.length);
        const trace = traceOf([invoke(0, 0), ...before, fault, ...after, end]);
        const all = sliceOf(trace, { repeats: "each" });
        const few = sliceOf(trace);
        const count = (events: readonly TraceEvent[], isEarly: boolean): number =>
          (events.filter((event) => event.kind === "message") as MessageEvent[])
            .filter(({ sentMs }) => sentMs < faultMs === isEarly)
            .reduce((sum, { repeats = 0 }) => sum + 1 + repeats, 0);
        for (const isEarly of [true, false]) {
          expect(count(few.events, isEarly)).toBe(count(all.events, isEarly));
        }
        // What holds entries is never taken for what holds none.
        const full = (events: readonly TraceEvent[]): number =>
          (events.filter((event) => event.kind === "message") as MessageEvent[]).filter(
            ({ payload }) => (payload as { entries: string[] }).entries.length > 0,
          ).length;
        expect(full(few.events) > 0).toBe(full(all.events) > 0);
      }),
      { numRuns: 200 },
    );
  });

  test("refuses what is not in the trace", () => {
    expect(() => sliceOf(story(), { operations: [5] })).toThrow(
      "sliceOf: need operations to be invoked in the trace, got 5",
    );
    expect(() => sliceOf(story(), { nodes: [4] })).toThrow("sliceOf: need nodes");
    expect(() => sliceOf(story(), { fromMs: 3, toMs: 2 })).toThrow("sliceOf: need toMs");
  });
});

test("a trace prints in columns", () => {
  const fault: TraceEvent = {
    ...{ kind: "fault", timeMs: 12.5, name: "cut", nodes: [], links: [[1, 2]], value: 0 },
  };
  const { events } = story();
  const text = traceText(traceOf([...events.slice(4, 7), fault, ...events.slice(9, 11)]));
  expect(text.split("\n")).toEqual([
    "10.000 ms  client a                asks     w k3=0  (operation 0)",
    "10.000 ms  client a -> replica 1   write    (arrives 11.000 ms)",
    "11.000 ms  replica 1 -> replica 2  append   {at: 11, entries: [7]}  (arrives 12.000 ms)",
    "12.500 ms  replica 1 -> replica 2  CUT",
    "13.000 ms  replica 1 -> client a   written  (arrives 14.000 ms)",
    "14.000 ms  client a                ok       w k3=0  (operation 0)",
  ]);
});

test("a long trace prints its ends, a long payload its start", () => {
  const long = traceOf(
    Array.from({ length: 50 }, (_, k) =>
      message({
        ...{ name: "append", from: 1, to: 2, sentMs: k, receivedMs: null },
        payload: { version: 2 * 2 ** 32 + 17, text: "x".repeat(99) },
      }),
    ),
  );
  const lines = traceText(long, { rowLimit: 5, payloadWidth: 24 }).split("\n");
  expect(lines).toHaveLength(6);
  expect(lines[3]).toBe("… 45 more events …");
  expect(lines[5]).toBe(
    "49.000 ms  replica 1 -> replica 2  append  {version: 2.17, text: x…  (lost)",
  );
  expect(() => traceText(long, { rowLimit: 1 })).toThrow("traceText: need rowLimit");
});
