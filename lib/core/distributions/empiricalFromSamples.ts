import { mean } from "simple-statistics";
import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needRecord, refuse } from "../need.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `empiricalFromSamples`. */
export interface EmpiricalFromSamples {
  /** Measured values, ms (or texts), >= 0, in any order; at least one. */
  readonly samplesMs: ArrayLike<Duration>;
}

/** With more jumps, `breakpoints` says "everywhere". */
const maxBreakpoints = 1000;

/**
 * The distribution of measured values: each sample has the same probability, nothing lies between
 * or beyond them. Drawing from it is the bootstrap.
 *
 * It has no tail beyond the largest sample: with n samples, nothing is known of events rarer than 1/n.
 *
 * @param parameters `samplesMs`, at least one value >= 0; a typed array will do
 * @throws {RangeError} if there is no sample, or one is negative or not finite
 * @example
 * empiricalFromSamples({ samplesMs: [3, 1, 2, 10] }).quantile(0.5); // => 2
 */
export function empiricalFromSamples(parameters: EmpiricalFromSamples): Distribution {
  const sorted = needSamples(parameters);
  const n = sorted.length;
  const at = (rank: number) => sorted[Math.min(Math.max(rank, 1), n) - 1]!;
  return defineDistribution({
    spec: { kind: "empiricalFromSamples", samplesMs: sorted },
    text: `empirical(${n} samples, median ${formatDuration(at(Math.ceil(n / 2)))})`,
    mean: mean(sorted as number[]),
    support: [at(1), at(n)],
    breakpoints: breakpoints(sorted),
    cdf: (x) => countUpTo(sorted, x) / n,
    survival: (x) => (n - countUpTo(sorted, x)) / n,
    quantile: (p) => at(smallestRank(p * n, (rank) => rank / n >= p)),
    upperQuantile: (s) => at(smallestRank(n - s * n, (rank) => (n - rank) / n <= s)),
  });
}

/** Measured values in the registry. */
export const empiricalFromSamplesFamily: DistributionFamily = plainFamily<EmpiricalFromSamples>({
  kind: "empiricalFromSamples",
  parameters: ["samplesMs"],
  summary: "measured values, each with the same probability",
  make: empiricalFromSamples,
});

function needSamples(parameters: EmpiricalFromSamples): readonly number[] {
  const where = "empiricalFromSamples";
  const { samplesMs } = needRecord(where, "parameters", parameters);
  const isList = Array.isArray(samplesMs) || ArrayBuffer.isView(samplesMs);
  const list = isList ? (samplesMs as unknown as ArrayLike<unknown>) : [];
  if (list.length === 0) refuse(where, "samplesMs", "a list that is not empty", samplesMs);
  const samples = Array.from(list, (value, i) => needDurationMs(where, `samplesMs[${i}]`, value));
  return Object.freeze(samples.sort((a, b) => a - b));
}

/** Number of samples <= x, by bisection. */
function countUpTo(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Smallest integer that is enough, from a guess that may be off by one through rounding. */
function smallestRank(guess: number, enough: (rank: number) => boolean): number {
  let rank = Math.ceil(guess);
  while (!enough(rank)) rank++;
  while (enough(rank - 1)) rank--;
  return rank;
}

function breakpoints(sorted: readonly number[]): readonly number[] | "everywhere" {
  const n = sorted.length;
  const levels: number[] = [];
  for (let rank = 1; rank < n; rank++) {
    if (sorted[rank]! > sorted[rank - 1]!) levels.push((n - rank) / n);
    if (levels.length > maxBreakpoints) return "everywhere";
  }
  return levels;
}
