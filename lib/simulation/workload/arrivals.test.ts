import { expect, test } from "vitest";
import { kolmogorov, meanOf } from "../../../test/support/idleWorld.ts";
import { keyValueNodes, operationsOf } from "../../../test/support/keyValueWorld.ts";
import { readWorkload } from "./needWorkload.ts";
import type { ArrivalsSpec, ClientGroup, WorkloadSpec } from "./workloadSpec.ts";

const clients: readonly ClientGroup[] = [{ nodes: { kind: "role", role: "client" } }];

function workload(arrivals: ArrivalsSpec, more: Partial<WorkloadSpec> = {}): WorkloadSpec {
  return {
    ...{ clients, arrivals, sessions: { perClient: 3 }, mix: { read: 1 } },
    ...{ keys: { kind: "uniform", count: 10 }, ...more },
  };
}

/** Times of arrivals at a client, without a simulator. */
function timesUntil(spec: WorkloadSpec, endMs: number, { seed = 1, client = 0 } = {}): number[] {
  const { timetable, name } = readWorkload("f", spec, keyValueNodes(2));
  if (timetable.kind !== "open") return [];
  const arrivals = timetable.arrivals(client, seed, name);
  const times: number[] = [];
  for (let time = arrivals(); time < endMs; time = arrivals()) times.push(time);
  return times;
}

function countsOf(times: readonly number[], windowMs: number, windows: number): number[] {
  const counts = new Array(windows).fill(0);
  for (const time of times) counts[Math.floor(time / windowMs)]++;
  return counts;
}

/** Sample variance, and its standard error by the fourth moment. */
function varianceOf(values: readonly number[]): { variance: number; error: number } {
  const { mean } = meanOf(values);
  const squares = meanOf(values.map((value) => (value - mean) ** 2));
  return { variance: squares.mean, error: squares.error };
}

// 20,000 windows of five arrivals on average; P(sqrt(n) D > 2.28) = 6e-5, that of 4 standard errors.
test("Poisson arrivals: exponential gaps, counts with the dispersion of 1, by the whole simulator", () => {
  const spec = workload({ kind: "poisson", rate: { kind: "perClient", perS: 50 } });
  const seen = operationsOf(spec, { clients: 1, durationMs: 2e6 - 0.01 });
  const times = seen.map(({ timeMs }) => timeMs);
  const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
  expect(kolmogorov(gaps, (x) => -Math.expm1(-x / 20))).toBeLessThan(2.28);
  const counts = countsOf(times, 100, 20_000);
  const { variance, error } = varianceOf(counts);
  expect(Math.abs(variance - 5)).toBeLessThan(4 * error);
  expect(Math.abs(meanOf(counts).mean - 5)).toBeLessThan(4 * meanOf(counts).error);
});

