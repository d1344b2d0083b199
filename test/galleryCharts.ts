import { barChart } from "../lib/charts/barChart.ts";
import type { Chart } from "../lib/charts/chart.ts";
import { cumulativeChart } from "../lib/charts/cumulativeChart.ts";
import { heatMap } from "../lib/charts/heatMap.ts";
import { lineChart } from "../lib/charts/lineChart.ts";
import { paretoChart } from "../lib/charts/paretoChart.ts";
import { smallMultiples } from "../lib/charts/smallMultiples.ts";
import type { Estimate } from "../lib/core/estimate.ts";
import { proportion } from "../lib/core/proportion.ts";
import { spaceTimeCharts } from "./spaceTimeCharts.ts";

/** Charts of every kind over data of realistic shape, for tests and for looking at. */
export function galleryCharts(): Record<string, Chart> {
  const staleness = staleRows();
  const time = { column: "atMs", title: "Time after commit", unit: "ms" } as const;
  const stale = { column: "stale", title: "Probability of a stale read" } as const;
  const quorum = { column: "quorum", title: "Quorum" } as const;
  const subtitle = "Illustrative data: N = 3, 20,000 trials a point, 95 % intervals";
  return {
    ...spaceTimeCharts(),
    line: lineChart({
      title: "With R = W = 1, waiting 20 ms leaves one read in twenty stale",
      subtitle,
      rows: staleness,
      x: time,
      y: stale,
      series: quorum,
      slider: { kind: "rule", title: "t (ms)", startAt: 20 },
    }),
    lineLog: lineChart({
      title: "Staleness falls exponentially, until 20,000 trials cannot see it any more",
      subtitle,
      rows: staleness,
      x: time,
      y: { ...stale, scale: "log" },
      series: quorum,
    }),
    lineLogX: lineChart({
      title: "Reading a second replica pays off in the first 10 ms only",
      rows: staleness.filter((row) => row.atMs > 0),
      x: { ...time, scale: "log" },
      y: stale,
      series: quorum,
      slider: { kind: "rule", startAt: 10 },
    }),
    lineFilter: lineChart({
      title: "A larger read quorum sees the last write sooner",
      subtitle: "Illustrative data: 2,000 trials a point, 95 % intervals",
      rows: byReplicas(),
      x: time,
      y: stale,
      series: { column: "r", title: "R" },
      slider: { kind: "filter", column: "n", title: "N", startAt: 5 },
    }),
    lineFew: lineChart({
      title: "Read latency grows with the quorum",
      rows: [1, 2, 3, 4, 5].map((r) => ({ r, p99: r ** 1.5 * 4 })),
      x: { column: "r", title: "Read quorum R" },
      y: { column: "p99", title: "Read latency, 99th percentile", unit: "ms" },
    }),
    heatMap: heatMap({
      title: "Only quorums that overlap (R + W > 5) never read stale",
      subtitle: "N = 5, read at once after commit",
      rows: overlapRows(5),
      x: { column: "r", title: "Read quorum R" },
      y: { column: "w", title: "Write quorum W" },
      value: { ...stale },
    }),
    heatMapLog: heatMap({
      title: "Of nine replicas, quorums that overlap (R + W > 9) never miss a write",
      rows: overlapRows(9),
      x: { column: "r", title: "Read quorum R" },
      y: { column: "w", title: "Write quorum W" },
      value: { ...stale, scale: "log" },
    }),
    cumulative: cumulativeChart({
      title: "One write in a thousand takes longer than 80 ms on disks",
      subtitle: "Illustrative data: 20,000 operations each, 95 % pointwise intervals",
      curves: latencyCurves(),
      x: { title: "Latency", unit: "ms", scale: "log" },
      show: "above",
      slider: { kind: "rule", title: "latency (ms)", startAt: 20 },
    }),
    cumulativeBelow: cumulativeChart({
      title: "Half of all reads return within 3 ms",
      rows: latencyRows(),
      x: { column: "ms", title: "Read latency", unit: "ms" },
      series: { column: "store", title: "Store" },
      show: "below",
    }),
    bar: barChart({
      title: "Disks make stale reads 17 times as frequent as flash",
      subtitle: "Illustrative data: N = 3, R = W = 1, 2,000 trials each",
      rows: storeRows(),
      category: { column: "store", title: "Latency fit" },
      value: stale,
    }),
    barGrouped: barChart({
      title: "A second replica in the read quorum helps every store",
      rows: ["1", "2"].flatMap((r) =>
        storeRows(Number(r)).map((row) => ({ ...row, r: `R = ${r}` })),
      ),
      category: { column: "store", title: "Latency fit" },
      value: stale,
      series: { column: "r", title: "Read quorum" },
      direction: "right",
      order: "descending",
    }),
    barLog: barChart({
      title: "Only the WAN still shows stale reads among 2,000 with R = 3",
      rows: storeRows(3),
      category: { column: "store", title: "Latency fit" },
      value: { ...stale, scale: "log" },
    }),
    pareto: paretoChart({
      title: "Six of 25 settings are worth choosing between",
      subtitle: "Illustrative data: N = 5, all pairs of read and write quorums",
      rows: designRows(),
      x: {
        column: "latencyMs",
        title: "Read and write latency, 99th percentile",
        unit: "ms",
        better: "lower",
      },
      y: { ...stale, better: "lower" },
      name: { column: "quorum", title: "Quorum" },
    }),
    paretoLog: paretoChart({
      title: "Only overlapping quorums reach zero, and cost 29 ms at least",
      rows: designRows(),
      x: { column: "latencyMs", title: "Latency, 99th percentile", unit: "ms", better: "lower" },
      y: { ...stale, scale: "log", better: "lower" },
      name: { column: "quorum", title: "Quorum" },
    }),
    multiplesLine: smallMultiples({
      kind: "line",
      title: "More replicas keep reads stale for longer",
      subtitle: "Illustrative data: 2,000 trials a point, 95 % intervals",
      rows: byReplicas(),
      x: time,
      y: stale,
      series: { column: "r", title: "R" },
      panel: { column: "n", title: "N" },
    }),
    multiplesHeat: smallMultiples({
      kind: "heatMap",
      title: "Overlap decides in every cluster size",
      rows: [3, 4, 5].flatMap((n) => overlapRows(n)),
      x: { column: "r", title: "Read quorum R" },
      y: { column: "w", title: "Write quorum W" },
      value: stale,
      panel: { column: "n", title: "N" },
    }),
    multiplesBar: smallMultiples({
      kind: "bar",
      title: "Flash wins at every read quorum",
      rows: [1, 2].flatMap((r) => storeRows(r).map((row) => ({ ...row, r }))),
      category: { column: "store", title: "Latency fit" },
      value: stale,
      panel: { column: "r", title: "R" },
      columns: 2,
    }),
  };
}

