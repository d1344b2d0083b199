import { expect, test } from "vitest";
import {
  kolmogorov,
  meanOf,
  ratioOf,
  type Seen,
  sixReplicas,
  strikes,
  worldOf,
} from "../../../test/support/idleWorld.ts";
import { distributionFromJson } from "../../core/distributions/registry.ts";
import { Simulator } from "../simulator.ts";
import { faultActor } from "./faultActor.ts";
import type { FaultSpec } from "./faultSpec.ts";

const replicas = { kind: "role", role: "replica" } as const;
const first = { kind: "node", node: "r0" } as const;

function timesOf(seen: readonly Seen[], name: string, node?: number): number[] {
  return seen
    .filter((each) => each.name === name && (node ?? each.node) === each.node)
    .map(({ timeMs }) => timeMs);
}

function gapsOf(times: readonly number[]): number[] {
  return times.map((time, i) => time - (times[i - 1] ?? 0));
}

test("scripted faults strike at their times, in whatever order these are given", () => {
  const what = { kind: "crash", target: first, lastsMs: "2 s" } as const;
  const seen = strikes({ faults: [{ what, when: { kind: "at", atMs: ["1 min", 5000, 0] } }] });
  expect(timesOf(seen, "crash")).toEqual([0, 5000, 60_000]);
  expect(timesOf(seen, "restart")).toEqual([2000, 7000, 62_000]);
});

test("repeated faults strike every so many ms, from one time until before another", () => {
  const what = { kind: "pause", target: first, lastsMs: 10 } as const;
  const times = (when: object) =>
    timesOf(
      strikes(
        { faults: [{ what, when: { kind: "every", everyMs: 100, ...when } }] },
        { durationMs: 450 },
      ),
      "pause",
    );
  expect(times({})).toEqual([100, 200, 300, 400]);
  expect(times({ fromMs: 30, untilMs: 230 })).toEqual([30, 130]);
});

// 5,000 gaps. P(sqrt(n) D > 2.28) = 2 exp(-2 x 2.28^2) = 6e-5, that of 4 standard errors.
test("random faults strike after gaps of their distribution, whether or not the last is over", () => {
  const gapMs = { kind: "gamma", shape: 2.5, scaleMs: 80 } as const;
  const gap = distributionFromJson(gapMs);
  const what = { kind: "slow", target: first, factor: 2, lastsMs: 150 } as const;
  const seen = strikes(
    { faults: [{ what, when: { kind: "random", gapMs } }] },
    { durationMs: 1.1e6 },
  );
  const begins = seen.filter(({ value }, i) => value > (seen[i - 1]?.value ?? 1));
  const gaps = gapsOf(begins.map(({ timeMs }) => timeMs)).slice(0, 5000);
  expect(gaps).toHaveLength(5000);
  expect(kolmogorov(gaps, gap.cdf)).toBeLessThan(2.28);
  // Some struck while another was in force: factors of 4 and more.
  expect(seen.some(({ value }) => value >= 4)).toBe(true);
});

const renewal: FaultSpec = {
  what: {
    kind: "crash",
    target: replicas,
    lastsMs: { kind: "logNormal", medianMs: 60, sigma: 0.8 },
  },
  when: { kind: "renewal", upMs: { kind: "weibull", scaleMs: 500, shape: 1.5 } },
};

// Six nodes, 3e6 ms, about 33,000 cycles.
test("a renewal process: times up and down of their distributions, available E[up] / E[up + down]", () => {
  const seen = strikes({ faults: [renewal] }, { durationMs: 3e6 });
  const cycles = [0, 1, 2, 3, 4, 5].flatMap((node) => {
    const downs = timesOf(seen, "crash", node);
    const ups = timesOf(seen, "restart", node);
    return ups.map((up, i) => ({ up: downs[i]! - (ups[i - 1] ?? 0), down: up - downs[i]! }));
  });
  expect(cycles.length).toBeGreaterThan(30_000);
  const up = distributionFromJson({ kind: "weibull", scaleMs: 500, shape: 1.5 });
  const down = distributionFromJson({ kind: "logNormal", medianMs: 60, sigma: 0.8 });
  expect(
    kolmogorov(
      cycles.map((cycle) => cycle.up),
      up.cdf,
    ),
  ).toBeLessThan(2.28);
  expect(
    kolmogorov(
      cycles.map((cycle) => cycle.down),
      down.cdf,
    ),
  ).toBeLessThan(2.28);
  const { ratio, error } = ratioOf(cycles.map((cycle) => [cycle.up, cycle.up + cycle.down]));
  expect(Math.abs(ratio - up.mean / (up.mean + down.mean))).toBeLessThan(4 * error);
});

