import { describe, expect, test } from "vitest";
import { partition, replicated, script } from "../../test/traceWorlds.ts";
import type { AnyProtocol, Protocol } from "../core/protocol.ts";
import { randomStream } from "../core/random.ts";
import type { Trace } from "../core/trace.ts";
import { stateDifference } from "./inspectDifference.ts";
import { inspectRun } from "./inspectRun.ts";
import { type RunPlan, traceRun } from "./traceRun.ts";
import type { Actor, World } from "./world.ts";

const write = { kind: "write", key: 3, session: 0, device: 0 } as const;

/** A leader that keeps its log, ships slices of it, crashes, is cut off, and comes back. */
const failover: RunPlan = {
  world: replicated({ clients: [0, 1], replicas: 3, copies: 2 }),
  actors: [
    script([
      ...[10, 12, 14, 40, 210, 250].map(
        (ms) => [ms, (c: Parameters<typeof partition>[0]) => void c.invoke(0, write)] as const,
      ),
      [30, (c) => c.crash(2)],
      [200, (c) => c.restart(2)],
      [230, (c) => partition(c, "cut", [[3], [2, 4]])],
      [330, (c) => partition(c, "heal", [[3], [2, 4]])],
      [340, (c) => c.invoke(1, write)],
    ]),
  ],
  seed: 7,
  durationMs: 600,
};

interface Messages {
  write: { readonly id: number };
  append: { readonly id: number };
  appended: { readonly id: number };
  written: { readonly id: number };
}

/** The broadcast of the simulator's own test: answered when two of four followers have it. */
function broadcast(): RunPlan {
  const followers = [2, 3, 4, 5];
  const leader: Protocol<{ acks: Record<number, number> }, Messages, object, null> = {
    role: "leader",
    init: () => ({ acks: {} }),
    on: {
      write(state, { id }, _from, effects) {
        state.acks[id] = 0;
        for (const follower of followers) effects.send(follower, "append", { id });
      },
      appended(state, { id }, _from, effects) {
        const count = (state.acks[id] ?? 4) + 1;
        state.acks[id] = count;
        if (count === 2) effects.send(0, "written", { id });
        if (count >= 4) delete state.acks[id];
      },
    },
    timers: {},
  };
  const follower: Protocol<null, Messages, object, null> = {
    role: "follower",
    init: () => null,
    on: { append: (_, { id }, from, effects) => effects.send(from, "appended", { id }) },
    timers: {},
  };
  const client: Protocol<null, Messages, object, null> = {
    role: "client",
    init: () => null,
    invoke: (_, { id }, effects) => effects.send(1, "write", { id }),
    on: {
      written: (_, { id }, from, effects) =>
        effects.complete(id, { outcome: "ok", value: id, version: 0, servedBy: from }),
    },
    timers: {},
  };
  const roles = [client, leader, follower, follower, follower, follower];
  const nodes = roles.map((protocol: AnyProtocol, k) => ({
    ...{ name: `${protocol.role} ${k}`, region: "here", config: null, protocol },
  }));
  return {
    world: { nodes, network: { latency: { kind: "exponential", meanMs: 1 } } },
    ...{ actors: [poisson(500)], seed: 3, durationMs: 1000 },
  };
}

/** Writes at the times of a Poisson process, ten a ms; one more as soon as one in four is answered. */
function poisson(count: number): Actor {
  let random = randomStream({ seed: 0, purpose: "arrivals" });
  let left = count;
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "arrivals" });
      left = count;
      controls.wakeAt(0, null);
    },
    wake(_, controls) {
      controls.invoke(0, write);
      if (--left > 0) controls.wakeAt(controls.nowMs - Math.log(random.nextUniform()) / 10, null);
    },
    completed({ id }, _, controls) {
      if (id % 4 === 0) controls.invoke(0, write);
    },
  };
}

const bytes = (value: unknown): string => JSON.stringify(value);

describe.each([
  ["a broadcast", broadcast(), 6000],
  ["a replicated log", failover, 150],
] as const)("%s", (_, plan, leastEvents) => {
  test("runs the same under inspection, to the last byte", () => {
    const plain = traceRun(plan);
    expect(plain.events.length).toBeGreaterThan(leastEvents);
    expect(bytes(inspectRun(plan).trace)).toBe(bytes(plain));
  });

  test("leaves every state as the copy of a plain run at that moment", () => {
    const { trace, steps } = withCopies(plan);
    const run = inspectRun(plan);
    expect(bytes(run.trace)).toBe(bytes(trace));
    // After the run: had a later step changed an earlier state, it would not be its copy any more.
    expect(run.steps().map(({ state }) => bytes(state))).toEqual(steps);
  });
});

type AnyHandler = (state: unknown, ...rest: unknown[]) => void;

