import { expect, test } from "vitest";
import { type Seen, worldOf } from "../../../test/support/idleWorld.ts";
import type { Protocol } from "../../core/protocol.ts";
import { Simulator } from "../simulator.ts";
import type { Actor, WorldNode } from "../world.ts";
import { Episode } from "./episode.ts";
import { faultActor } from "./faultActor.ts";
import type { CutLinks, FaultSchedule, FaultSpec, FaultTarget } from "./faultSpec.ts";

interface Messages {
  beat: { readonly count: number };
  request: { readonly id: number };
  reply: { readonly id: number };
}
interface Timers {
  tick: null;
  say: { readonly name: string; readonly epoch: number };
}
interface State {
  /** Beats received, by sender. */
  heard: number[];
  replies: number[];
  ticks: number;
}
/** What the node tells at given times. */
interface Config {
  readonly says: readonly { atMs: number; name: string; epoch: number }[];
  readonly count: number;
}

const [client, server] = [0, 1];

/** Sends a beat to all each ms; answers requests, and tells so before it does. */
const beating: Protocol<State, Messages, Timers, Config, Record<string, unknown>> = {
  role: "replica",
  init: ({ count }) => ({ heard: new Array(count).fill(0), replies: [], ticks: 0 }),
  start(_state, effects) {
    effects.setTimer("tick", null, 0.5);
  },
  invoke: (_state, { id }, effects) => effects.send(server, "request", { id }),
  on: {
    beat(state, _, from) {
      state.heard[from]!++;
    },
    request(state, { id }, from, effects) {
      state.replies.push(id);
      effects.send(from, "reply", { id });
      effects.observe("acknowledged", { id });
      effects.send(from, "reply", { id: id + 100 });
      effects.setTimer("tick", null, 0);
    },
    reply(state, { id }) {
      state.replies.push(id);
    },
  },
  timers: {
    tick(state, _, effects) {
      state.ticks++;
      for (let to = 0; to < state.heard.length; to++) effects.send(to, "beat", { count: 0 });
      effects.setTimer("tick", null, 1);
    },
    say: (_state, { name, epoch }, effects) => effects.observe(name, { partition: 0, epoch }),
  },
};

/** As `beating`, silent, but telling what its configuration says. */
const telling: typeof beating = {
  ...beating,
  init: (config) => ({ ...beating.init(config, 0), says: config.says }) as State,
  start(state, effects) {
    const { says } = state as State & Config;
    for (const { atMs, ...said } of says) effects.setTimer("say", said, atMs);
  },
  restart: (_, config) => telling.init({ ...config, says: [] }, 0),
};

function run(
  schedule: FaultSchedule,
  {
    protocol = beating,
    says = [],
    durationMs = 100,
    count = 5,
    others = [],
  }: {
    protocol?: typeof beating;
    says?: readonly Config["says"][];
    durationMs?: number;
    count?: number;
    others?: readonly Actor[];
  } = {},
) {
  const nodes = Array.from({ length: count }, (_, id): WorldNode => {
    const config: Config = { count, says: says[id] ?? [] };
    return { name: `r${id}`, region: "here", protocol, config };
  });
  const seen: Seen[] = [];
  const world = worldOf(nodes);
  const simulator = new Simulator(world, {
    actors: [faultActor(schedule, world), ...others],
    observers: [
      { faulted: (name, node, value, timeMs) => seen.push({ name, node, value, timeMs }) },
    ],
  });
  simulator.run(1, durationMs);
  return {
    ...{ seen, simulator },
    state: (node: number) => simulator.state(node) as State,
    steps: (...names: string[]) =>
      seen
        .filter(({ name }) => names.includes(name))
        .map(({ name, node, timeMs }) => `${timeMs} ${name} ${node}`),
  };
}

const node = (id: number): FaultTarget => ({ kind: "node", node: id });
const nodesOf = (...ids: number[]): FaultTarget[] => [{ kind: "nodes", nodes: ids }];
const at = (atMs: number | number[]) => ({ kind: "at", atMs }) as const;
const crash = (id: number, atMs: number, lastsMs: number | "forever"): FaultSpec => ({
  ...{ what: { kind: "crash", target: node(id), lastsMs }, when: at(atMs) },
});

