import { defaultConfidence, type Estimate, needConfidence } from "../../core/estimate.ts";
import { type IntervalOptions, meanEstimate } from "../../core/meanEstimate.ts";
import { Moments, type MomentsState } from "../../core/moments.ts";

/** Moments of a value >= 0 over runs, and the largest that it could have been in any of them. */
export interface BoundedMoments extends MomentsState {
  /** `Infinity` for a count that nothing bounds. */
  readonly bound: number;
}

/** Of no run. */
export const noMean: BoundedMoments = { count: 0, mean: 0, squares: 0, bound: 0 };

/** Of one run. */
export function meanOfRun(value: number, bound: number): BoundedMoments {
  return { count: 1, mean: value, squares: 0, bound };
}

/** Of the runs of both. */
export function mergeMeans(a: BoundedMoments, b: BoundedMoments): BoundedMoments {
  const both = new Moments();
  both.merge(a);
  both.merge(b);
  const { count, mean, squares } = both;
  return { count, mean, squares, bound: Math.max(a.bound, b.bound) };
}

/**
 * Mean over independent runs of a value in [0, bound], with Student's interval; `null` without runs.
 *
 * If all runs gave 0 the interval is not 0 ± 0: a run with more than 0 has at most the probability
 * 1 - (alpha/2)^(1/runs) (Clopper and Pearson), and such a run contributes at most the bound. The upper
 * end is their product. A count without a bound is taken for Poisson's, whose upper end is
 * -ln(alpha/2) / runs: that relies on its events coming singly.
 *
 * @param options confidence, in (0, 1)
 * @throws {RangeError} if the confidence is out of range
 */
export function boundedMean(
  moments: BoundedMoments,
  options: IntervalOptions = {},
): Estimate | null {
  const confidence = needConfidence("boundedMean", options.confidence ?? defaultConfidence);
  const { count: trials, mean, squares, bound } = moments;
  if (trials === 0) return null;
  if (mean > 0 || squares > 0) {
    const estimate = meanEstimate(moments, options);
    return { ...estimate, low: Math.max(0, estimate.low) };
  }
  const perRun = Math.log((1 - confidence) / 2) / trials;
  const high = bound === Infinity ? -perRun : bound * -Math.expm1(perRun);
  return { value: 0, low: 0, high, confidence, trials, method: "bounded" };
}
