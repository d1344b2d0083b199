import { defaultConfidence, type Estimate, needConfidence } from "../../core/estimate.ts";
import type { IntervalOptions } from "../../core/meanEstimate.ts";
import { inverseIncompleteBeta } from "../../core/special/incompleteBeta.ts";
import { twoSidedStudent } from "../../core/special/studentQuantile.ts";
import { type RatioMoments, ratioVariance } from "./ratioMoments.ts";

/**
 * Ratio of two totals over independent runs, with Student's interval by the delta method; `null` if
 * the denominator is 0 in all runs.
 *
 * Operations within a run depend on each other in ways that nobody knows; runs do not. So the runs are
 * the sample: the interval is r ± t s / (x sqrt(runs)), where s is the standard deviation of y - r x
 * over runs and t has runs - 1 degrees of freedom. Biased by the order of 1 / runs. One run bounds
 * nothing.
 *
 * If the numerator is 0 in all runs the interval is not 0 ± 0: it reaches to the largest ratio that is
 * possible, times the probability 1 - (alpha/2)^(1/runs) that a run has more than 0.
 *
 * @param options confidence, in (0, 1); `bound`, the largest ratio that is possible, `Infinity` if absent
 * @throws {RangeError} if the confidence is out of range
 * @see Cochran, Sampling Techniques, 3rd ed. 1977, chapter 6
 */
export function ratioEstimate(
  moments: RatioMoments,
  options: IntervalOptions & { readonly bound?: number } = {},
): Estimate | null {
  const confidence = needConfidence("ratioEstimate", options.confidence ?? defaultConfidence);
  const { count: trials, x, y } = moments;
  if (!(x > 0)) return null;
  const value = y / x;
  const bound = options.bound ?? Number.POSITIVE_INFINITY;
  if (y === 0) {
    const high = bound * -Math.expm1(Math.log((1 - confidence) / 2) / trials);
    return { value: 0, low: 0, high, confidence, trials, method: "bounded" };
  }
  const half =
    trials < 2
      ? Number.POSITIVE_INFINITY
      : twoSidedStudent(confidence, trials - 1) * Math.sqrt(ratioVariance(moments));
  return {
    ...{ value, low: Math.max(0, value - half), high: Math.min(bound, value + half) },
    ...{ confidence, trials, method: "ratio" },
  };
}

/**
 * Proportion of operations, from independent runs within which they depend on each other; `null` if
 * there was none.
 *
 * The variance of the ratio of totals says how many independent operations would know as much: p (1 - p)
 * / variance of them, at most as many as there were. Clopper and Pearson's interval for that number,
 * reduced by the squared ratio of the normal to Student's quantile since the variance itself is
 * estimated from few runs, stays in [0, 1] and covers rare events too.
 *
 * With no hit (or nothing but hits) the runs say nothing about dependence; each then counts as one
 * trial, as if its operations were all alike: the widest interval. One run bounds nothing: [0, 1].
 *
 * @param options confidence, in (0, 1)
 * @throws {RangeError} if the confidence is out of range
 * @see Korn and Graubard, Confidence intervals for proportions with small expected number of positive
 *   counts estimated from survey data, Survey Methodology 24(2), 1998
 */
export function clusteredProportion(
  moments: RatioMoments,
  options: IntervalOptions = {},
): Estimate | null {
  const confidence = needConfidence("clusteredProportion", options.confidence ?? defaultConfidence);
  const { count: trials, x, y } = moments;
  if (!(x > 0)) return null;
  const value = Math.min(1, y / x);
  const [low, high] =
    trials < 2 ? [0, 1] : exactInterval(value, effectiveTrials(moments, confidence), confidence);
  return { value, low, high, confidence, trials, method: "korn-graubard" };
}

/** How many independent trials would know as much. */
function effectiveTrials(moments: RatioMoments, confidence: number): number {
  const { count, x, y } = moments;
  const p = y / x;
  const variance = ratioVariance(moments);
  if (!(p > 0 && p < 1)) return count;
  const trials = Math.min((p * (1 - p)) / variance, count * x);
  return trials * fewRunsFactor(count, confidence);
}

/** By how much a variance that is estimated from few runs makes an effective sample smaller. */
export function fewRunsFactor(runs: number, confidence: number): number {
  const normal = twoSidedStudent(confidence, Number.POSITIVE_INFINITY);
  return (normal / twoSidedStudent(confidence, runs - 1)) ** 2;
}

/** Clopper and Pearson's interval, for a number of trials that need not be whole. */
function exactInterval(p: number, trials: number, confidence: number): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  const hits = p * trials;
  const misses = trials - hits;
  const low = p === 0 ? 0 : inverseIncompleteBeta(tail, { a: hits, b: misses + 1 }).x;
  const high = p === 1 ? 1 : inverseIncompleteBeta(tail, { a: misses, b: hits + 1 }).complement;
  return [low, high];
}
