import { needOneOf } from "../core/need.ts";
import type { Chart, ChartSpec } from "./chart.ts";
import { type ChartOptions, chartOf, needFewRows, plotSize } from "./drawing.ts";
import {
  type Axis,
  type DataRow,
  type Field,
  nameOf,
  type PlainField,
  recordsOf,
  titleOf,
} from "./field.ts";
import { type LabelSide, labelSides, placeLabels } from "./labelPlacement.ts";
import { type Measure, measureOf } from "./measure.ts";
import { type Better, paretoFront } from "./paretoFront.ts";
import { type PlotScale, partOf, plotScale } from "./scale.ts";
import { type Tooltip, valueTooltip } from "./tooltip.ts";
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

interface ParetoPoint {
  readonly x: Measure;
  readonly y: Measure;
  readonly name: string;
}

/**
 * A trade-off of two quantities: the points that no other point beats in both are joined and named,
 * the others faded. The front is that of the point estimates; intervals show how firm it is.
 *
 * @throws {RangeError} if a column is missing or not numeric, or zero or less on a log scale
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
    values: held(points, "x"),
    ends: "round",
  });
  const y = plotScale({
    where,
    name: "y",
    field: options.y,
    values: held(points, "y"),
    ends: "round",
  });
  const front = paretoFront({
    x: points.map((point) => point.x.value),
    y: points.map((point) => point.y.value),
    betterX: options.x.better,
    betterY: options.y.better,
  });
  const size = plotSize(where, options, { widthPx: 520, heightPx: 340 });
  const rows = pointRows(points, front, sidesOf(points, front, { x, y, ...size }));
  const layers = paretoLayers({ x, y, fields: options, rows });
  const altText = describeFront(points, front, options);
  return chartOf(where, options, {
    rows,
    params: [],
    transform: [],
    layers,
    altText,
    notes: [],
    ...size,
  });
}

function held(points: readonly ParetoPoint[], axis: "x" | "y"): number[] {
  return points.flatMap(({ [axis]: { value, low, high } }) => {
    const ends = [low, high].filter(
      (end) => end !== undefined && Number.isFinite(end) && end >= value / 2 && end > 0,
    );
    return [value, ...(ends as number[])];
  });
}

interface Frame {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly widthPx: number;
  readonly heightPx: number;
}

function sidesOf(
  points: readonly ParetoPoint[],
  front: readonly number[],
  frame: Frame,
): Map<number, LabelSide> {
  return placeLabels({
    points: points.map((point) => ({
      x: partOf(point.x.value, frame.x) * frame.widthPx,
      y: (1 - partOf(point.y.value, frame.y)) * frame.heightPx,
    })),
    labelled: front,
    texts: points.map((point) => point.name),
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
  });
}

function pointRows(
  points: readonly ParetoPoint[],
  front: readonly number[],
  sides: ReadonlyMap<number, LabelSide>,
): ChartSpec[] {
  const rank = new Map(front.map((index, place) => [index, place]));
  const ends = (name: string, { low, high }: Measure): ChartSpec =>
    low === undefined
      ? {}
      : { [`${name}Low`]: low, [`${name}High`]: high === Infinity ? null : high };
  return points.map(({ x, y, name }, index) => ({
    name,
    x: x.value,
    y: y.value,
    ...ends("x", x),
    ...ends("y", y),
    ...(rank.has(index) && { front: rank.get(index) }),
    ...(sides.has(index) && { side: sides.get(index) }),
  }));
}

interface ParetoStyle {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly fields: {
    readonly x: PlainField & { readonly better: Better };
    readonly y: PlainField;
    readonly name: PlainField;
  };
  readonly rows: readonly ChartSpec[];
}

function paretoLayers({ x, y, fields, rows }: ParetoStyle): ChartSpec[] {
  const atX = (field: string): ChartSpec => ({ x: { field, type: "quantitative", ...x.channel } });
  const atY = (field: string): ChartSpec => ({ y: { field, type: "quantitative", ...y.channel } });
  const has = (field: string): boolean => rows.some((row) => row[field] !== undefined);
  const [wordsX, wordsY] = (["x", "y"] as const).map((axis) =>
    valueTooltip({
      field: axis,
      title: titleOf(fields[axis]),
      format: (axis === "x" ? x : y).format,
      low: `${axis}Low`,
      high: `${axis}High`,
      hasInterval: has(`${axis}Low`),
    }),
  ) as [Tooltip, Tooltip];
  const tooltip = [
    { field: "name", type: "nominal", title: titleOf(fields.name) },
    ...wordsX.lines,
    ...wordsY.lines,
  ];
  const words = [...wordsX.transform, ...wordsY.transform];
  const onFront = { filter: "isValid(datum.front)" };
  const offFront = { filter: "!isValid(datum.front)" };
  // Between two designs of the front nothing better than their stairs is known to be reachable.
  const stairs = fields.x.better === "lower" ? "step-after" : "step-before";
  const clamp = (field: string, { domain: [low, high] }: PlotScale): ChartSpec[] => [
    { calculate: `max(datum.${field}Low, ${low})`, as: `${field}From` },
    { calculate: `isValid(datum.${field}High) ? datum.${field}High : ${high}`, as: `${field}To` },
  ];
  const stem = { type: "rule", style: "interval", clip: x.clip || y.clip };
  return [
    ...(has("xLow")
      ? [
          {
            transform: [onFront, { filter: "isValid(datum.xLow)" }, ...clamp("x", x)],
            mark: stem,
            encoding: { ...atX("xFrom"), x2: { field: "xTo" }, ...atY("y") },
          },
        ]
      : []),
    ...(has("yLow")
      ? [
          {
            transform: [onFront, { filter: "isValid(datum.yLow)" }, ...clamp("y", y)],
            mark: stem,
            encoding: { ...atX("x"), ...atY("yFrom"), y2: { field: "yTo" } },
          },
        ]
      : []),
    {
      transform: [onFront],
      mark: {
        type: "line",
        interpolate: stairs,
        strokeWidth: 1.5,
        opacity: 0.7,
        clip: x.clip || y.clip,
      },
      encoding: { ...atX("x"), ...atY("y"), order: { field: "front", type: "quantitative" } },
    },
    {
      transform: [offFront, ...words],
      mark: { type: "point", filled: true, size: 45, style: "faded", clip: x.clip || y.clip },
      encoding: { ...atX("x"), ...atY("y"), tooltip },
    },
    {
      transform: [onFront, ...words],
      mark: { type: "point", filled: true, size: 80, opacity: 1, clip: x.clip || y.clip },
      encoding: { ...atX("x"), ...atY("y"), tooltip },
    },
    ...labelSides
      .filter((side) => rows.some((row) => row.side === side))
      .map((side) => labelLayer(side, { ...atX("x"), ...atY("y") })),
  ];
}

function labelLayer(side: LabelSide, place: ChartSpec): ChartSpec {
  const toRight = side.startsWith("right");
  const above = side.endsWith("above");
  return {
    transform: [{ filter: `datum.side === '${side}'` }],
    mark: {
      type: "text",
      style: "label",
      align: toRight ? "left" : "right",
      baseline: above ? "bottom" : "top",
      dx: toRight ? 5 : -5,
      dy: above ? -5 : 5,
    },
    encoding: { ...place, text: { field: "name", type: "nominal" } },
  };
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