/** The slower, obvious version: the state copied after every handler of a plain run. */
function withCopies(plan: RunPlan): { trace: Trace; steps: string[] } {
  const steps: string[] = [];
  // A handler that is called within another one, at the same node, is part of that.
  let depth = 0;
  const copied = (handler: AnyHandler): AnyHandler => {
    return (state, ...rest) => {
      depth++;
      handler(state, ...rest);
      depth--;
      if (depth === 0) steps.push(bytes(state));
    };
  };
  const told = <State>(state: State): State => {
    steps.push(bytes(state));
    return state;
  };
  const nodes = plan.world.nodes.map((node) => {
    const { init, restart, start, invoke, on, timers } = node.protocol;
    const all = (handlers: object): object =>
      Object.fromEntries(Object.entries(handlers).map(([name, each]) => [name, copied(each)]));
    const protocol: AnyProtocol = {
      role: node.protocol.role,
      init: (config, self) => told(init(config, self)),
      ...(restart && {
        restart: (durable, config, self) => told(restart(durable, config, self)),
      }),
      ...(start && { start: copied(start as AnyHandler) }),
      ...(invoke && { invoke: copied(invoke as AnyHandler) }),
      ...{ on: all(on) as AnyProtocol["on"], timers: all(timers) as AnyProtocol["timers"] },
    };
    return { ...node, protocol };
  });
  const trace = traceRun({ ...plan, world: { ...plan.world, nodes } });
  return { trace, steps };
}

describe("the states of a run", () => {
  const run = inspectRun(failover);
  type State = { log: object[]; epoch: number; leads: boolean; positions: object };
  const states = run.steps(2).map(({ state }) => state as State);

  test("cannot be changed", () => {
    for (const { state } of run.steps()) expect(Object.isFrozen(state)).toBe(true);
    const full = states.find(({ log }) => log.length === 3)!;
    expect(() => full.log.push({})).toThrow(TypeError);
    expect(() => Object.assign(full.log[0]!, { key: 9 })).toThrow(TypeError);
  });

  test("share all that a step left alone", () => {
    let shared = 0;
    for (const [index, state] of states.entries()) {
      const before = states[index - 1];
      if (before === undefined || bytes(state.log) !== bytes(before.log)) continue;
      if (state.log.length > 0 && state !== before && state.log === before.log) shared++;
    }
    expect(shared).toBeGreaterThan(20);
    // Of a log that grew, the entries are the same objects.
    const grown = states.findIndex(({ log }) => log.length === 3);
    expect(states[grown]!.log[0]).toBe(states[grown - 1]!.log[0]);
    // A step that changes nothing leaves the very state.
    expect(states.some((state, index) => state === states[index - 1])).toBe(true);
  });

  test("are found by time and by event", () => {
    const { events } = run.trace;
    expect((run.stateAt(2, { timeMs: 0 }) as State).leads).toBe(true);
    expect((run.stateAt(2, { timeMs: 9 }) as State).log).toHaveLength(0);
    expect((run.stateAt(2, { timeMs: 29 }) as State).log).toHaveLength(3);
    const first = events.findIndex((event) => event.kind === "message" && event.name === "write");
    const message = events[first]!;
    expect(message.kind === "message" && message.sentMs).toBe(10);
    expect((run.stateAt(2, { event: first }) as State).log).toHaveLength(1);
    expect((run.stateAt(0, { event: first }) as { open: number[] }).open).toContain(0);
    // What the message caused belongs to the moment at which it was handled.
    const answer = events.findIndex((event) => event.kind === "complete");
    expect((run.stateAt(0, { event: answer }) as { open: number[] }).open).not.toContain(0);
  });

  test("differ by what a handler changed, and by nothing else", () => {
    const { events } = run.trace;
    const first = events.findIndex((event) => event.kind === "message" && event.name === "write");
    const lines = run.difference(2, { timeMs: 9.99 }, { event: first }).split("\n");
    expect(lines).toEqual([
      '+ log[0]: {"epoch":1,"key":3,"value":0}',
      '+ waiting[0]: {"operation":0,"client":0,"position":1}',
    ]);
    expect(run.difference(2, { timeMs: 50 }, { timeMs: 150 })).toBe("");
  });

  test("are refused where there are none", () => {
    expect(() => run.stateAt(9, { timeMs: 1 })).toThrow("stateAt: need node");
    expect(() => run.stateAt(0, { event: 1e6 })).toThrow("stateAt: need event");
    expect(() => run.stateAt(0, { timeMs: -1 })).toThrow("stateAt: need timeMs");
  });
});

test("differences name what is new, gone and of another kind", () => {
  expect(
    stateDifference({ a: [1], b: { "c d": 1 }, e: null }, { a: [1, 2], b: {}, e: [] }).split("\n"),
  ).toEqual(["+ a[1]: 2", '- b["c d"]: 1', "e: null -> []"]);
  expect(stateDifference(1, 2)).toBe("state: 1 -> 2");
  expect(stateDifference({ a: 1 }, { a: 1 })).toBe("");
});