test.each([
  { kind: "total", counts: [25_000, 75_000] },
  { kind: "perClient", counts: [100_000, 300_000] },
] as const)("a rate for $kind, by the clients' shares", ({ kind, counts }) => {
  const groups: ClientGroup[] = [
    { nodes: { kind: "node", node: "c0" } },
    { nodes: { kind: "node", node: "c1" }, share: 3 },
  ];
  const spec = workload({ kind: "poisson", rate: { kind, perS: 100 } }, { clients: groups });
  counts.forEach((expected, client) => {
    const count = timesUntil(spec, 1e6, { client }).length;
    expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

const bursts = { factor: 8, calmMs: 300, burstMs: 100, scope: "perClient" } as const;
const bursting = (scope: "perClient" | "together" = "perClient") =>
  workload({
    ...{ kind: "poisson", rate: { kind: "perClient", perS: 40 }, bursts: { ...bursts, scope } },
  });

/**
 * Variance over mean of the count in a window of t ms, of a Poisson process modulated by two states, in
 * equilibrium: 1 + 2 (a - b)^2 p q / (s r) (1 - (1 - e^-st) / st), with the rates a and b, their
 * probabilities p and q, the mean rate r, and s the sum of the rates of change: from the covariance of
 * the rate, (a - b)^2 p q e^-s|u|, integrated twice over the window.
 */
function dispersion(windowMs: number): number {
  const s = 1 / 300 + 1 / 100;
  const mean = 0.04;
  const calm = mean / (0.75 + 8 * 0.25);
  const extra = (2 * (7 * calm) ** 2 * 0.75 * 0.25) / (s * mean);
  return 1 + extra * (1 + Math.expm1(-s * windowMs) / (s * windowMs));
}

// 20,000 runs, the first window of each: independent, and in equilibrium from the start.
test.each([20, 100, 1000])("bursts: mean and dispersion of the counts in %d ms", (windowMs) => {
  const counts = Array.from(
    { length: 20_000 },
    (_, seed) => timesUntil(bursting(), windowMs, { seed }).length,
  );
  const { mean, error } = meanOf(counts);
  expect(Math.abs(mean - 0.04 * windowMs)).toBeLessThan(4 * error);
  const spread = varianceOf(counts);
  const expected = 0.04 * windowMs * dispersion(windowMs);
  expect(Math.abs(spread.variance - expected)).toBeLessThan(4 * spread.error);
});

// The covariance of two clients' counts is the part of the variance that is due to the rate, or 0.
test.each([
  ["together", 0.04 * 100 * (dispersion(100) - 1)],
  ["perClient", 0],
] as const)("clients burst %s", (scope, expected) => {
  const spec = bursting(scope);
  const products = Array.from({ length: 10_000 }, (_, seed) => {
    const [a, b] = [0, 1].map((client) => timesUntil(spec, 100, { seed, client }).length - 4);
    return a! * b!;
  });
  const { mean, error } = meanOf(products);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
});

const daily = { periodMs: 1000, amplitude: 0.9, peakAtMs: 250 };

test("a daily rhythm: arrivals by the integral of the rate, exactly where they are evenly spaced", () => {
  const rate = { kind: "perClient", perS: 200 } as const;
  const spec = workload({ kind: "constant", rate, daily }, { startAtMs: 100 });
  const times = timesUntil(spec, 5100);
  const integral = (ms: number) =>
    ms + (0.9 / (2 * Math.PI)) * 1000 * Math.sin(((ms - 250) / 1000) * 2 * Math.PI);
  times.forEach((time, i) => {
    // The first client of two: at phase 1/4 of its gaps of 5 ms.
    expect(integral(time) - integral(100)).toBeCloseTo(5 * (i + 0.25), 6);
  });
  expect(times).toHaveLength(1000);
});

// 200,000 arrivals: in the half of the period about the peak, a share of 1/2 + 0.9 / pi.
test("a daily rhythm: Poisson arrivals prefer the peak", () => {
  const rate = { kind: "perClient", perS: 200 } as const;
  const times = timesUntil(workload({ kind: "poisson", rate, daily }), 1e6);
  expect(Math.abs(times.length - 200_000)).toBeLessThan(4 * Math.sqrt(200_000));
  const share = times.filter((time) => time % 1000 < 500).length / times.length;
  const expected = 0.5 + 0.9 / Math.PI;
  const error = Math.sqrt((expected * (1 - expected)) / times.length);
  expect(Math.abs(share - expected)).toBeLessThan(4 * error);
  expect(times.every((time, i) => time >= (times[i - 1] ?? 0))).toBe(true);
});

test("evenly spaced arrivals: clients take turns, from the start until before the stop", () => {
  const rate = { kind: "total", perS: 100 } as const;
  const spec = workload({ kind: "constant", rate }, { startAtMs: 50, stopAtMs: 105 });
  const seen = operationsOf(spec).map(({ timeMs, node }) => [timeMs, node]);
  expect(seen).toEqual([
    ...[
      [55, 1],
      [65, 2],
      [75, 1],
      [85, 2],
      [95, 1],
    ],
  ]);
});

// 100,000 operations at two clients, one with three times the share.
test("a trace: its times, at clients by their shares", () => {
  const timesMs = Array.from({ length: 100_000 }, (_, i) => Math.floor(i / 10));
  const groups: ClientGroup[] = [
    { nodes: { kind: "node", node: "c0" } },
    { nodes: { kind: "node", node: "c1" }, share: 3 },
  ];
  const spec = workload({ kind: "trace", timesMs }, { clients: groups });
  const seen = operationsOf(spec, { durationMs: 1e5 });
  expect(seen.map(({ timeMs }) => timeMs)).toEqual(timesMs);
  const share = seen.filter(({ node }) => node === 2).length / 100_000;
  expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / 100_000));
  const stopped = operationsOf({ ...spec, startAtMs: 3, stopAtMs: 7 }, { durationMs: 1e5 });
  expect(stopped.map(({ timeMs }) => timeMs)).toEqual(timesMs.slice(30, 70));
});
