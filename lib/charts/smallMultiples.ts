import { assertNever } from "../core/assert.ts";
import { needOneOf } from "../core/need.ts";
import { type BarChartOptions, drawBars } from "./barChart.ts";
import type { Chart } from "./chart.ts";
import { chartOf, type Drawing } from "./drawing.ts";
import { type DataRow, type Field, recordsOf } from "./field.ts";
import { drawHeatMap, type HeatMapOptions } from "./heatMap.ts";
import { drawLines, type LineChartOptions } from "./lineChart.ts";
import { type PlotPanels, plotPanels } from "./panels.ts";

/** How rows are split into panels; width and height are those of one panel. */
export interface PanelOptions<Row extends object> {
  /** Column with a panel for each value. */
  readonly panel: Field<Row>;
  /** Panels beside each other, integer in [1, 8]; 2 or 3 if left out. */
  readonly columns?: number;
}

/** Options of `smallMultiples`: those of a chart, its kind and the panels. */
export type SmallMultiplesOptions<Row extends object> = PanelOptions<Row> &
  (
    | ({ readonly kind: "line" } & LineChartOptions<Row>)
    | ({ readonly kind: "bar" } & BarChartOptions<Row>)
    | ({ readonly kind: "heatMap" } & HeatMapOptions<Row>)
  );

/**
 * The same chart once for each value of a column, all with the same axes and colours, so that panels
 * can be compared by eye.
 *
 * @throws {RangeError} as the chart of that kind does, and if `columns` is out of range
 * @example
 * const rows = [3, 5].map((n) => ({ n, ms: 0, stale: 1 / n }));
 * const x = { column: "ms", title: "Time", unit: "ms" } as const;
 * const y = { column: "stale", title: "Stale reads" } as const;
 * const panel = { column: "n", title: "N" } as const;
 * smallMultiples({ kind: "line", title: "More replicas", rows, x, y, panel }).rowCount; // => 2
 */
export function smallMultiples<Row extends object>(options: SmallMultiplesOptions<Row>): Chart {
  const where = "smallMultiples";
  needOneOf(where, "kind", options.kind, ["line", "bar", "heatMap"]);
  const records = recordsOf(where, options.rows);
  const panels = plotPanels(where, options.panel, records, options.columns);
  return chartOf(where, options, draw(where, options, records, panels), panels.layout);
}

function draw<Row extends object>(
  where: string,
  options: SmallMultiplesOptions<Row>,
  records: readonly DataRow[],
  panels: PlotPanels,
): Drawing {
  switch (options.kind) {
    case "line":
      return drawLines(where, options, records, panels);
    case "bar":
      return drawBars(where, options, records, panels);
    case "heatMap":
      return drawHeatMap(where, options, records, panels);
    default:
      return assertNever(options);
  }
}
