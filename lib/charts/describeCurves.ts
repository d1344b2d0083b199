import type { CurvePoint } from "./curves.ts";
import { labelOf } from "./field.ts";
import { count, inSentence, quantity, trendInWords } from "./words.ts";

interface CurveDescription {
  /** Kind of the chart, first words of the description. */
  readonly kind: string;
  readonly points: readonly CurvePoint[];
  readonly fields: {
    readonly x: { readonly title: string; readonly unit?: string };
    readonly y: { readonly title: string; readonly unit?: string };
    readonly series?: { readonly title: string };
  };
  /** State of a filter, in words. */
  readonly shown: string | undefined;
}

/** Most curves that a description tells one by one. */
const maxTold = 6;

/** Curves in words: axes with their ranges, the course of each curve, the extremes over all. */
export function describeCurves({ kind, points, fields, shown }: CurveDescription): string {
  const { x, y } = fields;
  const xs = points.map((point) => point.x);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  const range = `${quantity(from)} to ${quantity(to, x.unit)}`;
  const curves = Map.groupBy(points, ({ panel, series }) =>
    [panel, labelOf(fields.series?.title ?? "", series)].filter(Boolean).join(", "),
  );
  const told = [...curves].slice(0, maxTold).map(([name, curve]) => {
    const subject = name === "" ? "The line" : name;
    return `${subject} ${trendInWords(inOrder(curve), { x: x.unit, y: y.unit } as { x?: string; y?: string })}`;
  });
  const more =
    curves.size > maxTold ? [`${count(curves.size - maxTold, "more line")} not told here`] : [];
  const parts = [
    `${kind} of ${inSentence(y.title)} against ${inSentence(x.title)} from ${range}${shown === undefined ? "" : `, for ${shown}`}`,
    ...told,
    ...more,
    ...extremes(points, y.unit),
    ...intervals(points, y.unit),
  ];
  return `${parts.join(". ")}.`;
}

function inOrder(curve: readonly CurvePoint[]): { x: number; y: number; atMost?: number }[] {
  const told = curve.map(({ x, y }) => ({
    x,
    y: y.value,
    ...(y.value === 0 && y.high !== undefined && { atMost: y.high }),
  }));
  return told.sort((a, b) => a.x - b.x);
}

/** Highest and lowest value, where more than one curve makes them worth telling. */
function extremes(points: readonly CurvePoint[], unit: string | undefined): string[] {
  if (new Set(points.map(({ panel, series }) => `${panel} ${series}`)).size < 2) return [];
  const values = points.map(({ y }) => y.value);
  return [
    `Over all, values lie between ${quantity(Math.min(...values))} and ${quantity(Math.max(...values), unit)}`,
  ];
}

function intervals(points: readonly CurvePoint[], unit: string | undefined): string[] {
  const widths = points.flatMap(({ y }) =>
    y.low === undefined || y.high === undefined ? [] : [y.high - y.low],
  );
  if (widths.length === 0) return [];
  if (widths.includes(Infinity)) return ["Some intervals have no upper end"];
  return [`Intervals are at most ${quantity(Math.max(...widths), unit)} wide`];
}