/** Who hears whom while a cut lasts: a row for each receiver. */
function hearing(links: CutLinks, count: number): string[] {
  const what = { kind: "cut", links, lastsMs: "forever" } as const;
  const { state } = run({ faults: [{ what, when: at(0) }] }, { count });
  const all = Array.from({ length: count }, (_, id) => id);
  return all.map((id) => all.map((from) => (state(id).heard[from]! > 50 ? "1" : "0")).join(""));
}

test("a cut from one set to another loses that direction only, and only while it lasts", () => {
  const links = { kind: "oneWay", from: nodesOf(0), to: nodesOf(1, 2) } as const;
  const what = { kind: "cut", links, lastsMs: 40 } as const;
  const { state } = run({ faults: [{ what, when: at(20) }] });
  // Beats at 0.5, 1.5, ..., 99.5 ms, each 1 ms under way; 40 of them were lost.
  expect(state(1).heard).toEqual([59, 100, 99, 99, 99]);
  expect(state(2).heard).toEqual([59, 99, 100, 99, 99]);
  expect(state(0).heard).toEqual([100, 99, 99, 99, 99]);
  expect(state(3).heard).toEqual([99, 99, 99, 100, 99]);
});

test("split, isolated, bridged and ring-like networks: who hears whom", () => {
  expect(hearing({ kind: "split", groups: [nodesOf(0, 1), nodesOf(2, 3, 4)] }, 5)).toEqual([
    ...["11000", "11000", "00111", "00111", "00111"],
  ]);
  // Node 2 in both groups, or in none: a bridge.
  const bridged = ["11100", "11100", "11111", "00111", "00111"];
  const sides = [nodesOf(0, 1, 2), nodesOf(2, 3, 4)];
  expect(hearing({ kind: "split", groups: sides }, 5)).toEqual(bridged);
  const apart = [nodesOf(0, 1), nodesOf(3, 4)];
  expect(hearing({ kind: "split", groups: apart }, 5)).toEqual(bridged);
  expect(hearing({ kind: "isolate", nodes: nodesOf(0, 1) }, 4)).toEqual([
    ...["1100", "1100", "0011", "0011"],
  ]);
  // A sees B, but not C; C sees both in part.
  expect(hearing({ kind: "isolate", nodes: nodesOf(0), others: nodesOf(2) }, 3)).toEqual([
    ...["110", "111", "011"],
  ]);
  expect(hearing({ kind: "oneWay", from: nodesOf(0), to: nodesOf(1, 2) }, 3)).toEqual([
    ...["111", "011", "011"],
  ]);
});

test.each([3, 4, 5, 6, 7])("a ring of %d majorities: each hears one, no two the same", (count) => {
  const ids = Array.from({ length: count }, (_, id) => id);
  const rows = hearing({ kind: "majoritiesRing", nodes: nodesOf(...ids) }, count);
  const majority = Math.floor(count / 2) + 1;
  for (const row of rows) expect([...row].filter((heard) => heard === "1")).toHaveLength(majority);
  expect(new Set(rows).size).toBe(count);
});

test("a flapping link is cut for its share of each period, and whole at the end", () => {
  const links = { kind: "oneWay", from: nodesOf(0), to: nodesOf(1) } as const;
  const flapping = { periodMs: 20, cutShare: 0.3 };
  const what = { kind: "cut", links, lastsMs: 75, flapping } as const;
  const { steps, state } = run({ faults: [{ what, when: at(10) }] });
  expect(steps("cut")).toEqual(["10 cut 0", "30 cut 0", "50 cut 0", "70 cut 0"]);
  expect(steps("heal")).toEqual(["16 heal 0", "36 heal 0", "56 heal 0", "76 heal 0"]);
  expect(state(1).heard[0]).toBe(99 - 4 * 6);
});

test("a link flapping when its fault ends is healed once", () => {
  const links = { kind: "oneWay", from: nodesOf(0), to: nodesOf(1) } as const;
  const cut = (lastsMs: number): FaultSpec => ({
    what: { kind: "cut", links, lastsMs, flapping: { periodMs: 20, cutShare: 0.5 } },
    when: at(0),
  });
  expect(run({ faults: [cut(25)] }).steps("cut", "heal")).toEqual([
    ...["0 cut 0", "10 heal 0", "20 cut 0", "25 heal 0"],
  ]);
  expect(run({ faults: [cut(20)] }).steps("cut", "heal")).toEqual(["0 cut 0", "10 heal 0"]);
});