/** Probability known without error. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value, confidence: 1, trials: 0, method: "exact" };
}

/** Estimate that trials would give on average: no random numbers, so the gallery never changes. */
export function expected(probability: number, trials: number): Estimate {
  return proportion({ hits: Math.round(probability * trials), trials });
}

function staleRows(): { atMs: number; quorum: string; stale: Estimate }[] {
  const pairs = [
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
  ] as const;
  return pairs.flatMap(([r, w]) =>
    Array.from({ length: 51 }, (_, k) => ({
      atMs: 2 * k,
      quorum: `R=${r} W=${w}`,
      stale:
        r + w > 3 ? exactly(0) : expected((0.6 / (r * w)) * Math.exp((-2 * k) / (8 * r)), 20_000),
    })),
  );
}

function byReplicas(): { atMs: number; n: number; r: number; stale: Estimate }[] {
  return [3, 4, 5, 6].flatMap((n) =>
    [1, 2].flatMap((r) =>
      Array.from({ length: 21 }, (_, k) => ({
        atMs: 5 * k,
        n,
        r,
        stale: expected((1 - 1 / n) ** r * Math.exp((-5 * k * r) / (6 * n)), 2_000),
      })),
    ),
  );
}

function overlapRows(n: number): { n: number; r: number; w: number; stale: Estimate }[] {
  const sizes = Array.from({ length: n }, (_, k) => k + 1);
  const choose = (a: number, b: number): number =>
    b < 0 || b > a ? 0 : b === 0 ? 1 : (a / b) * choose(a - 1, b - 1);
  return sizes.flatMap((r) =>
    sizes.map((w) => ({ n, r, w, stale: exactly(choose(n - w, r) / choose(n, r)) })),
  );
}

/** Exponential latency, spelled out so that the gallery needs no other module. */
function exponential(meanMs: number): {
  survival: (x: number) => number;
  sample: (count: number) => number[];
} {
  return {
    survival: (x) => Math.exp(-x / meanMs),
    sample: (count) =>
      Array.from({ length: count }, (_, k) => -meanMs * Math.log((k + 0.5) / count)),
  };
}

function latencyCurves(): { name: string; samples: number[] }[] {
  const slow = exponential(20).sample(1_000);
  return [
    { name: "flash", samples: exponential(1.2).sample(20_000) },
    { name: "disk", samples: [...exponential(3).sample(19_000), ...slow] },
  ];
}

function latencyRows(): { ms: number; store: string }[] {
  return latencyCurves().flatMap(({ name, samples }) =>
    samples.filter((_, k) => k % 10 === 0).map((ms) => ({ ms, store: name })),
  );
}

function storeRows(r = 1): { store: string; stale: Estimate }[] {
  const shares = { "LNKD-SSD": 0.012, "LNKD-DISK": 0.21, YMMR: 0.16, WAN: 0.48 };
  return Object.entries(shares).map(([store, share]) => ({
    store,
    stale: expected(share ** (1.6 * r - 0.6) / (r === 3 ? 12 : 1), 2_000),
  }));
}

function designRows(): { quorum: string; latencyMs: number; stale: Estimate }[] {
  return [1, 2, 3, 4, 5].flatMap((r) =>
    [1, 2, 3, 4, 5].map((w) => ({
      quorum: `R=${r} W=${w}`,
      latencyMs: 3 * r ** 1.3 + 5 * w ** 1.2,
      stale: r + w > 5 ? exactly(0) : expected(0.7 / (r * w) ** 1.1, 4_000),
    })),
  );
}
