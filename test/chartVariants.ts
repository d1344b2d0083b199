import { barChart } from "../lib/charts/barChart.ts";
import type { Chart } from "../lib/charts/chart.ts";
import { cumulativeChart } from "../lib/charts/cumulativeChart.ts";
import { heatMap } from "../lib/charts/heatMap.ts";
import { lineChart } from "../lib/charts/lineChart.ts";
import { paretoChart } from "../lib/charts/paretoChart.ts";
import { smallMultiples } from "../lib/charts/smallMultiples.ts";
import { exponential } from "../lib/core/distributions/exponential.ts";
import type { Estimate } from "../lib/core/estimate.ts";
import { expected } from "./galleryCharts.ts";

const unbounded: Estimate = { ...expected(0.3, 10), high: Number.POSITIVE_INFINITY };

/** Rows that hold what is awkward: no event, exact zero, no upper end, names with quotes. */
const rows = ["a 'quoted' \"name\"", "b\\c"].flatMap((name) =>
  [1, 2, 3].flatMap((n) =>
    [1, 10, 100, 1000].map((t, k) => ({
      name,
      n,
      t,
      site: n === 2 ? "WAN" : "LAN",
      p: [expected(0.4 / n, 100), expected(0, 100), unbounded, expected(0.1, 100)][k]!,
      zero: k === 0 ? 0 : 1 / t,
    })),
  ),
);
const title =
  "A title that is long enough to need two or three lines above a plot that is rather narrow";
const x = { column: "t", title: "Time", unit: "ms" } as const;
const y = { column: "p", title: "Share" } as const;
const series = { column: "name", title: "Name" } as const;
const filter = { kind: "filter", column: "n", title: "N", unit: "replicas" } as const;

/** Charts of every path through the chart functions that the gallery does not take. */
export function chartVariants(): Record<string, Chart> {
  const lines = { title, rows, x, y, series };
  const first = rows.filter((row) => row.n === 1);
  const bars = { title, rows: first.filter((row) => row.t === 1), category: series, value: y };
  const heat = {
    title,
    x: { column: "t", title: "T" },
    y: { column: "n", title: "N" },
    value: y,
  } as const;
  const one = rows.filter((row) => row.name.startsWith("a"));
  const nothing = [1, 2].map((t) => ({ t, name: `${t}`, p: 0 }));
  const plain = {
    rows: [1, 2].map((t) => ({ t, name: `${t}`, p: 0.1 * t })),
    category: { column: "name", title: "Name" },
    value: y,
  } as const;
  return {
    lineAllLogRule: lineChart({
      ...lines,
      rows: first,
      x: { ...x, scale: "log" },
      y: { ...y, scale: "log" },
      slider: { kind: "rule", startAt: 20 },
    }),
    lineFilterList: lineChart({
      ...lines,
      rows: first,
      slider: { kind: "filter", column: "t", title: "T" },
    }),
    lineFilterText: lineChart({
      ...lines,
      rows: rows.filter((row) => row.n !== 3),
      slider: { kind: "filter", column: "site", title: "Site" },
    }),
    lineFormat: lineChart({
      ...lines,
      rows: first,
      y: { ...y, format: ".1%", domain: [0, 0.5] },
      x: { ...x, format: "~s" },
    }),
    lineExactZeros: lineChart({
      ...lines,
      rows: first,
      y: { column: "zero", title: "Share", scale: "log", format: "~e" },
    }),
    lineTwelve: lineChart({
      title: "Twelve lines",
      rows: Array.from({ length: 24 }, (_, k) => ({
        t: k % 2,
        p: k,
        name: `curve number ${k >> 1}`,
      })),
      x,
      y,
      series,
    }),
    barFilter: barChart({ ...bars, rows: rows.filter((row) => row.t === 1), slider: filter }),
    barUnboundedLog: barChart({
      ...bars,
      rows: first.filter((row) => row.name.startsWith("a")),
      category: { column: "t", title: "T" },
      value: { ...y, scale: "log" },
      direction: "right",
    }),
    barMany: barChart({
      title: "Forty bars",
      rows: Array.from({ length: 40 }, (_, k) => ({ name: `a long name ${k}`, p: k - 5 })),
      category: series,
      value: { column: "p", title: "Change" },
      order: "ascending",
    }),
    barLogUp: barChart({ ...bars, ...plain, value: { ...plain.value, scale: "log" } }),
    barLogRight: barChart({
      ...{ ...bars, ...plain, value: { ...plain.value, scale: "log" } },
      direction: "right",
    }),
    barLogAllZero: barChart({ ...bars, ...plain, rows: nothing, value: { ...y, scale: "log" } }),
    lineLogAllZero: lineChart({ title, rows: nothing, x, y: { ...y, scale: "log" } }),
    lineRuleOpen: lineChart({ ...lines, rows: first, slider: { kind: "rule", startAt: 100 } }),
    heatFilter: heatMap({ ...heat, rows, y: { column: "name", title: "Name" }, slider: filter }),
    heatLogZeros: heatMap({ ...heat, rows: one, value: { ...y, scale: "log" } }),
    heatFine: heatMap({
      title: "No room for numbers",
      rows: Array.from({ length: 900 }, (_, k) => ({ t: k % 30, n: Math.floor(k / 30), p: k })),
      ...{ x: heat.x, y: heat.y, value: { column: "p", title: "P" } },
    }),
    heatConstant: heatMap({
      ...heat,
      title,
      rows: one.map((row) => ({ ...row, p: 0 })),
      value: { column: "p", title: "P", scale: "log" },
    }),
    cumulativeDistribution: cumulativeChart({
      title,
      curves: [
        { name: "exact", distribution: exponential({ meanMs: 5 }) },
        { name: "sampled", samples: Array.from({ length: 60 }, (_, k) => k / 4) },
      ],
      x: { title: "Latency", unit: "ms" },
      show: "above",
      smallestShare: 0.002,
      slider: { kind: "rule", startAt: 5 },
    }),
    cumulativeSteps: cumulativeChart({
      title,
      curves: [{ name: "few", samples: [1, 2, 2, 5] }],
      x: { title: "Latency", unit: "ms", scale: "log" },
      show: "below",
    }),
    paretoLog: paretoChart({
      title,
      rows: first.filter((row) => row.t !== 10),
      x: { ...x, scale: "log", better: "higher" },
      y: { ...y, scale: "log", better: "lower" },
      name: series,
    }),
    paretoEstimates: paretoChart({
      title,
      rows: first.map((row) => ({ ...row, q: row.p })),
      x: { column: "q", title: "Q", better: "higher" },
      y: { ...y, better: "higher" },
      name: series,
    }),
    multiplesRule: smallMultiples({
      kind: "line",
      ...lines,
      panel: { column: "n", title: "N" },
      slider: { kind: "rule", startAt: 20 },
    }),
    multiplesFilter: smallMultiples({
      kind: "heatMap",
      ...heat,
      rows,
      y: { column: "name", title: "Name" },
      panel: { column: "site", title: "Site" },
      slider: filter,
    }),
    multiplesBars: smallMultiples({
      kind: "bar",
      title,
      rows: rows.filter((row) => row.t === 10),
      category: series,
      value: { ...y, scale: "log" },
      panel: { column: "n", title: "N" },
      columns: 1,
      direction: "right",
    }),
  };
}
