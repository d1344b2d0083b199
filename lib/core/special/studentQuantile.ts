import { inverseIncompleteBeta } from "./incompleteBeta.ts";

/** Beyond this, Student's distribution and the normal one differ by less than rounding. */
const normalDegrees = 1e17;

/**
 * Quantile of Student's t distribution, by the inverse incomplete beta function.
 *
 * @param p probability to the left, in (0, 1)
 * @param degreesOfFreedom > 0; `Infinity` gives the quantile of the standard normal distribution
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  const degrees = Math.min(degreesOfFreedom, normalDegrees);
  const { x, complement } = inverseIncompleteBeta(2 * p, { a: degrees / 2, b: 0.5 });
  return -Math.sqrt((degrees * complement) / x);
}

/**
 * How many standard errors an interval reaches to either side of its centre.
 *
 * @param confidence of the two-sided interval, in (0, 1)
 * @param degreesOfFreedom > 0, `Infinity` for the normal distribution
 */
export function twoSidedStudent(confidence: number, degreesOfFreedom: number): number {
  return -studentQuantile((1 - confidence) / 2, degreesOfFreedom);
}