test("cuts of one link add up: it is whole when the last is over", () => {
  const cut = (atMs: number, lastsMs: number): FaultSpec => ({
    what: { kind: "cut", links: { kind: "isolate", nodes: nodesOf(0) }, lastsMs },
    when: at(atMs),
  });
  const { state } = run({ faults: [cut(10, 30), cut(20, 50)] });
  expect(state(0).heard).toEqual([100, 39, 39, 39, 39]);
  expect(state(1).heard).toEqual([39, 100, 99, 99, 99]);
});

test("a node hit by two crashes is up again when both are over", () => {
  const { steps } = run({ faults: [crash(1, 10, 30), crash(1, 20, 50), crash(2, 10, "forever")] });
  expect(steps("crash", "restart")).toEqual(["10 crash 1", "10 crash 2", "70 restart 1"]);
});

test("a pause ends with the process that stood still", () => {
  const pause = (atMs: number, lastsMs: number): FaultSpec => ({
    what: { kind: "pause", target: node(1), lastsMs },
    when: at(atMs),
  });
  // Crashed at 20, up at 30, paused again from 40 to 80: the first pause does not end that at 60.
  const { steps, state } = run({ faults: [pause(10, 50), crash(1, 20, 10), pause(40, 40)] });
  expect(steps("pause", "resume", "crash", "restart")).toEqual([
    ...["10 pause 1", "20 crash 1", "30 restart 1", "40 pause 1", "80 resume 1"],
  ]);
  // Ticks at 30.5 to 39.5; the one of 40.5 waited until 80, and from then on one each ms.
  expect(state(1).ticks).toBe(10 + 21);
  // Of a node that is down, nothing is paused.
  expect(run({ faults: [crash(1, 0, 50), pause(10, 60)] }).steps("pause", "resume")).toEqual([]);
  // Two pauses: the node goes on when both are over.
  expect(run({ faults: [pause(10, 20), pause(20, 30)] }).steps("pause", "resume")).toEqual([
    ...["10 pause 1", "50 resume 1"],
  ]);
});

test("factors multiply, and are exactly 1 when all are over", () => {
  const slow = (factor: number, atMs: number, lastsMs: number): FaultSpec => ({
    what: { kind: "slow", target: node(1), factor, lastsMs },
    when: at(atMs),
  });
  const jam = (factor: number, atMs: number, lastsMs: number): FaultSpec => ({
    what: { kind: "congestion", factor, lastsMs },
    when: at(atMs),
  });
  const { seen } = run({
    faults: [slow(0.1, 10, 30), slow(3, 20, 30), jam(7, 15, 40), jam(0.3, 25, 10)],
  });
  const values = (name: string) =>
    seen.filter((each) => each.name === name).map(({ timeMs, value }) => [timeMs, value]);
  expect(values("slow")).toEqual([
    ...[
      [10, 0.1],
      [20, 0.1 * 3],
      [40, 3],
      [50, 1],
    ],
  ]);
  expect(values("stretch")).toEqual([
    ...[
      [15, 7],
      [25, 7 * 0.3],
      [35, 7],
      [55, 1],
    ],
  ]);
});

test("clocks jump by their amount, and back if the jump has an end", () => {
  const jump = (byMs: number, lastsMs?: number): FaultSpec => ({
    what: { kind: "clockJump", target: node(1), byMs, ...(lastsMs && { lastsMs }) },
    when: at(10),
  });
  const jumps = run({ faults: [jump(-300), jump(20, 5)], healAllAtMs: 50 }).seen;
  expect(jumps.map(({ timeMs, value }) => [timeMs, value])).toEqual([
    ...[
      [10, -300],
      [10, 20],
      [15, -20],
    ],
  ]);
});

test("at a time all is healed, and nothing strikes any more", () => {
  const every = { kind: "every", everyMs: 15 } as const;
  const forever = "forever" as const;
  const links = { kind: "isolate", nodes: nodesOf(3) } as const;
  const flapping = { periodMs: 4, cutShare: 0.5 };
  const { steps, state } = run({
    faults: [
      crash(0, 10, forever),
      { what: { kind: "crash", target: node(1), lastsMs: 1000 }, when: every },
      { what: { kind: "pause", target: node(2), lastsMs: forever }, when: every },
      { what: { kind: "cut", links, lastsMs: forever }, when: every },
      { what: { kind: "cut", links, lastsMs: forever, flapping }, when: every },
      { what: { kind: "slow", target: node(4), factor: 2, lastsMs: forever }, when: every },
      {
        what: { kind: "crash", target: { kind: "self" }, lastsMs: 5 },
        when: { kind: "observed", observation: "acknowledged", occurrence: 1 },
      },
    ],
    healAllAtMs: 50,
  });
  const times = steps("crash", "pause", "cut", "slow").map((step) => Number.parseFloat(step));
  expect(times.filter((time) => time < 50).length).toBeGreaterThan(20);
  expect(Math.max(...times)).toBe(50);
  expect(steps("restart", "resume")).toEqual(["50 restart 0", "50 restart 1", "50 resume 2"]);
  const before = [0, 1, 2, 3, 4].map((id) => state(id).ticks);
  // All hear all from 50 on.
  expect(before.every((ticks) => ticks >= 50)).toBe(true);
  for (const from of [0, 1, 2, 4]) expect(state(3).heard[from]).toBeGreaterThanOrEqual(49);
});