/** Two nodes; the first says hello with something of its state, and changes that right after. */
function talking(kind: "kept" | "copied"): RunPlan {
  interface Talk {
    readonly self: number;
    log: number[];
    heard: unknown[];
  }
  type Talks = { hello: readonly number[] };
  const role: Protocol<Talk, Talks, { tick: null }, null, { hears: unknown }> = {
    role: "talker",
    init: (_, self) => ({ self, log: [1], heard: [] }),
    start(state, effects) {
      if (state.self === 0) effects.setTimer("tick", null, 1);
    },
    on: {
      hello(state, log, _, effects) {
        state.heard.push(log);
        effects.observe("hears", log);
      },
    },
    timers: {
      tick(state, _, effects) {
        effects.send(1, "hello", kind === "kept" ? state.log : [...state.log]);
        state.log.push(2);
      },
    },
  };
  const nodes = ["a", "b"].map((name) => ({ name, region: "here", config: null, protocol: role }));
  return {
    world: { nodes, network: { latency: { kind: "constant", valueMs: 1 } } },
    ...{ seed: 1, durationMs: 5 },
  };
}

test("what leaves a handler is what it was at that moment, even where the handler keeps it", () => {
  for (const kind of ["kept", "copied"] as const) {
    const run = inspectRun(talking(kind));
    expect(run.stateAt(1, { timeMs: 5 })).toMatchObject({ heard: [[1]] });
    expect(run.stateAt(0, { timeMs: 5 })).toMatchObject({ log: [1, 2] });
  }
});

test("a protocol that changes what it has sent is found out: it runs otherwise under inspection", () => {
  const isSame = (plan: RunPlan): boolean =>
    bytes(traceRun(plan)) === bytes(inspectRun(plan).trace);
  expect(isSame(talking("copied"))).toBe(true);
  expect(isSame(talking("kept"))).toBe(false);
});

test.each([
  ["a Map", () => ({ seen: new Map() }), "Map"],
  ["a typed array", () => ({ counts: new Float64Array(2) }), "Float64Array"],
  ["a function", () => ({ next: () => 1 }), "a function"],
])("%s in a state is refused: steps would share it", (_, init, what) => {
  const protocol = { role: "keeper", init, on: {}, timers: {} };
  const nodes = [{ name: "a", region: "here", config: null, protocol }];
  const world: World = { nodes, network: { latency: { kind: "constant", valueMs: 1 } } };
  expect(() => inspectRun({ world, seed: 1, durationMs: 1 })).toThrow(
    `need the state of a keeper to be plain data (objects, arrays, numbers, texts), got ${what} in it`,
  );
});

test("a handler whose node crashes and comes back under it leaves the new state alone", () => {
  interface Count {
    count: number;
  }
  const role: Protocol<Count, object, { tick: null }, null, { tells: null }> = {
    role: "counter",
    init: () => ({ count: 0 }),
    start: (_, effects) => void effects.setTimer("tick", null, 2),
    on: {},
    timers: {
      tick(state, _, effects) {
        state.count++;
        if (effects.clockMs() < 3) effects.observe("tells", null);
        state.count += 10;
      },
    },
  };
  const actor: Actor = {
    begin: () => undefined,
    wake: () => undefined,
    observed(_name, _value, node, controls) {
      controls.crash(node);
      controls.restart(node);
    },
  };
  const nodes = [{ name: "a", region: "here", config: null, protocol: role }];
  const world: World = { nodes, network: { latency: { kind: "constant", valueMs: 1 } } };
  const run = inspectRun({ world, actors: [actor], seed: 1, durationMs: 10 });
  expect(run.steps(0).map(({ timeMs, state }) => [timeMs, (state as Count).count])).toEqual([
    [0, 0],
    [0, 0],
    [2, 0],
    [2, 0],
    [4, 11],
  ]);
});

test("the moment of a message holds all that came of it at its node, a new operation as well", () => {
  const run = inspectRun(broadcast());
  // The client's handler of this answer began another operation, under whose number its step stands.
  const answered = run.trace.events.findIndex(
    (event) =>
      event.kind === "message" &&
      event.name === "written" &&
      (event.payload as { id: number }).id % 4 === 0,
  );
  expect(run.steps(0).some(({ event }) => event === answered)).toBe(false);
  const { receivedMs } = run.trace.events[answered] as { receivedMs: number };
  const acks = run.stateAt(1, { event: answered });
  expect(acks).toBe(run.stateAt(1, { timeMs: receivedMs }));
  expect(acks).not.toEqual({ acks: {} });
});
