import type { ChartSpec } from "./chart.ts";
import { type LabelSide, placeLabels } from "./labelPlacement.ts";
import type { Measure } from "./measure.ts";
import { type PlotScale, partOf } from "./scale.ts";

/** A design: two quantities and a name. */
export interface ParetoPoint {
  readonly x: Measure;
  readonly y: Measure;
  readonly name: string;
}

/** Numbers that an axis must hold; on a log axis zeros have their place at its edge instead. */
export function paretoValues(
  points: readonly ParetoPoint[],
  axis: "x" | "y",
  scale: "linear" | "log" = "linear",
): number[] {
  const values = points.flatMap(({ [axis]: { value, low = value, high = value } }) =>
    [value, low, high].filter(
      (end) =>
        end === value ||
        (Number.isFinite(end) && (scale === "linear" || (end > 0 && end >= value / 2))),
    ),
  );
  return scale === "log" ? values.filter((value) => value !== 0) : values;
}

interface Frame {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Rows of a specification, with the rank of those on the front and the side of their labels. */
export function paretoRows(
  points: readonly ParetoPoint[],
  front: readonly number[],
  frame: Frame,
): ChartSpec[] {
  const rank = new Map(front.map((index, place) => [index, place]));
  const sides = sidesOf(points, front, frame);
  return points.map(({ x, y, name }, index) => {
    const zero = isBelow(frame.y, y)
      ? "triangle-down"
      : isBelow(frame.x, x)
        ? "triangle-left"
        : undefined;
    return {
      name,
      x: placeOn(frame.x, x),
      y: placeOn(frame.y, y),
      ...(zero !== undefined && { zero }),
      ...values("x", x),
      ...values("y", y),
      ...(rank.has(index) && { front: rank.get(index) }),
      ...(sides.has(index) && { side: sides.get(index) }),
    };
  });
}

/** Notes about zeros on a log axis, for the reader. */
export function paretoNotes(
  points: readonly ParetoPoint[],
  { x, y }: Pick<Frame, "x" | "y">,
): string[] {
  const zeros = points.flatMap((point) => [
    ...(isBelow(x, point.x) ? [point.x] : []),
    ...(isBelow(y, point.y) ? [point.y] : []),
  ]);
  const seen = zeros.filter(({ high }) => high !== undefined && high > 0);
  return [
    ...(seen.length > 0 ? ["▽ no event seen: upper end of the interval"] : []),
    ...(seen.length < zeros.length ? ["▽ on the edge: exactly zero, beyond the log axis"] : []),
  ];
}

function isBelow({ kind }: PlotScale, { value }: Measure): boolean {
  return kind === "log" && value === 0;
}

/** Where a value is drawn: a zero on a log axis at the upper end of its interval, or at the edge. */
function placeOn(scale: PlotScale, measure: Measure): number {
  if (!isBelow(scale, measure)) return measure.value;
  const { high = 0 } = measure;
  return high > 0 && Number.isFinite(high) ? high : scale.domain[0];
}

function values(axis: "x" | "y", { value, low, high }: Measure): ChartSpec {
  if (low === undefined) return { [`${axis}Value`]: value };
  return {
    [`${axis}Value`]: value,
    [`${axis}Low`]: low,
    [`${axis}High`]: high === Infinity ? null : high,
  };
}

function sidesOf(
  points: readonly ParetoPoint[],
  front: readonly number[],
  frame: Frame,
): Map<number, LabelSide> {
  return placeLabels({
    points: points.map((point) => ({
      x: partOf(placeOn(frame.x, point.x), frame.x) * frame.widthPx,
      y: (1 - partOf(placeOn(frame.y, point.y), frame.y)) * frame.heightPx,
    })),
    labelled: front,
    texts: points.map((point) => point.name),
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
  });
}
