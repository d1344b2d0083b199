import { describe, expect, test } from "vitest";
import { partition, replicated, script } from "../../test/traceWorlds.ts";
import type { Protocol } from "../core/protocol.ts";
import type { MessageEvent, TraceEvent } from "../core/trace.ts";
import { Simulator } from "./simulator.ts";
import { traceRecorder } from "./traceRecorder.ts";
import { type RunPlan, traceRun } from "./traceRun.ts";
import type { Actor } from "./world.ts";

const write = { kind: "write", key: 3, session: 0, device: 0 } as const;
const read = { kind: "read", key: 3, session: 0, device: 0 } as const;

const failover: RunPlan = {
  world: replicated({ clients: [0, 1], replicas: 3, copies: 2 }),
  actors: [
    script([
      [10, (c) => c.invoke(0, write)],
      [30, (c) => c.crash(2)],
      [40, (c) => c.invoke(0, write)],
      [200, (c) => c.restart(2)],
      [260, (c) => c.invoke(1, read)],
    ]),
  ],
  seed: 7,
  durationMs: 400,
};
const messagesOf = (events: readonly TraceEvent[]): MessageEvent[] =>
  events.filter((event) => event.kind === "message");

describe("the recorder", () => {
  const trace = traceRun(failover);
  const { events } = trace;

  test("says who took part, and for how long", () => {
    expect(trace.seed).toBe(7);
    expect(trace.durationMs).toBe(400);
    expect(trace.nodes[2]).toEqual({ name: "replica 1", role: "replica" });
  });

  test("keeps events in the order of their times", () => {
    const times = events.map((event) => (event.kind === "message" ? event.sentMs : event.timeMs));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(events.map((event) => event.kind))).toEqual(
      new Set(["message", "timer", "invoke", "complete", "observe", "fault"]),
    );
  });

  test("knows what caused a message: it happened before, at the sender", () => {
    for (const event of events) {
      if (!("cause" in event) || event.cause < 0) continue;
      const node = event.kind === "message" ? event.from : event.node;
      const cause = events[event.cause]!;
      const when = event.kind === "message" ? event.sentMs : event.timeMs;
      if (cause.kind === "message") {
        expect([cause.to, cause.receivedMs]).toEqual([node, when]);
      } else if (cause.kind === "fault") expect(cause.nodes).toEqual([node]);
      else
        expect([cause.kind === "complete" ? -1 : cause.node, cause.timeMs]).toEqual([node, when]);
    }
    const written = events.findIndex(
      (event) => event.kind === "message" && event.name === "written",
    );
    const chain: string[] = [];
    for (let at = written; at >= 0; ) {
      const event = events[at]!;
      chain.push(event.kind === "message" || event.kind === "timer" ? event.name : event.kind);
      at = "cause" in event ? event.cause : -1;
    }
    // The disk says when the write is durable; who asked it is not known.
    expect(chain).toEqual(["written", "appended", "append", "stored"]);
  });

  test("says why a message did not arrive", () => {
    const fates = new Set(messagesOf(events).map(({ fate }) => fate));
    expect(fates).toEqual(new Set(["received", "down", "pending"]));
    const downFor = messagesOf(events).filter(({ fate }) => fate === "down");
    for (const { to, arrivalMs, receivedMs } of downFor) {
      expect([to, receivedMs]).toEqual([2, null]);
      expect(arrivalMs).toBeGreaterThanOrEqual(30);
      expect(arrivalMs).toBeLessThan(200);
    }
    for (const { fate, arrivalMs } of messagesOf(events)) {
      if (fate === "pending") expect(arrivalMs).toBeGreaterThan(400);
    }
  });

  test("is as good as new in the next run", () => {
    const recorder = traceRecorder(failover.world);
    const simulator = new Simulator(failover.world, {
      ...{ actors: failover.actors!, observers: [recorder], steps: recorder },
    });
    simulator.run(8, 300);
    simulator.run(7, 400);
    expect(recorder.trace()).toEqual(trace);
  });

  test("keeps a window, and the faults before it", () => {
    const window = traceRun({ ...failover, fromMs: 100, toMs: 150 });
    const expected = events.filter((event) => {
      if (event.kind === "message") {
        return event.sentMs <= 150 && (event.arrivalMs ?? event.sentMs) >= 100;
      }
      if (event.kind === "fault" || event.kind === "observe") return event.timeMs <= 150;
      return event.timeMs >= 100 && event.timeMs <= 150;
    });
    const bare = (event: TraceEvent): object => ({ ...event, cause: 0 });
    expect(window.events.map(bare)).toEqual(expected.map(bare));
    expect(expected.some((event) => event.kind === "fault")).toBe(true);
    expect(expected.length).toBeLessThan(events.length / 2);
  });

  test("refuses a run that is too long, and an empty window", () => {
    expect(() => traceRun({ ...failover, maxEvents: 50 })).toThrow(
      /^traceRecorder: need the run to be at most 50 events; record a window/,
    );
    expect(() => traceRun({ ...failover, fromMs: 2, toMs: 1 })).toThrow(
      "traceRecorder: need toMs to be a number in [2, Infinity], got 1",
    );
  });
});

