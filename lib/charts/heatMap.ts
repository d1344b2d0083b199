import type { Chart, ChartSpec } from "./chart.ts";
import { describeHeatMap } from "./describeHeatMap.ts";
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
import { heatLayers } from "./heatLayers.ts";
import { type Measure, measureOf } from "./measure.ts";
import type { PlotPanels } from "./panels.ts";
import { type PlotScale, partOf, plotScale } from "./scale.ts";
import { type FilterSlider, type PlainFilter, plotFilter } from "./slider.ts";

/** Options of `heatMap`. */
export interface HeatMapOptions<Row extends object> extends ChartOptions<Row> {
  /** Column that names the cells from left to right; numbers ascend. */
  readonly x: Field<Row>;
  /** Column that names the cells from bottom to top; numbers ascend. */
  readonly y: Field<Row>;
  /** Column drawn as colour: numbers or estimates. */
  readonly value: Axis<Row>;
  /** A filter that the reader can move. */
  readonly slider?: FilterSlider<Row>;
}

/** Options of a heat map, whatever the rows. */
export interface PlainHeatMapOptions {
  readonly x: PlainField;
  readonly y: PlainField;
  readonly value: PlainField;
  readonly slider?: PlainFilter;
  readonly widthPx?: number;
  readonly heightPx?: number;
}

/**
 * A value over two columns as colour, written into the cells where there is room.
 *
 * On a log scale cells of value zero have no colour; they say `0`, or the upper end of the interval.
 *
 * @throws {RangeError} if a column is missing or not numeric, or two rows share a cell
 * @example
 * const rows = [{ r: 1, w: 1, stale: 0.6 }, { r: 2, w: 1, stale: 0.3 }];
 * const x = { column: "r", title: "R" } as const;
 * const y = { column: "w", title: "W" } as const;
 * const value = { column: "stale", title: "Stale reads" } as const;
 * heatMap({ title: "Read from more", rows, x, y, value }).altText;
 * // => "Heat map of stale reads over R (1 to 2) and W (1 to 1). Highest 0.6 at R 1, W 1; lowest 0.3 at R 2, W 1."
 */
export function heatMap<Row extends object>(options: HeatMapOptions<Row>): Chart {
  const where = "heatMap";
  return chartOf(where, options, drawHeatMap(where, options, recordsOf(where, options.rows)));
}

/** A cell of a heat map. */
export interface HeatCell {
  readonly x: string;
  readonly y: string;
  readonly value: Measure;
  readonly panel?: string | undefined;
  readonly chosen?: number | string | undefined;
}

/** A heat map of rows, for one plot or for panels. */
export function drawHeatMap(
  where: string,
  options: PlainHeatMapOptions,
  records: readonly DataRow[],
  panels?: PlotPanels,
): Drawing {
  needFewRows(where, records.length);
  const filter = plotFilter(where, options.slider, records);
  const cells = records.map(
    (row, index): HeatCell => ({
      x: nameOf(where, options.x, row, index),
      y: nameOf(where, options.y, row, index),
      value: measureOf(where, options.value, row, index),
      panel: panels?.ofRow[index],
      chosen: filter?.values[index],
    }),
  );
  needDistinct(
    where,
    cells.map((cell) => [cell.x, cell.y, cell.panel, cell.chosen]),
  );
  const [columns, lines] = [
    orderedNames(cells.map((cell) => cell.x)),
    orderedNames(cells.map((cell) => cell.y)),
  ];
  const isLog = options.value.scale === "log";
  const values = cells.map((cell) => cell.value.value).filter((value) => !isLog || value !== 0);
  const scale = plotScale({
    where,
    name: "value",
    field: options.value,
    values,
    ends: "tight",
  });
  const size = plotSize(
    where,
    options,
    cellSize(columns.length, lines.length, panels !== undefined),
  );
  const roomy = size.widthPx / columns.length >= 44 && size.heightPx / lines.length >= 20;
  const hasInterval = cells.some((cell) => cell.value.low !== undefined);
  const shown = cells.filter((cell) => filter === undefined || cell.chosen === filter.startAt);
  return {
    rows: cells.map((cell) => cellRow(cell, scale)),
    params: filter?.params ?? [],
    transform: filter?.transform ?? [],
    layers: [
      ...heatLayers({
        options,
        scale,
        columns,
        lines,
        roomy,
        hasInterval,
        hasColour: values.length > 0,
      }),
      ...(filter ? [filter.layer] : []),
    ],
    altText: describeHeatMap({
      cells: shown,
      columns,
      lines,
      fields: options,
      shown: filter?.words,
    }),
    notes: [],
    ...size,
  };
}

function cellSize(
  columns: number,
  lines: number,
  inPanels: boolean,
): { widthPx: number; heightPx: number } {
  const [wide, high] = inPanels ? [48, 30] : [64, 44];
  const clamp = (value: number, min: number, max: number): number =>
    Math.min(max, Math.max(min, value));
  const most = inPanels ? 240 : 560;
  return {
    widthPx: clamp(columns * wide, 120, most),
    heightPx: clamp(lines * high, 80, most * 0.75),
  };
}

function cellRow({ x, y, value, panel, chosen }: HeatCell, scale: PlotScale): ChartSpec {
  const hasColour = scale.kind === "linear" || value.value > 0;
  const part = hasColour ? partOf(value.value, scale) : 0;
  return {
    x,
    y,
    value: hasColour ? value.value : null,
    ...(value.low !== undefined && {
      low: value.low,
      high: value.high === Infinity ? null : value.high,
    }),
    // Cividis reaches the lightness at which black reads better than white in its middle.
    ink: !hasColour ? "plain" : part < 0.5 ? "white" : "black",
    ...(panel !== undefined && { panel }),
    ...(chosen !== undefined && { chosen }),
  };
}
