import { twoSidedStudent } from "../core/special/studentQuantile.ts";

/** What a sample of numbers in [0, 1] says of their mean. */
export interface BoundedSample {
  /** Mean of the observations. */
  readonly mean: number;
  /** Sample variance, with divisor trials - 1; 0 for one observation. */
  readonly variance: number;
  /** Third standardised moment of the sample; 0 if they are all equal. */
  readonly skewness: number;
  readonly smallest: number;
  readonly largest: number;
  /** Number of independent observations, >= 1. */
  readonly trials: number;
}

/**
 * Interval of the mean of independent observations in [0, 1], also where rare ones matter.
 *
 * Student's interval, corrected for skewness by Hall's transformation, and widened at either end by what
 * the sample may not have seen: an event of probability q is missed by n trials with probability
 * (1-q)^n, so that up to q = 1 - (alpha/2)^(1/n) of the mass may lie beyond the largest observation, as
 * far as 1, or below the smallest, as far as 0. Without a single success this is the Clopper-Pearson
 * interval. Student's alone would cover 79 % instead of 95 % where one trial in 20,000 counts a thousand
 * times the others.
 *
 * @param sample its moments and extremes
 * @param confidence of the two-sided interval, in (0, 1)
 * @returns lower and upper end, in [0, 1]
 * @see P. Hall, On the removal of skewness by transformation, JRSS B 54(1), 1992
 */
export function skewedMeanInterval(sample: BoundedSample, confidence: number): [number, number] {
  const { mean, variance, smallest, largest, trials } = sample;
  const unseen = -Math.expm1(Math.log((1 - confidence) / 2) / trials);
  const [below, above] = variance > 0 ? hallQuantiles(sample, confidence) : [0, 0];
  const error = Math.sqrt(variance / trials);
  const low = mean - above * error - unseen * smallest;
  const high = mean - below * error + unseen * (1 - largest);
  return [Math.max(0, low), Math.min(1, high)];
}

/** Quantiles of (mean - true mean) / standard error that the skewness makes likely. */
function hallQuantiles(
  { skewness, trials }: BoundedSample,
  confidence: number,
): readonly [number, number] {
  const reach = twoSidedStudent(confidence, trials - 1);
  const root = Math.sqrt(trials);
  const bent = (quantile: number): number => {
    const shifted = quantile - skewness / (6 * root);
    const bend = (skewness * shifted) / root;
    // (cbrt(1 + bend) - 1) / (bend / 3), without cancellation near 0.
    const ratio = Math.abs(bend) < 1e-6 ? 1 - bend / 3 : (3 * (Math.cbrt(1 + bend) - 1)) / bend;
    return shifted * ratio;
  };
  return [bent(-reach), bent(reach)];
}
