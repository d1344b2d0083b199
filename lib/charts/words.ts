/** Numbers and small lists in words, for descriptions of charts. */

/** A number with three significant digits, without needless zeros: `0.0123`, `1.2e-7`, `12,300`. */
export function numberInWords(value: number): string {
  if (value === Infinity) return "infinity";
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return value.toExponential(2).replace(/\.?0+e/, "e");
  const rounded = Number(value.toPrecision(3));
  return size < 1000 ? String(rounded) : Math.round(rounded).toLocaleString("en-US");
}

/** A number with its unit. */
export function quantity(value: number, unit?: string): string {
  return unit === undefined ? numberInWords(value) : `${numberInWords(value)} ${unit}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listInWords(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** `1 row`, `2 rows`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

interface TrendPoint {
  readonly x: number;
  readonly y: number;
  /** Upper end of the interval where no event was seen. */
  readonly atMost?: number;
}

/**
 * Course of a curve in words: rises, falls, stays, or turns at an extreme. Changes below 1 % of the
 * range of the curve count as none, so that sampling noise does not turn a fall into a wave.
 *
 * @param points in ascending order of x, at least one
 */
export function trendInWords(
  points: readonly TrendPoint[],
  units: { x?: string; y?: string },
): string {
  const at = ({ x, y, atMost }: TrendPoint): string =>
    `${atMost === undefined ? quantity(y, units.y) : `at most ${quantity(atMost, units.y)}`} at ${quantity(x, units.x)}`;
  const first = points[0]!;
  const last = points.at(-1)!;
  if (points.length === 1) return `is ${at(first)}`;
  const top = points.reduce((best, point) => (point.y > best.y ? point : best));
  const bottom = points.reduce((best, point) => (point.y < best.y ? point : best));
  if (top.y === bottom.y) {
    return `stays at ${first.atMost === undefined ? "" : "most "}${quantity(first.atMost ?? first.y, units.y)} from ${quantity(first.x, units.x)} to ${quantity(last.x, units.x)}`;
  }
  const ends = `from ${at(first)} to ${at(last)}`;
  const tolerance = 0.01 * (top.y - bottom.y);
  if (neverTurns(points, 1, tolerance)) return `rises ${ends}`;
  if (neverTurns(points, -1, tolerance)) return `falls ${ends}`;
  const inner = [top, bottom].filter((point) => point !== first && point !== last);
  const peaks = inner.map(
    (point) => `${point === top ? "a maximum" : "a minimum"} of ${at(point)}`,
  );
  return `goes ${ends}${peaks.length === 0 ? ", not steadily" : ` with ${listInWords(peaks)}`}`;
}

function neverTurns(points: readonly TrendPoint[], sign: 1 | -1, tolerance: number): boolean {
  let reached = -Infinity;
  for (const { y } of points) {
    if (sign * y < reached - tolerance) return false;
    reached = Math.max(reached, sign * y);
  }
  return true;
}

/** A title in the middle of a sentence: `Read latency` becomes `read latency`, `RTT` and `R` stay. */
export function inSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
}
