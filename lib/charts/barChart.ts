import type { Chart, ChartSpec } from "./chart.ts";
import { type CurvePoint, curveRow, valuesToHold, zeroNotes } from "./curves.ts";
import { describeBars } from "./describeBars.ts";
import { needDistinct } from "./distinct.ts";
import { type ChartOptions, chartOf, type Drawing, needFewRows, plotSize } from "./drawing.ts";
import {
  type Axis,
  type DataRow,
  type Field,
  nameOf,
  orderedNames,
  type PlainField,
  recordsOf,
  titleOf,
} from "./field.ts";
import { measureOf } from "./measure.ts";
import type { PlotPanels } from "./panels.ts";
import { type PlotScale, plotScale } from "./scale.ts";
import { type PlotSeries, plotSeries } from "./series.ts";
import { type FilterSlider, type PlainFilter, plotFilter } from "./slider.ts";
import { type Tooltip, valueTooltip } from "./tooltip.ts";

/** Options of `barChart`. */
export interface BarChartOptions<Row extends object> extends ChartOptions<Row> {
  /** Column that names the bars. */
  readonly category: Field<Row>;
  /** Column of their lengths: numbers, or estimates, whose intervals are drawn as error bars. */
  readonly value: Axis<Row>;
  /** Column that splits each category into bars side by side. */
  readonly series?: Field<Row>;
  /** Direction of the bars; `"up"` if left out. Long names are easier to read beside bars to the right. */
  readonly direction?: "up" | "right";
  /** Order of the categories; that of the rows, or ascending numbers, if left out. */
  readonly order?: "ascending" | "descending";
  /** A filter that the reader can move. */
  readonly slider?: FilterSlider<Row>;
}

