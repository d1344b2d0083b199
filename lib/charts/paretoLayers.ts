import type { ChartSpec } from "./chart.ts";
import { type PlainField, titleOf } from "./field.ts";
import { type LabelSide, labelSides } from "./labelPlacement.ts";
import type { Better } from "./paretoFront.ts";
import type { PlotScale } from "./scale.ts";
import { type Tooltip, valueTooltip } from "./tooltip.ts";

/** What the layers are made from. */
export interface ParetoStyle {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly fields: {
    readonly x: PlainField & { readonly better: Better };
    readonly y: PlainField;
    readonly name: PlainField;
  };
  readonly rows: readonly ChartSpec[];
}

/** Layers of a trade-off: intervals, the stairs of the front, points and names. */
export function paretoLayers({ x, y, fields, rows }: ParetoStyle): ChartSpec[] {
  const atX = (field: string): ChartSpec => ({ x: { field, type: "quantitative", ...x.channel } });
  const atY = (field: string): ChartSpec => ({ y: { field, type: "quantitative", ...y.channel } });
  const has = (field: string): boolean => rows.some((row) => row[field] !== undefined);
  const [wordsX, wordsY] = (["x", "y"] as const).map((axis) =>
    valueTooltip({
      field: `${axis}Value`,
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
  // A zero beyond a log axis points to where it would be.
  const shape: ChartSpec = has("zero")
    ? { shape: { field: "zero", type: "nominal", scale: null } }
    : {};
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
      encoding: { ...atX("x"), ...atY("y"), ...shape, tooltip },
    },
    {
      transform: [onFront, ...words],
      mark: { type: "point", filled: true, size: 80, opacity: 1, clip: x.clip || y.clip },
      encoding: { ...atX("x"), ...atY("y"), ...shape, tooltip },
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
