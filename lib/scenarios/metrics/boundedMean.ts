import { defaultConfidence, type Estimate, needConfidence } from "../../core/estimate.ts";
import { type IntervalOptions, meanEstimate } from "../../core/meanEstimate.ts";
import { Moments, type MomentsState } from "../../core/moments.ts";
import { gammaQuantile } from "../../core/special/gammaQuantile.ts";

/** Moments of a value >= 0 over runs, and the largest that it could have been in any of them. */
export interface BoundedMoments extends MomentsState {
  /** `Infinity` for a count that nothing bounds; 0: not known, or there was nothing to count. */
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
 * One run says no more than that it is in [0, bound]. If several runs gave the same value v, 0 or
 * not, the interval is not v ± 0: a run with another value has at most the probability
 * q = 1 - (alpha/2)^(1/runs) (Clopper and Pearson), and such a value is between 0 and the bound. So the
 * mean is from (1 - q) v to (1 - q) v + q bound. A count without a bound is taken for Poisson's, with
 * Garwood's interval from the total over all runs: that relies on its events coming singly, and is wider
 * than it need be where they are more regular than that.
 *
 * @param options confidence, in (0, 1)
 * @throws {RangeError} if the confidence is out of range
 * @see Garwood, Fiducial limits for the Poisson distribution, Biometrika 28, 1936
 */
export function boundedMean(
  moments: BoundedMoments,
  options: IntervalOptions = {},
): Estimate | null {
  const confidence = needConfidence("boundedMean", options.confidence ?? defaultConfidence);
  const { count: trials, mean: value, squares } = moments;
  if (trials === 0) return null;
  if (squares > 0) {
    const estimate = meanEstimate(moments, options);
    return { ...estimate, low: Math.max(0, estimate.low) };
  }
  const range = trials === 1 ? { low: 0, high: boundOf(moments) } : equalRuns(moments, confidence);
  return { value, ...range, confidence, trials, method: "bounded" };
}

/** The interval where all runs gave one value. */
function equalRuns(moments: BoundedMoments, confidence: number): { low: number; high: number } {
  const { count, mean: value, bound } = moments;
  const tail = (1 - confidence) / 2;
  if (bound === Infinity) {
    const total = Math.round(count * value);
    const low = total === 0 ? 0 : gammaQuantile(total, { lower: tail }) / count;
    return { low, high: gammaQuantile(total + 1, { upper: tail }) / count };
  }
  const otherShare = -Math.expm1(Math.log(tail) / count);
  const low = (1 - otherShare) * value;
  return { low, high: low + otherShare * boundOf(moments) };
}

/** A bound that is below what was seen is none. */
function boundOf({ mean, bound }: BoundedMoments): number {
  return bound > 0 && bound >= mean ? bound : Infinity;
}
