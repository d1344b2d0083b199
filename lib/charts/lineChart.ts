import type { Chart, ChartSpec } from "./chart.ts";
import {
  type CurvePoint,
  curveLayers,
  curveRow,
  thinnedBounds,
  valuesToHold,
  zeroNotes,
} from "./curves.ts";
import { describeCurves } from "./describeCurves.ts";
import { needDistinct } from "./distinct.ts";
import { type ChartOptions, chartOf, type Drawing, needFewRows, plotSize } from "./drawing.ts";
import {
  type Axis,
  type DataRow,
  type Field,
  type PlainField,
  recordsOf,
  titleOf,
} from "./field.ts";
import { measureOf, numberOf } from "./measure.ts";
import type { PlotPanels } from "./panels.ts";
import { ruleReadout } from "./readout.ts";
import { type PlotScale, partOf, plotScale } from "./scale.ts";
import { type PlotSeries, plotSeries } from "./series.ts";
import { type FilterSlider, type PlainFilter, plotFilter, type RuleSlider } from "./slider.ts";
import { type Tooltip, valueTooltip } from "./tooltip.ts";

/** Options of `lineChart`. */
export interface LineChartOptions<Row extends object> extends ChartOptions<Row> {
  /** Column of plain numbers along x. */
  readonly x: Axis<Row>;
  /** Column along y: numbers, or estimates, whose intervals are drawn as a band. */
  readonly y: Axis<Row>;
  /** Column that splits the rows into at most 12 lines. */
  readonly series?: Field<Row>;
  /** What the reader can move: a line along x that reads values, or a filter. */
  readonly slider?: RuleSlider | FilterSlider<Row>;
}

/**
 * Lines over a numeric x, with a band where y is an estimate.
 *
 * On a log scale a value of zero is drawn as a bound at the upper end of its interval.
 *
 * @throws {RangeError} if a column is missing or not numeric, rows are none or above 5,000, or an
 *   option is out of range
 * @example
 * const rows = [{ ms: 0, stale: 0.5 }, { ms: 10, stale: 0.1 }];
 * const x = { column: "ms", title: "Time after commit", unit: "ms" } as const;
 * const y = { column: "stale", title: "Stale reads" } as const;
 * lineChart({ title: "Waiting helps", rows, x, y }).altText;
 * // => "Line chart of stale reads against time after commit from 0 to 10 ms. The line falls from 0.5 at 0 ms to 0.1 at 10 ms."
 */
export function lineChart<Row extends object>(options: LineChartOptions<Row>): Chart {
  const where = "lineChart";
  return chartOf(where, options, drawLines(where, options, recordsOf(where, options.rows)));
}

/** Options of lines, whatever the rows. */
export interface PlainLineOptions {
  readonly x: PlainField;
  readonly y: PlainField;
  readonly series?: PlainField;
  readonly slider?: RuleSlider | PlainFilter;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/** Lines of rows, for one plot or for panels. */
export function drawLines(
  where: string,
  options: PlainLineOptions,
  records: readonly DataRow[],
  panels?: PlotPanels,
): Drawing {
  needFewRows(where, records.length);
  const size = plotSize(
    where,
    options,
    panels ? { widthPx: 230, heightPx: 170 } : { widthPx: 540, heightPx: 300 },
  );
  const series = plotSeries(where, options.series, records, {
    hasLineBelow: options.slider?.kind === "filter",
  });
  const filter = plotFilter(where, options.slider, records);
  const points = records.map(
    (row, index): CurvePoint => ({
      x: numberOf(where, options.x, row, index),
      y: measureOf(where, options.y, row, index),
      series: series.ofRow[index]!,
      panel: panels?.ofRow[index],
      chosen: filter?.values[index],
    }),
  );
  needDistinct(
    where,
    points.map((point) => [point.x, point.series, point.panel, point.chosen]),
  );
  const x = plotScale({
    where,
    name: "x",
    field: options.x,
    values: points.map((point) => point.x),
    ends: "tight",
  });
  const held = valuesToHold(points, options.y.scale ?? "linear");
  const y = plotScale({ where, name: "y", field: options.y, values: held, ends: "round" });
  const drawn = { points, x, y, fields: options, size, series, steps: false };
  const curves = drawCurves(where, {
    ...drawn,
    rule: options.slider?.kind === "rule" ? options.slider : undefined,
  });
  const shown = points.filter((point) => filter === undefined || point.chosen === filter.startAt);
  return {
    ...curves,
    params: [...curves.params, ...(filter?.params ?? [])],
    transform: filter?.transform ?? [],
    layers: [...curves.layers, ...(filter ? [filter.layer] : [])],
    altText: describeCurves({
      kind: "Line chart",
      points: shown,
      fields: options,
      shown: filter?.words,
    }),
  };
}

/** Curves whose axes are ready. */
export interface CurveRequest {
  readonly points: readonly CurvePoint[];
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly fields: {
    readonly x: Omit<PlainField, "column">;
    readonly y: Omit<PlainField, "column">;
    readonly series?: { readonly title: string };
  };
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  readonly series: PlotSeries;
  readonly steps: boolean;
  readonly rule: RuleSlider | undefined;
}

/** Curves of points with their bands, and the line that a slider moves. */
export function drawCurves(where: string, request: CurveRequest): Omit<Drawing, "altText"> {
  const { points, x, y, fields, size, series, steps, rule } = request;
  const all = points.map((point) => curveRow(point, y));
  const rows = thinnedBounds(all);
  const tooltip = curveTooltip(request, rows);
  const readout =
    rule &&
    ruleReadout({
      where,
      slider: rule,
      x,
      y,
      series: series.names,
      colour: series.colour,
      ...size,
      xTitle: titleOf(fields.x),
      xUnit: fields.x.unit,
      xs: points.map((point) => point.x),
      pointsPx: placesPx(rows, request),
    });
  return {
    rows,
    params: readout?.params ?? [],
    transform: [],
    layers: [...curveLayers(rows, { x, y, ...series, tooltip, steps }), ...(readout?.layers ?? [])],
    notes: zeroNotes(all),
    ...size,
  };
}

function curveTooltip({ fields, x, y, series }: CurveRequest, rows: readonly ChartSpec[]): Tooltip {
  const hasInterval = rows.some((row) => row.low !== undefined);
  const ends = { low: "low", high: "high", hasInterval };
  const value = valueTooltip({ field: "y", title: titleOf(fields.y), format: y.format, ...ends });
  const name = { field: "series", type: "nominal", title: fields.series?.title ?? "curve" };
  const place = { field: "x", type: "quantitative", title: titleOf(fields.x), format: x.format };
  const lines = [...(series.names.length > 1 ? [name] : []), place, ...value.lines];
  return { transform: value.transform, lines };
}

/** Where the points stand in the plot. */
function placesPx(
  rows: readonly ChartSpec[],
  { x, y, size }: CurveRequest,
): { x: number; y: number }[] {
  return rows
    .filter((row) => typeof row.y === "number" || typeof row.bound === "number")
    .map((row) => ({
      x: partOf(row.x as number, x) * size.widthPx,
      y: (1 - partOf((row.y ?? row.bound) as number, y)) * size.heightPx,
    }));
}
