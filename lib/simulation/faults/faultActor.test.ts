import { expect, test } from "vitest";
import {
  at,
  crash,
  leading,
  node,
  nodesOf,
  run,
  telling,
} from "../../../test/support/beatingWorld.ts";
import { Episode } from "./episode.ts";
import type { CutLinks, FaultSpec } from "./faultSpec.ts";

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

test("a slow machine is slow again after a crash, for as long as its fault lasts", () => {
  const what = { kind: "slow", target: node(1), factor: 4, lastsMs: 40 } as const;
  const { seen } = run({ faults: [{ what, when: at(10) }, crash(1, 20, 10), crash(1, 60, 10)] });
  expect(seen.map(({ timeMs, name, value }) => [timeMs, name, value])).toEqual([
    ...[
      [10, "slow", 4],
      [20, "crash", 0],
      [30, "slow", 4],
      [30, "restart", 0],
    ],
    ...[
      [50, "slow", 1],
      [60, "crash", 0],
      [70, "restart", 0],
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

test("an episode that is over is not kept", () => {
  const episodes = new Set<Episode>();
  let healed = 0;
  const episode = new Episode(() => () => healed++, episodes);
  expect(episodes.size).toBe(1);
  episode.end();
  episode.end();
  expect([episodes.size, healed]).toEqual([0, 1]);
});
