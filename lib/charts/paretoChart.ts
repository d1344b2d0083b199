import { needOneOf } from "../core/need.ts";
import type { Chart } from "./chart.ts";
import { type ChartOptions, chartOf, needFewRows, plotSize } from "./drawing.ts";
import { type Axis, type DataRow, type Field, nameOf, recordsOf } from "./field.ts";
import { measureOf } from "./measure.ts";
import { type Better, paretoFront } from "./paretoFront.ts";
import { paretoLayers } from "./paretoLayers.ts";
import { type ParetoPoint, paretoNotes, paretoRows, paretoValues } from "./paretoPoints.ts";
import { plotScale } from "./scale.ts";
import { count, inSentence, listInWords, quantity } from "./words.ts";

/** An axis of a trade-off. */
export interface ParetoAxis<Row extends object> extends Axis<Row> {
  /** Direction in which the quantity gets better. */
  readonly better: Better;
}

/** Options of `paretoChart`. */
export interface ParetoChartOptions<Row extends object> extends ChartOptions<Row> {
  /** Column along x: numbers, or estimates, whose intervals are drawn. */
  readonly x: ParetoAxis<Row>;
  /** Column along y: numbers, or estimates, whose intervals are drawn. */
  readonly y: ParetoAxis<Row>;
  /** Column that names the points. */
  readonly name: Field<Row>;
}

/**
 * A trade-off of two quantities: the points that no other point beats in both are joined and named,
 * the others faded. The front is that of the point estimates; intervals show how firm it is.
 *
 * @throws {RangeError} if a column is missing or not numeric, or negative on a log scale
 * @example
 * const rows = [{ design: "R=1", ms: 2, stale: 0.5 }, { design: "R=2", ms: 5, stale: 0.1 }];
 * const x = { column: "ms", title: "Latency", unit: "ms", better: "lower" } as const;
 * const y = { column: "stale", title: "Stale reads", better: "lower" } as const;
 * const name = { column: "design", title: "Design" } as const;
 * paretoChart({ title: "Freshness costs time", rows, x, y, name }).altText;
 * // => "Trade-off of stale reads (lower is better) against latency (lower is better), 2 points. 2 on the front: R=1 (2 ms, 0.5) and R=2 (5 ms, 0.1). 0 points dominated."
 */
export function paretoChart<Row extends object>(options: ParetoChartOptions<Row>): Chart {
  const where = "paretoChart";
  const records = recordsOf(where, options.rows) as readonly DataRow[];
  needFewRows(where, records.length);
  for (const axis of ["x", "y"] as const) {
    needOneOf(where, `${axis}.better`, options[axis].better, ["lower", "higher"]);
  }
  const points = records.map(
    (row, index): ParetoPoint => ({
      x: measureOf(where, options.x, row, index),
      y: measureOf(where, options.y, row, index),
      name: nameOf(where, options.name, row, index),
    }),
  );
  const x = plotScale({
    where,
    name: "x",
    field: options.x,
    values: paretoValues(points, "x", options.x.scale),
    ends: "round",
  });
  const y = plotScale({
    where,
    name: "y",
    field: options.y,
    values: paretoValues(points, "y", options.y.scale),
    ends: "round",
  });
  const front = paretoFront({
    x: points.map((point) => point.x.value),
    y: points.map((point) => point.y.value),
    betterX: options.x.better,
    betterY: options.y.better,
  });
  const size = plotSize(where, options, { widthPx: 520, heightPx: 340 });
  const rows = paretoRows(points, front, { x, y, ...size });
  const layers = paretoLayers({ x, y, fields: options, rows });
  const altText = describeFront(points, front, options);
  return chartOf(where, options, {
    rows,
    params: [],
    transform: [],
    layers,
    altText,
    notes: paretoNotes(points, { x, y }),
    ...size,
  });
}

function describeFront<Row extends object>(
  points: readonly ParetoPoint[],
  front: readonly number[],
  { x, y }: ParetoChartOptions<Row>,
): string {
  const told = front.slice(0, 8).map((index) => {
    const { name, x: atX, y: atY } = points[index]!;
    return `${name} (${quantity(atX.value, x.unit)}, ${quantity(atY.value, y.unit)})`;
  });
  const rest = front.length > told.length ? `, and ${front.length - told.length} more` : "";
  return [
    `Trade-off of ${inSentence(y.title)} (${y.better} is better) against ${inSentence(x.title)} (${x.better} is better), ${count(points.length, "point")}`,
    `${front.length} on the front: ${listInWords(told)}${rest}`,
    `${count(points.length - front.length, "point")} dominated.`,
  ].join(". ");
}