test("each node has a renewal process of its own: others do not change it", () => {
  const upMs = { kind: "exponential", meanMs: 500 } as const;
  const lastsMs = { kind: "exponential", meanMs: 50 } as const;
  const run = (nodes: string[]) => {
    const what = { kind: "crash", target: { kind: "nodes", nodes }, lastsMs } as const;
    const seen = strikes({ faults: [{ what, when: { kind: "renewal", upMs } }] });
    return seen.filter(({ node }) => node === 1);
  };
  expect(run(["r1"]).length).toBeGreaterThan(3000);
  expect(run(["r0", "r1", "r5"])).toEqual(run(["r1"]));
});

// Each node has its own: correlation of the k-th times up of two nodes, n = 5,000 pairs.
test("a renewal process is independent from node to node", () => {
  const seen = strikes({ faults: [renewal] }, { durationMs: 3e6 });
  const [a, b] = [0, 1].map((node) => {
    const downs = timesOf(seen, "crash", node);
    const ups = timesOf(seen, "restart", node);
    return downs.map((time, i) => time - (ups[i - 1] ?? 0)).slice(0, 5000);
  });
  const [meanA, meanB] = [meanOf(a!).mean, meanOf(b!).mean];
  const product = a!.map((x, i) => (x - meanA) * (b![i]! - meanB));
  expect(product).toHaveLength(5000);
  expect(Math.abs(meanOf(product).mean)).toBeLessThan(4 * meanOf(product).error);
});

// 30,000 events: the share of each region, and of nodes hit in it, within 4 standard errors.
test("one event hits nodes of one region together, each with the share given", () => {
  const target = { kind: "groupShare", groups: "regions", share: 0.4 } as const;
  const fault: FaultSpec = {
    what: { kind: "crash", target, lastsMs: 10 },
    when: { kind: "every", everyMs: 100 },
  };
  const seen = strikes({ faults: [fault] }, { durationMs: 3e6 });
  const byTime = new Map<number, number[]>();
  for (const { name, node, timeMs } of seen) {
    if (name === "crash") byTime.set(timeMs, [...(byTime.get(timeMs) ?? []), node]);
  }
  // North: r0, r1, c0; south: r2, r3; west: r4, r5, c1.
  const regionOf = [0, 0, 1, 1, 2, 2, 0, 2];
  const sizes = [3, 2, 3];
  for (const nodes of byTime.values()) {
    expect(new Set(nodes.map((node) => regionOf[node])).size).toBe(1);
  }
  const n = 30_000;
  for (const [region, size] of sizes.entries()) {
    const hits = [...byTime.values()].filter((nodes) => regionOf[nodes[0]!] === region);
    const chance = (1 - 0.6 ** size) / 3;
    const error = Math.sqrt((chance * (1 - chance)) / n);
    expect(Math.abs(hits.length / n - chance)).toBeLessThan(4 * error);
    const all = hits.filter((nodes) => nodes.length === size).length / n;
    const allChance = 0.4 ** size / 3;
    const allError = Math.sqrt((allChance * (1 - allChance)) / n);
    expect(Math.abs(all - allChance)).toBeLessThan(4 * allError);
  }
});

// Ford et al. (OSDI 2010): 37 % of failures in bursts of two or more. 20,000 bursts.
test("bursts: distinct nodes within the window, and the share of failures in bursts", () => {
  const sizeWeights = [0.63, 0, 0.37 / 3];
  const fault: FaultSpec = {
    what: { kind: "crash", target: replicas, lastsMs: 1 },
    when: { kind: "bursts", gapMs: 1000, sizeWeights, windowMs: 120 },
  };
  const seen = strikes({ faults: [fault] }, { durationMs: 20_000_500 });
  const bursts = new Map<number, Seen[]>();
  for (const each of seen.filter(({ name }) => name === "crash")) {
    const index = Math.floor(each.timeMs / 1000);
    bursts.set(index, [...(bursts.get(index) ?? []), each]);
  }
  expect(bursts.size).toBe(20_000);
  for (const burst of bursts.values()) {
    expect(new Set(burst.map(({ node }) => node)).size).toBe(burst.length);
  }
  const cycles = [...bursts.values()].map(({ length }): [number, number] => [
    length > 1 ? length : 0,
    length,
  ]);
  const { ratio, error } = ratioOf(cycles);
  expect(Math.abs(ratio - 0.37)).toBeLessThan(4 * error);
  const offsets = [...bursts.values()].flat().map(({ timeMs }) => timeMs % 1000);
  expect(kolmogorov(offsets, (x) => Math.min(1, x / 120))).toBeLessThan(2.28);
});