/** Three requests of the client, at 10, 20 and 30 ms; they arrive 1 ms later. */
const requests: Actor = {
  begin: (_, controls) => {
    for (const timeMs of [10, 20, 30, 40]) controls.wakeAt(timeMs, null);
  },
  wake: (_, controls) => controls.invoke(client, { kind: "read", key: 0, session: 0, device: 0 }),
};

test("an adversary strikes in the middle of the handler, which does nothing more", () => {
  const fault: FaultSpec = {
    what: { kind: "crash", target: { kind: "self" }, lastsMs: 5 },
    when: { kind: "observed", observation: "acknowledged", occurrence: 3 },
  };
  const { steps, state } = run(
    { faults: [fault] },
    { count: 2, protocol: telling, others: [requests] },
  );
  expect(steps("crash", "restart")).toEqual(["31 crash 1", "36 restart 1"]);
  // The reply sent before it crashed arrives, that after does not; later requests are served.
  expect(state(client).replies).toEqual([0, 100, 1, 101, 2, 3, 103]);
  // What the server knew is gone with the crash.
  expect(state(server).replies).toEqual([3]);
});

test("an adversary may wait, strike again, and listen to some nodes only", () => {
  const observed = { kind: "observed", observation: "acknowledged", occurrence: 1 } as const;
  const strikes = (when: FaultSpec["when"], target: FaultTarget = { kind: "self" }) =>
    run(
      { faults: [{ what: { kind: "crash", target, lastsMs: 1 }, when }] },
      { count: 2, protocol: telling, others: [requests] },
    ).steps("crash");
  expect(strikes(observed)).toEqual(["11 crash 1"]);
  expect(strikes({ ...observed, afterMs: 2 })).toEqual(["13 crash 1"]);
  expect(strikes({ ...observed, thenEvery: 2 })).toEqual(["11 crash 1", "31 crash 1"]);
  expect(strikes(observed, node(0))).toEqual(["11 crash 0"]);
  expect(strikes({ ...observed, by: { kind: "node", node: 0 } })).toEqual([]);
});

const leading = [
  [],
  [
    { atMs: 10, name: "leads", epoch: 1 },
    { atMs: 60, name: "yields", epoch: 1 },
  ],
  [{ atMs: 30, name: "leads", epoch: 2 }],
];

test.each([
  { atMs: 5, leader: [], followers: [] },
  { atMs: 20, leader: [1], followers: [0, 2, 3] },
  // Both believe that they lead: the higher epoch does.
  { atMs: 40, leader: [2], followers: [0, 1, 3] },
])("the leader at $atMs ms is $leader", ({ atMs, leader, followers }) => {
  const hit = (target: FaultTarget) => {
    const what = { kind: "pause", target, lastsMs: 1 } as const;
    const options = { protocol: telling, says: leading, count: 4 };
    return run({ faults: [{ what, when: at(atMs) }] }, options)
      .seen.filter(({ name }) => name === "pause")
      .map((each) => each.node);
  };
  expect(hit({ kind: "leader" })).toEqual(leader);
  expect(hit({ kind: "followers" })).toEqual(followers);
  expect(hit({ kind: "followers", of: { kind: "nodes", nodes: [1, 2, 3] } })).toEqual(
    followers.filter((id) => id > 0),
  );
  expect(hit({ kind: "followers", count: 1 })).toHaveLength(Math.min(1, followers.length));
  expect(hit({ kind: "leader", partition: 1 })).toEqual([]);
});

