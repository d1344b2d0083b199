import { mean, sampleVariance } from "simple-statistics";
import {
  defaultConfidence,
  type Estimate,
  type EstimateMethod,
  needConfidence,
} from "./estimate.ts";
import { type MomentsState, sampleVarianceOf } from "./moments.ts";
import { needInteger, needNumber, refuse } from "./need.ts";
import { twoSidedStudent } from "./special/studentQuantile.ts";

/** Settings of an interval. */
export interface IntervalOptions {
  /** Confidence, in (0, 1); `defaultConfidence` if absent. */
  readonly confidence?: number;
}

/** A sample, or what a `Moments` accumulator has kept of one. */
export type SampleOrMoments = ArrayLike<number> | MomentsState;

/**
 * Mean of independent, identically distributed values, with Student's interval.
 *
 * Exact for normal values; otherwise it relies on the central limit theorem and undercovers for few
 * values of a skewed distribution. One value bounds nothing: its interval is unbounded. Values that
 * are all equal give an interval without width: use `proportion` for events.
 *
 * @param sample finite values, at least one, or their moments
 * @throws {RangeError} if there is no value, one is not finite, or the confidence is out of range
 * @see Student, The Probable Error of a Mean, Biometrika 6, 1908
 * @example
 * meanEstimate([4, 5, 6]).high; // => 7.484...
 */
export function meanEstimate(sample: SampleOrMoments, options: IntervalOptions = {}): Estimate {
  return student("meanEstimate", sample, "student", options);
}

/**
 * Mean of first minus second over pairs that were drawn with common random numbers.
 *
 * What both members of a pair share cancels, so that the interval is often far narrower than that of
 * two independent samples. The pairs must be independent of each other.
 *
 * @param pairs [first, second], finite, at least one pair, or the moments of first - second
 * @throws {RangeError} if there is no pair, a value is not finite, or the confidence is out of range
 */
export function differenceEstimate(
  pairs: readonly (readonly [number, number])[] | MomentsState,
  options: IntervalOptions = {},
): Estimate {
  const sample = Array.isArray(pairs)
    ? pairs.map(([first, second]) => first - second)
    : (pairs as MomentsState);
  return student("differenceEstimate", sample, "paired-student", options);
}

function student(
  where: string,
  sample: SampleOrMoments,
  method: EstimateMethod,
  options: IntervalOptions,
): Estimate {
  const confidence = needConfidence(where, options.confidence ?? defaultConfidence);
  const { count, mean, variance } = summary(where, sample);
  const half =
    count < 2
      ? Number.POSITIVE_INFINITY
      : twoSidedStudent(confidence, count - 1) * Math.sqrt(variance / count);
  return { value: mean, low: mean - half, high: mean + half, confidence, trials: count, method };
}

interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

function summary(where: string, sample: SampleOrMoments): Summary {
  if ("count" in sample) {
    needInteger(where, "count", sample.count, { min: 1 });
    needFinite(where, "mean", sample.mean);
    needNumber(where, "squares", sample.squares, { min: 0 });
    return { count: sample.count, mean: sample.mean, variance: sampleVarianceOf(sample) };
  }
  const values = Array.from(sample);
  if (values.length === 0) refuse(where, "sample", "at least one value", "none");
  for (const [index, value] of values.entries()) needFinite(where, `sample[${index}]`, value);
  const variance = values.length < 2 ? Number.NaN : sampleVariance(values);
  return { count: values.length, mean: mean(values), variance };
}

function needFinite(where: string, field: string, value: number): void {
  if (!Number.isFinite(value)) refuse(where, field, "a finite number", value);
}