/** Options of bars, whatever the rows. */
export interface PlainBarOptions {
  readonly category: PlainField;
  readonly value: PlainField;
  readonly series?: PlainField;
  readonly direction?: "up" | "right";
  readonly order?: "ascending" | "descending";
  readonly slider?: PlainFilter;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/**
 * Bars from zero with error bars where the value is an estimate.
 *
 * A log scale has no zero to start from, so there the bars become dots, and a value of zero is drawn
 * as a bound at the upper end of its interval.
 *
 * @throws {RangeError} if a column is missing or not numeric, or an option is out of range
 */
export function barChart<Row extends object>(options: BarChartOptions<Row>): Chart {
  const where = "barChart";
  return chartOf(where, options, drawBars(where, options, recordsOf(where, options.rows)));
}

/** Bars of rows, for one plot or for panels. */
export function drawBars(
  where: string,
  options: PlainBarOptions,
  records: readonly DataRow[],
  panels?: PlotPanels,
): Drawing {
  needFewRows(where, records.length);
  const series = plotSeries(where, options.series, records, {
    symbol: options.value.scale === "log" ? "circle" : "square",
    hasLineBelow: options.slider !== undefined,
  });
  const filter = plotFilter(where, options.slider, records);
  const points = records.map(
    (row, index): BarPoint => ({
      category: nameOf(where, options.category, row, index),
      x: 0,
      y: measureOf(where, options.value, row, index),
      series: series.ofRow[index]!,
      panel: panels?.ofRow[index],
      chosen: filter?.values[index],
    }),
  );
  needDistinct(
    where,
    points.map((point) => [point.category, point.series, point.panel, point.chosen]),
  );
  const held = valuesToHold(points, options.value.scale ?? "linear");
  const value = plotScale({
    where,
    name: "value",
    field: options.value,
    values: held,
    ends: "round",
  });
  const categories = ordered(points, options.order);
  const size = plotSize(where, options, defaultSize(options, categories, series, panels));
  const rows = points.map((point) => barRow(point, value));
  const shown = points.filter((point) => filter === undefined || point.chosen === filter.startAt);
  return {
    rows,
    params: filter?.params ?? [],
    transform: filter?.transform ?? [],
    layers: [
      ...barLayers({
        options,
        widthPx: size.widthPx,
        value,
        series,
        categories,
        rows,
        shownCount: shown.length,
      }),
      ...(filter ? [filter.layer] : []),
    ],
    altText: describeBars({
      points: shown,
      fields: options,
      isLog: value.kind === "log",
      shown: filter?.words,
    }),
    notes: zeroNotes(rows),
    ...size,
  };
}

/** A bar before the axis is known. */
export interface BarPoint extends CurvePoint {
  readonly category: string;
}

function barRow({ category, ...point }: BarPoint, value: PlotScale): ChartSpec {
  const { x: _, ...row } = curveRow(point, value);
  return { category, ...row };
}

function ordered(points: readonly BarPoint[], order: PlainBarOptions["order"]): string[] {
  const names = orderedNames(points.map((point) => point.category));
  if (order === undefined) return names;
  const sign = order === "ascending" ? 1 : -1;
  const largest = new Map<string, number>();
  for (const { category, y } of points) {
    largest.set(category, Math.max(y.value, largest.get(category) ?? -Infinity));
  }
  return names.sort((a, b) => sign * (largest.get(a)! - largest.get(b)!));
}

/** Room for the names below upright bars, or a line for each bar to the right. */
function defaultSize(
  { direction }: PlainBarOptions,
  categories: readonly string[],
  series: PlotSeries,
  panels: PlotPanels | undefined,
): { widthPx: number; heightPx: number } {
  const clamp = (value: number, min: number, max: number): number =>
    Math.min(max, Math.max(min, value));
  const across = categories.length * Math.max(28, 16 * series.names.length + 8);
  const longest = Math.max(...categories.map((name) => name.length));
  const named = categories.length * Math.min(110, longest * charWidthPx + 14);
  if (direction === "right")
    return { widthPx: panels ? 200 : 420, heightPx: clamp(across, 60, 900) };
  const [least, most] = panels ? [200, 320] : [340, 560];
  return {
    widthPx: clamp(Math.max(across * 1.4, named), least, most),
    heightPx: panels ? 170 : 300,
  };
}

/** Width of a character of an axis label, 11 px DejaVu Sans, on average. */
const charWidthPx = 7;

interface BarStyle {
  readonly options: PlainBarOptions;
  readonly widthPx: number;
  readonly value: PlotScale;
  readonly series: PlotSeries;
  readonly categories: readonly string[];
  readonly rows: readonly ChartSpec[];
  /** Bars seen at one time. */
  readonly shownCount: number;
}

function barLayers(style: BarStyle): ChartSpec[] {
  const { options, widthPx, value, series, categories, rows, shownCount } = style;
  const [along, across] = options.direction === "right" ? ["x", "y"] : ["y", "x"];
  const tilt = options.direction === "right" ? 0 : labelAngle(categories, widthPx);
  const place: ChartSpec = {
    [across]: {
      field: "category",
      type: "nominal",
      title: titleOf(options.category),
      sort: categories,
      axis: { labelAngle: tilt, grid: false, labelLimit: 220 },
      scale: { paddingInner: 0.25, paddingOuter: 0.15 },
    },
    ...(series.names.length > 1 && {
      [`${across}Offset`]: { field: "series", type: "nominal", sort: series.names },
    }),
  };
  const at = (field: string): ChartSpec => ({
    [along]: { field, type: "quantitative", ...value.channel },
  });
  const { transform, lines: tooltip } = barTooltip(style);
  const dots = value.kind === "log";
  const bar: ChartSpec = dots
    ? {
        transform,
        mark: { type: "point", filled: true, size: 70, opacity: 1, clip: value.clip },
        encoding: { ...place, ...at("y"), ...series.colour, tooltip },
      }
    : {
        transform,
        mark: { type: "bar", clip: value.clip },
        encoding: { ...place, ...at("y"), ...series.colour, tooltip },
      };
  const bounds: ChartSpec = {
    transform: [{ filter: "isValid(datum.bound)" }, ...transform],
    mark: {
      type: "point",
      shape: options.direction === "right" ? "triangle-left" : "triangle-down",
      filled: false,
      size: 60,
      opacity: 1,
      clip: value.clip,
    },
    encoding: { ...place, ...at("bound"), ...series.colour, tooltip },
  };
  return [
    bar,
    ...(rows.some((row) => row.low !== undefined)
      ? errorBars({ place, at, along, value, dots })
      : []),
    ...(rows.some((row) => row.bound !== undefined) ? [bounds] : []),
    ...(!dots && shownCount <= 12 ? [valueLabels({ place, at, along, value })] : []),
  ];
}

/** Names stay level while they fit beside each other. */
function labelAngle(categories: readonly string[], widthPx: number): number {
  const longest = Math.max(...categories.map((name) => name.length));
  return longest * charWidthPx > widthPx / categories.length ? -40 : 0;
}

interface MarkPlace {
  readonly place: ChartSpec;
  readonly at: (field: string) => ChartSpec;
  readonly along: string | undefined;
  readonly value: PlotScale;
}

function errorBars({ place, at, along, value, dots }: MarkPlace & { dots: boolean }): ChartSpec[] {
  const [bottom, top] = value.domain;
  const transform = [
    { filter: "isValid(datum.low)" },
    { calculate: `max(datum.low, ${bottom})`, as: "from" },
    { calculate: `isValid(datum.high) ? datum.high : ${top}`, as: "to" },
  ];
  const stem = { ...place, ...at("from"), [`${along}2`]: { field: "to" } };
  const cap = { type: "tick", style: "interval", thickness: 1.5, size: 8, clip: value.clip };
  // Dots carry their interval in their own place; on a bar it is drawn over the end of the bar.
  return [
    {
      transform,
      mark: { type: "rule", style: "interval", strokeWidth: dots ? 2 : 1.5, clip: value.clip },
      encoding: stem,
    },
    ...["from", "to"].map((end) => ({
      transform: [...transform, { filter: `isValid(datum.y) && datum.${end} > ${bottom}` }],
      mark: cap,
      encoding: { ...place, ...at(end) },
    })),
  ];
}

function valueLabels({ place, at, along, value }: MarkPlace): ChartSpec {
  const offset = along === "y" ? { dy: -5, baseline: "bottom" } : { dx: 5, align: "left" };
  return {
    transform: [
      { filter: "isValid(datum.y)" },
      { calculate: "isValid(datum.high) ? max(datum.y, datum.high) : datum.y", as: "end" },
    ],
    mark: { type: "text", style: "label", ...offset },
    encoding: {
      ...place,
      ...at("end"),
      text: { field: "y", type: "quantitative", format: value.format },
    },
  };
}

function barTooltip({ options, value, series, rows }: BarStyle): Tooltip {
  const hasInterval = rows.some((row) => row.low !== undefined);
  const ends = { low: "low", high: "high", hasInterval };
  const words = valueTooltip({
    field: "y",
    title: titleOf(options.value),
    format: value.format,
    ...ends,
  });
  const category = { field: "category", type: "nominal", title: titleOf(options.category) };
  const name = { field: "series", type: "nominal", title: options.series?.title };
  const lines = [category, ...(series.names.length > 1 ? [name] : []), ...words.lines];
  return { transform: words.transform, lines };
}
