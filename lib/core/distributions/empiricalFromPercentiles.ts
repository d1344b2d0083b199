import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needList, needNumber, needRecord, refuse } from "../need.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** One line of a percentile table. */
export interface Percentile {
  /** Percentage of values that are at most `valueMs`, in [0, 100]. */
  readonly percent: number;
  /** Value, ms (or a text), >= 0. */
  readonly valueMs: Duration;
}

/** Parameters of `empiricalFromPercentiles`. */
export interface EmpiricalFromPercentiles {
  /** Lines by rising percentage, the first 0 and the last 100; values do not fall. */
  readonly percentiles: readonly Percentile[];
}

/** A line with its levels: `above` is P(X > value), `below` is P(X <= value). */
interface Joint {
  readonly valueMs: number;
  readonly above: number;
  readonly below: number;
}

/**
 * The distribution of a published percentile table, with straight lines between its lines: a value
 * between two neighbouring percentiles is equally likely to lie anywhere between them.
 *
 * The table has to say where it begins and ends: percentages 0 and 100. Few publications give the
 * largest value; what is put there decides the tail beyond the last published percentile.
 *
 * @param parameters `percentiles`, at least those of 0 and 100 percent, in rising order
 * @throws {RangeError} if the table does not begin at 0 and end at 100, percentages do not rise, or
 * values fall
 * @example
 * const table = [{ percent: 0, valueMs: 1 }, { percent: 50, valueMs: 2 }, { percent: 100, valueMs: 10 }];
 * empiricalFromPercentiles({ percentiles: table }).quantile(0.75); // => 6
 */
export function empiricalFromPercentiles(parameters: EmpiricalFromPercentiles): Distribution {
  const { lines, joints } = needTable(parameters);
  const pieces = joints.slice(1).map((to, i) => ({ from: joints[i]!, to }));
  const hasAtoms = pieces.some(({ from, to }) => from.valueMs === to.valueMs);
  const pieceAt = (x: number) => pieces.findLast(({ from }) => from.valueMs <= x) ?? pieces[0]!;
  const pdf = (x: number) => {
    const { from, to } = pieceAt(x);
    return (to.below - from.below) / (to.valueMs - from.valueMs);
  };
  return defineDistribution({
    spec: { kind: "empiricalFromPercentiles", percentiles: lines },
    text: describe(lines),
    mean: pieces.reduce((sum, piece) => sum + meanPart(piece), 0),
    support: [joints[0]!.valueMs, joints.at(-1)!.valueMs],
    breakpoints: joints.slice(1, -1).map(({ above }) => above),
    ...(!hasAtoms && { pdf }),
    cdf: (x) => {
      const { from, to } = pieceAt(x);
      return between(x - from.valueMs, to.valueMs - from.valueMs, from.below, to.below);
    },
    survival: (x) => {
      const { from, to } = pieceAt(x);
      return between(to.valueMs - x, to.valueMs - from.valueMs, to.above, from.above);
    },
    quantile: (p) => {
      const { from, to } = pieces.find((piece) => piece.to.below >= p)!;
      return between(p - from.below, to.below - from.below, from.valueMs, to.valueMs);
    },
    upperQuantile: (s) => {
      const { from, to } = pieces.find((piece) => piece.to.above <= s)!;
      return between(s - to.above, from.above - to.above, to.valueMs, from.valueMs);
    },
  });
}

/** A percentile table in the registry. */
export const empiricalFromPercentilesFamily: DistributionFamily =
  plainFamily<EmpiricalFromPercentiles>({
    kind: "empiricalFromPercentiles",
    parameters: ["percentiles"],
    summary: "a percentile table from 0 to 100 percent, with straight lines between",
    make: empiricalFromPercentiles,
  });

/** From `start`, the share part / whole of the way to `end`. */
function between(part: number, whole: number, start: number, end: number): number {
  return whole === 0 ? end : start + (end - start) * (part / whole);
}

function meanPart({ from, to }: { from: Joint; to: Joint }): number {
  return (from.above - to.above) * (from.valueMs + (to.valueMs - from.valueMs) / 2);
}

const where = "empiricalFromPercentiles";

function needTable(parameters: EmpiricalFromPercentiles): {
  lines: readonly { percent: number; valueMs: number }[];
  joints: readonly Joint[];
} {
  const { percentiles } = needRecord(where, "parameters", parameters);
  const lines = needList(where, "percentiles", percentiles).map(needLine);
  lines.forEach((line, i) => {
    const before = lines[i - 1];
    if (before === undefined) return;
    const field = `percentiles[${i}]`;
    if (line.percent <= before.percent) {
      refuse(where, `${field}.percent`, `> the one before, ${before.percent}`, line.percent);
    }
    if (line.valueMs < before.valueMs) {
      refuse(where, `${field}.valueMs`, `>= the one before, ${before.valueMs}`, line.valueMs);
    }
  });
  needEnd("first", 0, lines[0]!.percent);
  needEnd("last", 100, lines.at(-1)!.percent);
  return { lines, joints: lines.map(jointOf) };
}

/** Levels are rounded to the digits that a percentage has: 100 - 99.9 is 0.1 to 13 places only. */
function jointOf({ percent, valueMs }: { percent: number; valueMs: number }): Joint {
  return {
    valueMs,
    above: Number((100 - percent).toFixed(13)) / 100,
    below: Number((percent / 100).toPrecision(15)),
  };
}

function needLine(value: unknown, i: number): { percent: number; valueMs: number } {
  const { percent, valueMs } = needRecord(where, `percentiles[${i}]`, value);
  return {
    percent: needNumber(where, `percentiles[${i}].percent`, percent, { min: 0, max: 100 }),
    valueMs: needDurationMs(where, `percentiles[${i}].valueMs`, valueMs),
  };
}

function needEnd(which: string, percent: number, got: number): void {
  if (got !== percent) {
    refuse(where, `the ${which} percent`, `${percent}, so that the table has an end`, got);
  }
}

function describe(lines: readonly { percent: number; valueMs: number }[]): string {
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const range = `${formatDuration(first.valueMs)} to ${formatDuration(last.valueMs)}`;
  return `empirical(${lines.length} percentiles, ${range})`;
}
