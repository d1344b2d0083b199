import type { BarPoint } from "./barChart.ts";
import { labelOf } from "./field.ts";
import { count, inSentence, quantity } from "./words.ts";

interface BarDescription {
  readonly points: readonly BarPoint[];
  readonly fields: {
    readonly category: { readonly title: string };
    readonly value: { readonly title: string; readonly unit?: string };
    readonly series?: { readonly title: string };
  };
  readonly isLog: boolean;
  readonly shown: string | undefined;
}

/** Bars in words: each value where there are few, else the extremes; overlap of intervals at the top. */
export function describeBars({ points, fields, isLog, shown }: BarDescription): string {
  const { category, value, series } = fields;
  const kind = `${isLog ? "Dot" : "Bar"} chart of ${inSentence(value.title)} by ${inSentence(category.title)}`;
  const head = `${kind}, ${count(points.length, isLog ? "dot" : "bar")}${shown === undefined ? "" : `, for ${shown}`}`;
  const name = ({ category, series: one, panel }: BarPoint): string =>
    [panel, category, labelOf(series?.title ?? "", one)].filter(Boolean).join(", ");
  const byValue = points.toSorted((a, b) => b.y.value - a.y.value);
  const [top, bottom] = [byValue[0]!, byValue.at(-1)!];
  const told =
    points.length <= 8
      ? points.map((point) => `${name(point)}: ${amount(point, value.unit)}`).join("; ")
      : `Highest is ${name(top)} with ${amount(top, value.unit)}, lowest ${name(bottom)} with ${amount(bottom, value.unit)}`;
  return `${[head, told, ...overlap(byValue, name)].join(". ")}.`;
}

function amount({ y: { value, high } }: BarPoint, unit: string | undefined): string {
  if (value === 0 && high !== undefined && high > 0) return `0 (at most ${quantity(high, unit)})`;
  return quantity(value, unit);
}

/** Says so where the two highest bars cannot be told apart. */
function overlap(
  [first, second]: readonly BarPoint[],
  name: (point: BarPoint) => string,
): string[] {
  if (first?.y.low === undefined || second?.y.high === undefined || first.y.low > second.y.high)
    return [];
  return [`The intervals of the two highest, ${name(first)} and ${name(second)}, overlap`];
}
