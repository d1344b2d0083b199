import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { naiveStale } from "../../test/support/naiveWars.ts";
import { outcome, type TrialLegs, twinTrials } from "../../test/support/warsTwin.ts";
import { distributionFromJson } from "../core/distributions/registry.ts";
import { highEdge, type LogHistogram, lowEdge } from "../core/logHistogram.ts";
import { countedStaleness } from "./countedStaleness.ts";
import { type CountPlan, chunkCount, chunkTrials, countPlan } from "./countPlan.ts";
import { addCounts, countAllPairs, countChunks, countStaleness } from "./countStaleness.ts";
import { latencyByName, productionLegs } from "./productionLatencies.ts";
import type { WarsLegs, WarsModel } from "./wars.ts";
import { warsModel } from "./warsModel.ts";

const constant = (valueMs: number) => distributionFromJson({ kind: "constant", valueMs });
const exponential = (ratePerMs: number) => distributionFromJson({ kind: "exponential", ratePerMs });
const logNormal = distributionFromJson({ kind: "logNormal", medianMs: 5, sigma: 1.5 });
const steps = distributionFromJson({ kind: "empiricalFromSamples", samplesMs: [0, 1, 2, 2, 5] });

const uniform = (maxMs: number) => distributionFromJson({ kind: "uniform", minMs: 0, maxMs });
const uniformLegs = (i: number): WarsLegs => ({
  w: uniform(4 * i + 1),
  a: uniform(4 * i + 2),
  r: uniform(4 * i + 3),
  s: uniform(4 * i + 4),
});

const ssd = productionLegs.lnkdSsd;
const disk = productionLegs.lnkdDisk;
const mixed: WarsLegs[] = [
  disk,
  { w: logNormal, a: exponential(1), r: constant(2), s: steps },
  { w: steps, a: steps, r: steps, s: steps },
  ssd,
];
const placed = warsModel(
  {
    kind: "placed",
    name: "placed",
    replicas: mixed,
    oneWayMs: [
      [0, 10, 20.5, 3],
      [7, 0, 1, 4],
      [9, 9, 9, 0],
    ],
    writers: [0.5, 0.2, 0.3],
    readers: [0, 0.25, 0.75],
  },
  4,
);
const perReplica = (replicas: WarsLegs[]) =>
  warsModel({ kind: "per-replica", name: "test", replicas }, replicas.length);
const identical = (legs: WarsLegs, n: number) => perReplica(Array.from({ length: n }, () => legs));

/** Counts straight from the definition. */
function count(trials: readonly TrialLegs[], plan: Pick<CountPlan, "r" | "w" | "atMs">) {
  const outcomes = trials.map((legs) => outcome(legs, plan));
  return {
    trials: trials.length,
    stale: plan.atMs.map((t) => outcomes.filter((o) => o.freshAfterMs > t).length),
    freshAfterMs: outcomes.map((o) => Math.max(0, o.freshAfterMs)).sort((a, b) => a - b),
    readLatencyMs: outcomes.map((o) => o.readMs).sort((a, b) => a - b),
    writeLatencyMs: outcomes.map((o) => o.writeMs).sort((a, b) => a - b),
  };
}

/** Whether each value, in ascending order, lies in the bin that counts it. */
function expectBinned(histogram: LogHistogram, sorted: readonly number[]): void {
  const zeros = sorted.slice(0, histogram.zeros);
  expect(zeros.every((x) => x === 0)).toBe(true);
  let rank = histogram.zeros;
  histogram.counts.forEach((count, i) => {
    const bin = histogram.firstBin + i;
    const inside = sorted.slice(rank, rank + count);
    expect(inside.every((x) => lowEdge(bin) <= x && x < highEdge(bin))).toBe(true);
    rank += count;
  });
  expect(rank).toBe(sorted.length);
}

