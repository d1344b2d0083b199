import { logGamma1p, stirlingError } from "./logGamma.ts";

/**
 * Regularised incomplete gamma functions: P(a, x), the probability that a gamma variable of shape
 * `a` and scale 1 is at most x, and Q(a, x) = 1 - P(a, x).
 *
 * Both are accurate in relative terms where they are small: series for P below the mean, continued
 * fraction for Q above it, and a form without cancellation for Q of small shapes. The error grows
 * with the exponent of the result, to some 2e-13 at 1e-300. Time grows with sqrt(a).
 *
 * @param a shape, in (0, 1e6]
 * @param x in [0, Infinity)
 * @see NIST Digital Library of Mathematical Functions, 8.7.1, 8.9.2 and 8.11.4
 * @example
 * incompleteGamma(2, 3).upper; // => 0.1991482734...
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  if (a < 1 && x < 1.5) {
    return { lower: lowerSeries(a, x), upper: upperOfSmallShape(a, x) };
  }
  if (x < a + 1) {
    const lower = lowerSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = upperFraction(a, x);
  return { lower: 1 - upper, upper };
}

/**
 * x^a exp(-x) / gamma(a + 1): the leading factor of both functions.
 *
 * In the saddle-point form the large terms a log x, x and log gamma(a) do not cancel.
 *
 * @see Loader, Fast and Accurate Computation of Binomial Probabilities, 2000, section 3
 */
export function gammaTerm(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - (a <= 0.5 ? logGamma1p(a) : logGammaPlus(a)));
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** logGamma(1 + a) for a in (0.5, 1): one step of the recurrence keeps the series in its range. */
function logGammaPlus(a: number): number {
  return Math.log(a) + logGamma1p(a - 1);
}

/** a log(a / x) + x - a, without cancellation near x = a. */
export function deviance(a: number, x: number): number {
  const ratio = (a - x) / (a + x);
  if (!(Math.abs(ratio) <= 0.1)) return a * Math.log(a / x) + x - a;
  let sum = (a - x) * ratio;
  let power = 2 * a * ratio;
  // Each term is at most 1/100 of the one before.
  for (let j = 1; j <= 9; j++) {
    power *= ratio * ratio;
    sum += power / (2 * j + 1);
  }
  return sum;
}

/** P by its series; all terms are positive. */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return gammaTerm(a, x) * sum;
}

/** Q by its continued fraction, with Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let d = 1 / b;
  let c = Infinity;
  let fraction = d;
  for (let n = 1; n < 100_000; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 2e-16) break;
  }
  return gammaTerm(a, x) * a * fraction;
}

/**
 * Q for a < 1 and x < 1.5: 1 - x^a / gamma(1 + a), of which the difference is taken first, minus the
 * rest of the series.
 */
function upperOfSmallShape(a: number, x: number): number {
  const logLead = a * Math.log(x) - (a <= 0.5 ? logGamma1p(a) : logGammaPlus(a));
  let power = 1;
  let sum = 0;
  for (let n = 1; Math.abs(power) > 1e-18; n++) {
    power *= -x / n;
    sum += power / (a + n);
  }
  return -Math.expm1(logLead) - Math.exp(logLead) * a * sum;
}
