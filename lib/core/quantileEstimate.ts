import { defaultConfidence, type Estimate, needConfidence } from "./estimate.ts";
import type { IntervalOptions } from "./meanEstimate.ts";
import { needNumber, refuse } from "./need.ts";
import { rankInterval } from "./rankInterval.ts";

/**
 * Quantile of a distribution from a sorted sample, with the interval between two order statistics.
 *
 * The number of values below the true quantile is binomial, whatever the distribution; the ranks of
 * the ends leave at most half of alpha outside on either side, so the interval covers at least as
 * often as it says. Where the sample is too small for such a rank, that end is infinite.
 *
 * The value is the smallest one with at least a share `p` of the sample at or below it.
 *
 * @param sorted values in ascending order, at least one; `Infinity` is allowed, NaN is not
 * @param p probability to the left of the quantile, in (0, 1)
 * @throws {RangeError} if the sample is empty or not sorted, or `p` or the confidence out of range
 * @see David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1
 * @example
 * quantileEstimate([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.5).low; // => 2
 */
export function quantileEstimate(
  sorted: ArrayLike<number>,
  p: number,
  options: IntervalOptions = {},
): Estimate {
  const where = "quantileEstimate";
  needNumber(where, "p", p, { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true });
  const confidence = needConfidence(where, options.confidence ?? defaultConfidence);
  needSorted(where, sorted);
  const trials = sorted.length;
  const ranks = rankInterval({ trials, p, confidence });
  const value = sorted[ranks.value - 1]!;
  const low = sorted[ranks.low - 1] ?? Number.NEGATIVE_INFINITY;
  const high = sorted[ranks.high - 1] ?? Number.POSITIVE_INFINITY;
  return { value, low, high, confidence, trials, method: "order-statistic" };
}

function needSorted(where: string, sorted: ArrayLike<number>): void {
  if (sorted.length === 0) refuse(where, "sorted", "at least one value", "none");
  let previous = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < sorted.length; index++) {
    const value = sorted[index]!;
    if (!(value >= previous)) refuse(where, `sorted[${index}]`, `at least ${previous}`, value);
    previous = value;
  }
}