// 1,000 trials are seven whole blocks and a part of one; ties (steps, constants) occur in many.
const cases: [string, WarsModel, { r: number; w: number }][] = [
  ["LNKD-DISK, n = 3, r = w = 1", identical(disk, 3), { r: 1, w: 1 }],
  ["LNKD-DISK, n = 3, r = 2, w = 1", identical(disk, 3), { r: 2, w: 1 }],
  ["one replica", identical(ssd, 1), { r: 1, w: 1 }],
  ["four different replicas", perReplica(mixed), { r: 2, w: 2 }],
  ["sites", placed, { r: 1, w: 2 }],
  ["WAN", warsModel(latencyByName("wan"), 3), { r: 1, w: 1 }],
  [
    "only ties",
    identical({ w: steps, a: steps, r: constant(1), s: constant(1) }, 7),
    { r: 3, w: 2 },
  ],
  [
    "only ties, first of all",
    identical({ w: steps, a: steps, r: steps, s: steps }, 5),
    { r: 1, w: 1 },
  ],
  ["n = 30, r = 11, w = 7", identical(disk, 30), { r: 11, w: 7 }],
  // More tables than the kernel's first eight megabytes hold.
  [
    "72 different legs",
    perReplica(Array.from({ length: 18 }, (_, i) => uniformLegs(i))),
    { r: 2, w: 1 },
  ],
];

test.each(cases)("%s: the kernel counts what its plain twin counts", (_, model, { r, w }) => {
  const plan = countPlan(model, { r, w, atMs: [30, 0, 1, 1, 5.5], trials: 1000, seed: 3 });
  const found = countStaleness(plan);
  const expected = count(twinTrials(plan, 0), plan);
  expect(found.trials).toBe(1000);
  expect(found.stale).toEqual(expected.stale);
  expectBinned(found.freshAfterMs, expected.freshAfterMs);
  expectBinned(found.readLatencyMs, expected.readLatencyMs);
  expectBinned(found.writeLatencyMs, expected.writeLatencyMs);
});

test("the comparison sees a twin that takes the wrong order statistic", () => {
  const [, model, { r, w }] = cases[3]!;
  const plan = countPlan(model, { r, w, atMs: [0, 5], trials: 1000, seed: 3 });
  const { stale } = countStaleness(plan);
  const trials = twinTrials(plan, 0);
  expect(count(trials, { ...plan, w: w + 1 }).stale).not.toEqual(stale);
  expect(count(trials, { ...plan, r: r - 1 }).stale).not.toEqual(stale);
});

test.each(cases)("%s: all pairs from the same draws are what each pair alone gives", (_, model) => {
  const plan = countPlan(model, { r: 1, w: 1, atMs: [5.5, 0, 0.25], trials: 999, seed: 4 });
  const { trials, stale } = countAllPairs(plan);
  expect(trials).toBe(999);
  const { n } = model;
  const sizes = [...new Set([1, 2, Math.ceil(n / 2), n])].filter((size) => size <= n);
  for (const r of sizes) {
    for (const w of sizes) {
      const alone = countStaleness({ ...plan, r, w }).stale;
      expect(stale.map((grid) => grid[r - 1]![w - 1])).toEqual(alone);
    }
  }
});

test("n = 100: all pairs and single ones agree with the definition", () => {
  const plan = countPlan(identical(disk, 100), { r: 40, w: 3, atMs: [0, 2], trials: 130, seed: 1 });
  const expected = count(twinTrials(plan, 0), plan).stale;
  expect(countStaleness(plan).stale).toEqual(expected);
  expect(countAllPairs(plan).stale.map((grid) => grid[39]![2])).toEqual(expected);
});

const twoChunks = countPlan(identical(disk, 3), {
  ...{ r: 1, w: 1, atMs: [0, 10, 50] },
  trials: chunkTrials + 1000,
  seed: 2024,
});