// 30,000 strikes at two of six nodes: each in a third of them.
test("random nodes are drawn evenly, without repetition", () => {
  const target = { kind: "random", of: replicas, count: 2 } as const;
  const fault: FaultSpec = {
    what: { kind: "crash", target, lastsMs: 10 },
    when: { kind: "every", everyMs: 100 },
  };
  const crashes = strikes({ faults: [fault] }, { durationMs: 3e6 }).filter(
    ({ name }) => name === "crash",
  );
  expect(crashes).toHaveLength(60_000);
  const counts = [0, 1, 2, 3, 4, 5].map(
    (node) => crashes.filter((each) => each.node === node).length,
  );
  const error = Math.sqrt((1 / 3) * (2 / 3) * 30_000);
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * error);
});

const several: readonly FaultSpec[] = [
  renewal,
  {
    name: "rack",
    what: {
      kind: "pause",
      target: { kind: "groupShare", groups: "regions", share: 0.5 },
      lastsMs: { kind: "exponential", meanMs: 30 },
    },
    when: { kind: "random", gapMs: { kind: "exponential", meanMs: 700 } },
  },
  {
    name: "clock",
    what: {
      kind: "clockJump",
      target: { kind: "random", of: { kind: "all" } },
      byMs: { minMs: -50, maxMs: 50 },
    },
    when: { kind: "random", gapMs: { kind: "exponential", meanMs: 900 } },
  },
];

test("the same seed strikes the same, another differently, whatever ran before", () => {
  const once = JSON.stringify(strikes({ faults: several }, { durationMs: 50_000 }));
  expect(JSON.stringify(strikes({ faults: several }, { durationMs: 50_000 }))).toBe(once);
  expect(JSON.stringify(strikes({ faults: several }, { durationMs: 50_000, seed: 2 }))).not.toBe(
    once,
  );
});

test("a fault disabled, or one removed before named ones, leaves the others as they were", () => {
  const run = (faults: readonly FaultSpec[]) => strikes({ faults }, { durationMs: 50_000 });
  const jumps = (seen: readonly Seen[]) =>
    JSON.stringify(seen.filter(({ name }) => name === "jumpClock"));
  const crashes = (seen: readonly Seen[]) =>
    JSON.stringify(seen.filter(({ name }) => name === "crash" || name === "restart"));
  const [one, two, three] = several;
  const all = run(several);
  expect(crashes(run([one!, { ...two!, disabled: true }, three!]))).toBe(crashes(all));
  const without = run([{ ...one!, disabled: true }, two!, three!]);
  expect(crashes(without)).toBe("[]");
  expect(jumps(without)).toBe(jumps(all));
  expect(jumps(run([three!]))).toBe(jumps(all));
  expect(JSON.parse(jumps(all)).length).toBeGreaterThan(30);
  // Without a name it is the place that counts.
  expect(crashes(run([two!, one!]))).not.toBe(crashes(all));
});

// The pause process lives beside crashes; its strikes do not depend on them.
test("other durations of a fault leave its times as they were", () => {
  const run = (meanMs: number) => {
    const lastsMs = { kind: "exponential", meanMs };
    const fault: FaultSpec = {
      what: { kind: "crash", target: first, lastsMs },
      when: { kind: "random", gapMs: { kind: "exponential", meanMs: 1000 } },
    };
    return timesOf(strikes({ faults: [fault] }, { durationMs: 50_000 }), "crash");
  };
  const [short, shorter] = [run(0.2), run(0.1)];
  expect(short.length).toBeGreaterThan(25);
  expect(short).toEqual(shorter);
});

test("an actor that is not prepared begins anew all the same", () => {
  const world = worldOf(sixReplicas);
  const what = { kind: "crash", target: first, lastsMs: 2 } as const;
  const inner = faultActor({ faults: [{ what, when: { kind: "at", atMs: 5 } }] }, world);
  const seen: number[] = [];
  const simulator = new Simulator(world, {
    actors: [
      { begin: (seed, to) => inner.begin(seed, to), wake: (due, to) => inner.wake(due, to) },
    ],
    observers: [{ faulted: (_name, _node, _value, timeMs) => seen.push(timeMs) }],
  });
  // The first run ends while the node is down.
  for (const durationMs of [6, 10]) simulator.run(1, durationMs);
  expect(seen).toEqual([5, 5, 7]);
});
