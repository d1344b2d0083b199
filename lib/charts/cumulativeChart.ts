import type { Distribution } from "../core/distribution.ts";
import { defaultConfidence, needConfidence } from "../core/estimate.ts";
import { needNumber, needOneOf, refuse } from "../core/need.ts";
import type { Chart } from "./chart.ts";
import { pointsOfDistribution, pointsOfSamples } from "./cumulativePoints.ts";
import type { CurvePoint } from "./curves.ts";
import { describeCurves } from "./describeCurves.ts";
import { chartOf, plotSize } from "./drawing.ts";
import {
  type DataRow,
  type Field,
  nameOf,
  type PlainField,
  type Rows,
  recordsOf,
} from "./field.ts";
import { drawCurves } from "./lineChart.ts";
import { numberOf } from "./measure.ts";
import { plotScale } from "./scale.ts";
import { namedSeries } from "./series.ts";
import type { RuleSlider } from "./slider.ts";

/** A curve of a cumulative chart that is not made of rows. */
export type CumulativeCurve =
  | { readonly name: string; readonly samples: ArrayLike<number> }
  | { readonly name: string; readonly distribution: Distribution };

/** Options of `cumulativeChart`. */
export interface CumulativeChartOptions<Row extends object> {
  /** The message of the chart in one sentence. */
  readonly title: string;
  /** What the reader must know to read it. */
  readonly subtitle?: string;
  /** Rows with one observation each, in any number: they are reduced to points of the curve. */
  readonly rows?: Rows<Row>;
  /** Column of the observations, and what they are; the column is needed with rows only. */
  readonly x: {
    readonly column?: Extract<keyof Row, string>;
    readonly title: string;
    readonly unit?: string;
    readonly scale?: "linear" | "log";
    readonly domain?: readonly [number, number];
  };
  /** Column that splits the rows into curves. */
  readonly series?: Field<Row>;
  /** Curves beside those of the rows: samples, or distributions, drawn exactly. */
  readonly curves?: readonly CumulativeCurve[];
  /** `below`: share at or below x, from 0 to 1. `above`: share above x, on a log axis, for tails. */
  readonly show: "below" | "above";
  /** Smallest share that the log axis of `above` reaches, in (0, 0.5]; 0.0001 if left out. */
  readonly smallestShare?: number;
  /** Confidence of the band around each point of a sampled curve, in (0, 1); 0.95 if left out. */
  readonly confidence?: number;
  /** A line along x that reads the shares. */
  readonly slider?: RuleSlider;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/**
 * Cumulative distribution of observations, or its complement with a log tail.
 *
 * A sampled curve goes through at most 300 of its points, evenly in rank and evenly in the logarithm
 * of the tail, each with the Clopper-Pearson or Wilson interval of its share (pointwise, not of the
 * whole curve); the end of the tail, beyond which nothing was seen, is drawn as a bound.
 *
 * @throws {RangeError} if there is no curve, a sample is not finite or an option is out of range
 * @example
 * const curves = [{ name: "disk", samples: [1, 2, 3, 4] }];
 * const x = { title: "Latency", unit: "ms" } as const;
 * cumulativeChart({ title: "Half within 2 ms", curves, x, show: "below" }).altText;
 * // => "Cumulative distribution of share at or below against latency from 1 to 4 ms. disk rises from 0.25 at 1 ms to 1 at 4 ms. Intervals are at most 0.865 wide."
 */
export function cumulativeChart<Row extends object>(options: CumulativeChartOptions<Row>): Chart {
  const where = "cumulativeChart";
  const { show, confidence = defaultConfidence, smallestShare = 1e-4 } = options;
  needOneOf(where, "show", show, ["below", "above"]);
  needConfidence(where, confidence);
  needNumber(where, "smallestShare", smallestShare, { min: 0, exclusiveMin: true, max: 0.5 });
  const curves = [...curvesOfRows(where, options), ...(options.curves ?? [])];
  if (curves.length === 0) refuse(where, "curves", "given where there are no rows", curves);
  const names = curves.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(where, "curves", "of different names", twice);
  const points = curves.flatMap((curve) => {
    const request = {
      where,
      curve: curve.name,
      above: show === "above",
      smallestShare,
      confidence,
    };
    const found =
      "samples" in curve
        ? pointsOfSamples(curve.samples, request)
        : pointsOfDistribution(curve.distribution, request);
    return found.map((point): CurvePoint => ({ ...point, series: curve.name }));
  });
  return draw(where, options, points, curves);
}

function curvesOfRows<Row extends object>(
  where: string,
  { rows, x, series }: CumulativeChartOptions<Row>,
): { name: string; samples: readonly number[] }[] {
  if (rows === undefined) return [];
  const { column } = x;
  if (column === undefined) return refuse(where, "x.column", "given with rows", column);
  const records = recordsOf(where, rows) as readonly DataRow[];
  const field: PlainField = { ...x, column };
  const values = records.map((row, index) => ({
    name: series === undefined ? x.title : nameOf(where, series, row, index),
    value: numberOf(where, field, row, index),
  }));
  const groups = Map.groupBy(values, ({ name }) => name);
  return [...groups].map(([name, group]) => ({ name, samples: group.map(({ value }) => value) }));
}

function draw<Row extends object>(
  where: string,
  options: CumulativeChartOptions<Row>,
  points: readonly CurvePoint[],
  curves: readonly CumulativeCurve[],
): Chart {
  const { show, smallestShare = 1e-4, slider } = options;
  const above = show === "above";
  const y = {
    column: "share",
    title: above ? `Share above` : "Share at or below",
    ...(above && {
      scale: "log" as const,
      domain: [10 ** Math.floor(Math.log10(smallestShare) + 1e-9), 1] as const,
    }),
    ...(!above && { domain: [0, 1] as const }),
  };
  const drawn = points.filter((point) => !above || point.y.value > 0 || point.y.high !== undefined);
  if (drawn.length === 0) {
    const names = curves.map(({ name }) => name);
    refuse(where, "curves", "with a share above x somewhere", names);
  }
  const isLog = options.x.scale === "log";
  // On a log axis of x nothing happens left of the first percent: it would take half of the chart.
  const first = Math.min(
    ...drawn
      .filter((point) => (above ? point.y.value < 0.99 : point.y.value > 0.01))
      .map((point) => point.x),
  );
  const xs = drawn.map((point) => point.x).filter((x) => !isLog || (x > 0 && x >= first));
  if (xs.length === 0) refuse(where, "x", "positive somewhere, for a log scale", drawn[0]?.x);
  const parts = {
    points: drawn.filter((point) => !isLog || (point.x > 0 && point.x >= first)),
    x: plotScale({
      where,
      name: "x",
      field: { ...options.x, column: "x" },
      values: xs,
      ends: "tight",
    }),
    y: plotScale({ where, name: "y", field: y, values: [1], ends: "round" }),
    fields: { x: options.x, y, ...(options.series && { series: options.series }) },
    size: plotSize(where, options, { widthPx: 540, heightPx: 300 }),
    series: namedSeries(
      where,
      options.series?.title ?? "",
      drawn.map((point) => point.series),
    ),
    steps: curves.every((curve) => "samples" in curve && curve.samples.length <= 100),
    rule: slider,
  };
  const kind = above ? "Complementary cumulative distribution" : "Cumulative distribution";
  const altText = describeCurves({
    kind,
    points: parts.points,
    fields: parts.fields,
    shown: undefined,
  });
  return chartOf(where, options, { ...drawCurves(where, parts), altText });
}