test("chunks add up to the whole, in any order, with other plans in between", () => {
  const whole = countStaleness(twoChunks);
  expect(chunkCount(twoChunks)).toBe(2);
  const second = countChunks(structuredClone(twoChunks), { start: 1, end: 2 });
  countStaleness(countPlan(placed, { r: 3, w: 1, atMs: [1], trials: 10, seed: 1 }));
  const first = countChunks(twoChunks, { start: 0, end: 1 });
  expect(addCounts(second, first)).toEqual(whole);
  expect(addCounts(first, second)).toEqual(whole);
  expect(second.trials).toBe(1000);
});

// Frozen when written: any change of streams, tables or order of draws changes published results.
test("one seed, one set of bytes", () => {
  const whole = countStaleness(twoChunks);
  const digest = createHash("sha256").update(JSON.stringify(whole)).digest("hex");
  expect(whole.stale).toEqual([37475, 4863, 81]);
  expect(digest.slice(0, 16)).toBe("de25c6edbd087276");
  expect(countStaleness({ ...twoChunks, seed: 2025 }).stale).not.toEqual(whole.stale);
});

// Near-exact values of the published fits (independent 2e7-trial and conditional estimates; printed
// digits are far beyond the sampling error here). 1,000,000 trials; every difference within 4.5
// standard errors of the count (a chance of 7e-6 each; seeds are fixed).
const trials = 1_000_000;
const published: [string, { r: number; w: number }, [number, number][]][] = [
  ["lnkd-ssd", { r: 1, w: 1 }, [[0, 0.026392518]]],
  ["lnkd-ssd", { r: 1, w: 2 }, [[0, 0.02170644]]],
  ["lnkd-ssd", { r: 2, w: 1 }, [[0, 5.836e-4]]],
  [
    "lnkd-disk",
    { r: 1, w: 1 },
    [
      [0, 0.563398],
      [1, 0.416592],
      [5, 0.18193],
      [10, 0.0737768],
      [30.2, 0.00371364],
      [75, 5.73495e-4],
    ],
  ],
  ["lnkd-disk", { r: 1, w: 2 }, [[0, 0.287229]]],
  ["lnkd-disk", { r: 2, w: 1 }, [[0, 0.237344]]],
  ["ymmr", { r: 1, w: 1 }, [[0, 0.1070412]]],
];

function expectNear(hits: number, p: number, sd = Math.sqrt(p * (1 - p) * trials)): void {
  expect(Math.abs(hits - p * trials)).toBeLessThan(4.5 * sd);
}

test.each(published)("%s %o: shares of stale reads are the near-exact ones", (name, rw, curve) => {
  const atMs = curve.map(([t]) => t);
  const model = warsModel(latencyByName(name), 3);
  const { stale } = countStaleness(countPlan(model, { ...rw, atMs, trials, seed: 1 }));
  curve.forEach(([, p], i) => {
    expectNear(stale[i]!, p);
  });
});

// lambda of W; A = R = S exponential with rate 1; n = 3. Exact by integration.
const rational: [number, { r: number; w: number }, number][] = [
  [1, { r: 1, w: 1 }, 965 / 3888],
  [1, { r: 1, w: 2 }, 1351 / 15552],
  [1, { r: 2, w: 1 }, 137 / 3600],
  [4, { r: 1, w: 1 }, 2038 / 35721],
  [4, { r: 1, w: 2 }, 11209 / 1250235],
  [4, { r: 2, w: 1 }, 29 / 11858],
];

test.each(rational)("exponentials, W with rate %d, %o: the exact rational", (rate, { r, w }, p) => {
  const one = exponential(1);
  const model = identical({ w: exponential(rate), a: one, r: one, s: one }, 3);
  const plan = countPlan(model, { r, w, atMs: [0, 0.75], trials, seed: 1 });
  const { stale } = countStaleness(plan);
  expectNear(stale[0]!, p);
  expectNear(stale[1]!, p * Math.exp(-r * rate * 0.75));
});