test("payloads are as they were when they were sent", () => {
  interface Ball {
    ball: { count: number };
  }
  // Breaks the rule of payloads: it keeps what it sent, and goes on changing it.
  const role: Protocol<{ self: number; count: number }, Ball, object, null> = {
    role: "player",
    init: (_, self) => ({ self, count: 0 }),
    start(state, effects) {
      if (state.self === 0) effects.send(1, "ball", state);
    },
    on: {
      ball(state, _, from, effects) {
        state.count++;
        effects.send(from, "ball", state);
      },
    },
    timers: {},
  };
  const place = { region: "here", config: null, protocol: role };
  const trace = traceRun({
    world: {
      nodes: [
        { ...place, name: "a" },
        { ...place, name: "b" },
      ],
      network: { latency: { kind: "constant", valueMs: 1 } },
    },
    ...{ seed: 1, durationMs: 4 },
  });
  const counts = messagesOf(trace.events).map(
    ({ payload }) => (payload as { count: number }).count,
  );
  expect(counts).toEqual([0, 1, 1, 2, 2]);
});

test("an operation that begins in the midst of a handler elsewhere takes nothing over from it", () => {
  interface Messages {
    ask: null;
    told: null;
  }
  const asker: Protocol<null, Messages, object, null> = {
    role: "asker",
    init: () => null,
    invoke: (_, { id }, effects) => effects.send(2, "ask", null, id),
    on: {},
    timers: {},
  };
  // Completes an operation of its own, and only then goes on.
  const teller: Protocol<null, Messages, object, null> = {
    ...asker,
    role: "teller",
    invoke(_, { id }, effects) {
      effects.complete(id, { outcome: "ok", value: null, version: 0, servedBy: -1 });
      effects.send(2, "told", null);
    },
  };
  const sink: Protocol<null, Messages, object, null> = {
    ...asker,
    role: "sink",
    on: { ask: () => undefined, told: () => undefined },
  };
  const next: Actor = {
    begin: (_, controls) => void controls.invoke(1, read),
    wake: () => undefined,
    completed: (_operation, _completion, controls) => void controls.invoke(0, read),
  };
  const nodes = [asker, teller, sink].map((protocol) => ({
    ...{ name: protocol.role, region: "here", config: null, protocol },
  }));
  const { events } = traceRun({
    world: { nodes, network: { latency: { kind: "constant", valueMs: 1 } } },
    ...{ actors: [next], seed: 1, durationMs: 10 },
  });
  const cause = (name: string): unknown => {
    const message = messagesOf(events).find((each) => each.name === name)!;
    return (events[message.cause] as { operation: { id: number } }).operation.id;
  };
  expect([cause("told"), cause("ask")]).toEqual([0, 1]);
});

test("cuts and heals name their links, and messages into them are cut", () => {
  const trace = traceRun({
    ...failover,
    actors: [
      script([
        [10, (c) => partition(c, "cut", [[2], [3]])],
        [60, (c) => partition(c, "heal", [[2], [3]])],
      ]),
    ],
    durationMs: 100,
  });
  const links = trace.events.flatMap((event) => (event.kind === "fault" ? event.links : []));
  const both = [
    [2, 3],
    [3, 2],
  ];
  expect(links).toEqual([...both, ...both]);
  const cut = messagesOf(trace.events).filter(({ fate }) => fate === "cut");
  expect(cut.length).toBeGreaterThan(0);
  for (const { from, to, sentMs, arrivalMs } of cut) {
    expect(both).toContainEqual([from, to]);
    expect(arrivalMs).toBeNull();
    expect(sentMs >= 10 && sentMs < 60).toBe(true);
  }
});