test("a leader that crashed leads no more, nor does one that yielded", () => {
  const hits = (faults: readonly FaultSpec[]) =>
    run({ faults }, { protocol: telling, says: leading, count: 4 }).steps("crash");
  const crashLeader = (atMs: number[], lastsMs: number): FaultSpec => ({
    what: { kind: "crash", target: { kind: "leader" }, lastsMs },
    when: at(atMs),
  });
  // Of the two, 2 crashes first; then 1 is left, which yields at 60.
  expect(hits([crashLeader([40, 50], 1)])).toEqual(["40 crash 2", "50 crash 1"]);
  expect(hits([crashLeader([40, 65], 1)])).toEqual(["40 crash 2"]);
  // Crashed at the moment at which it begins to lead.
  const first: FaultSpec = {
    what: { kind: "crash", target: { kind: "leader" }, lastsMs: 1 },
    when: { kind: "observed", observation: "leads", occurrence: 1 },
  };
  expect(hits([first, crashLeader([20], 1)])).toEqual(["10 crash 1"]);
});

test("a later claim of a lower epoch does not count, nor does one of a node that is down", () => {
  const says = [
    [],
    [{ atMs: 20, name: "leads", epoch: 2 }],
    [{ atMs: 10, name: "leads", epoch: 5 }],
  ];
  const pauseLeader: FaultSpec = {
    what: { kind: "pause", target: { kind: "leader" }, lastsMs: 1 },
    when: at([15, 25, 35]),
  };
  // Somebody else crashes the leader, of which the schedule is not told.
  const operator: Actor = {
    begin: (_, controls) => controls.wakeAt(30, null),
    wake: (_, controls) => controls.crash(2),
  };
  const options = { protocol: telling, says, count: 3, others: [operator] };
  expect(run({ faults: [pauseLeader] }, options).steps("pause")).toEqual([
    ...["15 pause 2", "25 pause 2", "35 pause 1"],
  ]);
});

test("a simulator that runs again begins with nothing broken, nobody leading, nothing counted", () => {
  const forever = "forever" as const;
  const faults: FaultSpec[] = [
    crash(0, 40, forever),
    { what: { kind: "crash", target: { kind: "leader" }, lastsMs: 30 }, when: at([5, 35]) },
    { what: { kind: "slow", target: node(1), factor: 3, lastsMs: forever }, when: at(20) },
    {
      what: { kind: "pause", target: { kind: "self" }, lastsMs: 30 },
      when: { kind: "observed", observation: "leads", occurrence: 1 },
    },
    {
      what: { kind: "congestion", factor: 2, lastsMs: { kind: "exponential", meanMs: 20 } },
      when: { kind: "random", gapMs: { kind: "exponential", meanMs: 10 } },
    },
  ];
  for (const healing of [{}, { healAllAtMs: 80 }]) {
    const options = { protocol: telling, says: leading, count: 4 };
    const { simulator, seen } = run({ faults, ...healing }, options);
    const first = seen.splice(0);
    expect(first.length).toBeGreaterThan(12);
    simulator.run(2, 45);
    expect(seen.splice(0)).not.toEqual(first);
    simulator.run(1, 100);
    expect(seen).toEqual(first);
  }
});

test("an adversary does not strike when all has been healed", () => {
  const fault: FaultSpec = {
    what: { kind: "crash", target: { kind: "self" }, lastsMs: 5 },
    when: { kind: "observed", observation: "acknowledged", occurrence: 1 },
  };
  const options = { count: 2, protocol: telling, others: [requests] };
  expect(run({ faults: [fault], healAllAtMs: 10 }, options).steps("crash")).toEqual([]);
});

test("an episode that is over is not kept", () => {
  const episodes = new Set<Episode>();
  let healed = 0;
  const episode = new Episode(() => () => healed++, episodes);
  expect(episodes.size).toBe(1);
  episode.end();
  episode.end();
  expect([episodes.size, healed]).toEqual([0, 1]);
});

test("a schedule may say by which observations leaders are known", () => {
  const says = [[{ atMs: 10, name: "elected", epoch: 1 }]];
  const crashLeader: FaultSpec = {
    what: { kind: "crash", target: { kind: "leader" }, lastsMs: 1 },
    when: at(20),
  };
  const leadership = { leads: "elected", yields: "deposed" };
  const options = { protocol: telling, says, count: 2 };
  expect(run({ faults: [crashLeader], leadership }, options).steps("crash")).toEqual([
    "20 crash 0",
  ]);
  expect(run({ faults: [crashLeader] }, options).steps("crash")).toEqual([]);
});