// The naive simulation draws by exact inversion, from another stream; 5,000 trials of it. Within 4.5
// standard errors of the difference of the two shares.
test.each(cases.slice(3, 7))("%s: agrees with a simulation by inversion", (_, model) => {
  const { r, w } = { r: 1, w: 1 };
  const plan = countPlan(model, { r, w, atMs: [0.5], trials, seed: 7 });
  const share = countStaleness(plan).stale[0]! / trials;
  const few = 5000;
  const naive = naiveStale(model, { r, w, atMs: 0.5, trials: few, seed: 1 });
  const sd = Math.sqrt(share * (1 - share) * (1 / trials + 1 / few));
  expect(share).toBeGreaterThan(0.01);
  expect(Math.abs(share - naive)).toBeLessThanOrEqual(4.5 * sd);
});

test("estimates: t-visibility and latencies of the published fits", () => {
  const plan = countPlan(warsModel(latencyByName("lnkd-disk"), 3), {
    ...{ r: 1, w: 1, atMs: [0] },
    trials,
    seed: 1,
  });
  const { stale, visibilityMs, readLatencyMs, writeLatencyMs } = countedStaleness(
    countStaleness(plan),
    { visibility: 0.999, confidence: 0.99999 },
  );
  expect(stale[0]).toMatchObject({ method: "wilson", trials });
  const covers = (estimate: { low: number; high: number }, x: number) =>
    estimate.low <= x && x <= estimate.high;
  expect(covers(visibilityMs, 52.15)).toBe(true);
  // Table 4 prints two digits after the point.
  expect(covers(readLatencyMs.p999, 0.66) || Math.abs(readLatencyMs.p999.value - 0.66) < 0.01).toBe(
    true,
  );
  expect(Math.abs(writeLatencyMs.p999.value - 10.99) / 10.99).toBeLessThan(0.02);
});

test("WAN: t-visibility within the near-exact interval's reach", () => {
  const model = warsModel(latencyByName("wan"), 3);
  const plan = countPlan(model, { r: 1, w: 1, atMs: [0], trials, seed: 1 });
  const query = { visibility: 0.999, confidence: 0.9999 };
  const { low, high } = countedStaleness(countStaleness(plan), query).visibilityMs;
  // Near-exact 115.84, itself in [115.56, 116.12] with 95 %.
  expect(low).toBeLessThan(116.12);
  expect(high).toBeGreaterThan(115.56);
});

test("too few trials bound nothing from above; strict quorums are never stale", () => {
  const model = identical(disk, 3);
  const few = countStaleness(countPlan(model, { r: 1, w: 1, atMs: [0], trials: 100, seed: 1 }));
  const query = { visibility: 0.999, confidence: 0.95 };
  expect(countedStaleness(few, query).visibilityMs.high).toBe(Number.POSITIVE_INFINITY);
  const strict = countStaleness(
    countPlan(model, { r: 2, w: 2, atMs: [0], trials: 10_000, seed: 1 }),
  );
  expect(strict.stale).toEqual([0]);
  expect(countedStaleness(strict, query).visibilityMs).toMatchObject({ value: 0, low: 0, high: 0 });
});

test.each([
  [{ r: 4 }, /r to be an integer in \[1, 3\], got 4/],
  [{ w: 0 }, /w to be an integer in \[1, 3\], got 0/],
  [{ atMs: [1, -1] }, /atMs\[1\]/],
  [{ atMs: [Number.NaN] }, /atMs\[0\]/],
  [{ trials: 0 }, /trials/],
  [{ seed: 0.5 }, /seed/],
])("%o is refused", (bad, message) => {
  const good = { r: 1, w: 1, atMs: [0], trials: 10, seed: 1 };
  expect(() => countPlan(identical(disk, 3), { ...good, ...bad })).toThrow(message);
});

test("chunks that the plan does not have are refused", () => {
  expect(() => countChunks(twoChunks, { start: 0, end: 3 })).toThrow(/end/);
  expect(() => countAllPairs(twoChunks, { start: -1, end: 1 })).toThrow(/start/);
});
