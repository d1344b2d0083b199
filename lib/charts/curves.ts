import type { ChartSpec } from "./chart.ts";
import type { Measure } from "./measure.ts";
import type { PlotScale } from "./scale.ts";
import type { Tooltip } from "./tooltip.ts";

/** A point of a curve, before the axis is known. */
export interface CurvePoint {
  readonly x: number;
  readonly y: Measure;
  readonly series: string;
  readonly panel?: string | undefined;
  readonly chosen?: number | string | undefined;
}

/** Numbers that an axis of the curves must hold: values and ends of intervals, if on the axis. */
export function valuesToHold(points: readonly CurvePoint[], scale: "linear" | "log"): number[] {
  const values = points.flatMap(({ y }) => [y.value, y.low ?? y.value, y.high ?? y.value]);
  const finite = values.filter(Number.isFinite);
  if (scale === "linear") return finite;
  if (points.some(({ y }) => y.value < 0)) return finite;
  const positive = points.flatMap(({ y }) => (y.value > 0 ? [y.value] : []));
  const bounds = points.flatMap(({ y }) => [y.high ?? 0]);
  const base = Math.min(...positive, ...bounds.filter((value) => value > 0));
  // Intervals may reach down to almost nothing: they leave the axis below the smallest value.
  return finite.filter((value) => value >= base / 2);
}

/**
 * Row of a specification. On a log axis a value of zero has no place: where
 * its interval has an upper end the row shows that as a bound, and the curve is interrupted.
 */
export function curveRow(point: CurvePoint, axis: PlotScale): ChartSpec {
  const { x, y, series, panel, chosen } = point;
  const names = {
    series,
    ...(panel !== undefined && { panel }),
    ...(chosen !== undefined && { chosen }),
  };
  // JSON has no infinity: an open interval has null for its upper end.
  const high = y.high === Infinity ? null : y.high;
  const interval = y.low === undefined ? {} : { low: y.low, high };
  if (axis.kind === "linear" || y.value > 0) return { x, y: y.value, ...interval, ...names };
  return { x, y: null, ...interval, ...(high && { bound: high }), ...names };
}

/** Most marks of bounds on one curve: a row of them says no more than a few. */
const maxBounds = 10;

/** Rows with the marks of bounds thinned out evenly along each curve. */
export function thinnedBounds(rows: readonly ChartSpec[]): ChartSpec[] {
  const totals = new Map<string, number>();
  const seen = new Map<string, number>();
  const curveOf = (row: ChartSpec): string => JSON.stringify([row.panel, row.series, row.chosen]);
  const counted = rows.filter((row) => row.bound !== undefined);
  for (const row of counted) totals.set(curveOf(row), (totals.get(curveOf(row)) ?? 0) + 1);
  return rows.map((row) => {
    if (row.bound === undefined) return row;
    const index = seen.get(curveOf(row)) ?? 0;
    seen.set(curveOf(row), index + 1);
    if (index % Math.ceil(totals.get(curveOf(row))! / maxBounds) === 0) return row;
    const { bound: _, ...rest } = row;
    return rest;
  });
}

/** Notes about zeros on a log axis, for the reader. */
export function zeroNotes(rows: readonly ChartSpec[]): string[] {
  const bounds = rows.filter((row) => row.bound !== undefined).length;
  const missing = rows.filter((row) => row.y === null).length - bounds;
  return [
    ...(bounds > 0 ? ["▽ no event seen: upper end of the interval"] : []),
    ...(missing > 0
      ? [`${missing} ${missing === 1 ? "value is" : "values are"} exactly zero, below the log axis`]
      : []),
  ];
}

interface CurveStyle {
  readonly x: PlotScale;
  readonly y: PlotScale;
  /** Channels of marks and of lines that tell series apart. */
  readonly colour: ChartSpec;
  readonly line: ChartSpec;
  readonly tooltip: Tooltip;
  readonly steps: boolean;
}

/** Layers of curves: band, line, points where they are few, bounds. */
export function curveLayers(rows: readonly ChartSpec[], style: CurveStyle): ChartSpec[] {
  const { colour, line, steps } = style;
  const { transform, lines: tooltip } = style.tooltip;
  const x = { field: "x", type: "quantitative", ...style.x.channel };
  const y = (field: string): ChartSpec => ({ field, type: "quantitative", ...style.y.channel });
  const clip = style.x.clip || style.y.clip;
  const shape = { clip, ...(steps && { interpolate: "step-after" }) };
  const groups = new Set(rows.map((row) => JSON.stringify([row.panel, row.series, row.chosen])))
    .size;
  const few = rows.length <= 30 * groups && !steps;
  const [bottom, top] = style.y.domain;
  const band: ChartSpec = {
    transform: [
      { filter: "isValid(datum.low)" },
      { calculate: `max(datum.low, ${bottom})`, as: "lower" },
      { calculate: `isValid(datum.high) ? datum.high : ${top}`, as: "upper" },
    ],
    mark: { type: "area", opacity: 0.16, line: false, ...shape },
    // JupyterLab draws with Vega-Lite 5, which would stack x where y is logarithmic.
    encoding: { x: { ...x, stack: null }, y: y("lower"), y2: { field: "upper" }, ...colour },
  };
  // Where points are many they are there for the tooltip only.
  const points: ChartSpec = {
    transform,
    mark: { type: "point", filled: true, opacity: few ? 1 : 0, size: few ? 28 : 60, clip },
    encoding: { x, y: y("y"), ...colour, tooltip },
  };
  const bounds: ChartSpec = {
    transform: [{ filter: "isValid(datum.bound)" }, ...transform],
    mark: {
      type: "point",
      shape: "triangle-down",
      filled: false,
      size: 55,
      opacity: 1,
      clip,
    },
    encoding: { x, y: y("bound"), ...colour, tooltip },
  };
  return [
    ...(rows.some((row) => row.low !== undefined) ? [band] : []),
    { mark: { type: "line", strokeWidth: 2, ...shape }, encoding: { x, y: y("y"), ...line } },
    points,
    ...(rows.some((row) => row.bound !== undefined) ? [bounds] : []),
  ];
}
