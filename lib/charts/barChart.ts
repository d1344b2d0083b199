import { barLayers, charWidthPx } from "./barLayers.ts";
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
} from "./field.ts";
import { measureOf } from "./measure.ts";
import type { PlotPanels } from "./panels.ts";
import { type PlotScale, plotScale } from "./scale.ts";
import { type PlotSeries, plotSeries } from "./series.ts";
import { type FilterSlider, type PlainFilter, plotFilter } from "./slider.ts";

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
 * @example
 * const rows = [{ store: "disk", lost: 3 }, { store: "flash", lost: 1 }];
 * const category = { column: "store", title: "Store" } as const;
 * const value = { column: "lost", title: "Writes lost" } as const;
 * barChart({ title: "Flash loses less", rows, category, value }).altText;
 * // => "Bar chart of writes lost by store, 2 bars. disk: 3; flash: 1."
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
