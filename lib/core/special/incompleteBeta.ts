import { assert } from "../assert.ts";
import { deviance } from "./incompleteGamma.ts";
import { stirlingError } from "./logGamma.ts";

/** Parameters of a beta distribution, both > 0. */
export interface BetaShape {
  readonly a: number;
  readonly b: number;
}

/** A point of [0, 1] with its distance from 1, so that neither end loses digits. */
export interface UnitPoint {
  readonly x: number;
  /** 1 - x */
  readonly complement: number;
}

/** Probabilities on either side of a point; the smaller one keeps its relative accuracy. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Regularised incomplete beta function: P(X <= x) and P(X > x) for X ~ Beta(a, b).
 *
 * Continued fraction on the side of the mean where it converges fast, with the power term in
 * Loader's form: neither cancels for large parameters. Relative error below 1e-10 for
 * a, b up to 1e9 and tails down to 1e-300.
 *
 * @param point where, in [0, 1]
 * @param shape a, b > 0
 * @see DiDonato and Morris, Algorithm 708, ACM TOMS 18(3), 1992, eq. 9 (fraction)
 * @see Loader, Fast and accurate computation of binomial probabilities, 2000 (power term)
 */
export function betaTails(point: UnitPoint, shape: BetaShape): Tails {
  if (point.x <= 0) return { lower: 0, upper: 1 };
  if (point.complement <= 0) return { lower: 1, upper: 0 };
  const { a, b } = shape;
  const power = Math.exp(logPowerTerm(point, shape));
  if (point.x <= a / (a + b)) {
    const lower = power / betaFraction(point, shape);
    return { lower, upper: 1 - lower };
  }
  const mirrored = { x: point.complement, complement: point.x };
  const upper = power / betaFraction(mirrored, { a: b, b: a });
  return { lower: 1 - upper, upper };
}

/**
 * Point x with I_x(a, b) = p: the quantile function of Beta(a, b).
 *
 * Newton's method on the logarithm of the smaller tail as a function of log(x / (1 - x)). That
 * function is concave and increasing, so the method converges from any start, from the left.
 *
 * @param p probability to the left, in (0, 1)
 * @param shape a, b > 0
 */
export function inverseIncompleteBeta(p: number, shape: BetaShape): UnitPoint {
  if (p <= 0.5) return pointOfLogit(logitOfLowerTail(p, shape));
  const mirrored = pointOfLogit(logitOfLowerTail(1 - p, { a: shape.b, b: shape.a }));
  return { x: mirrored.complement, complement: mirrored.x };
}

/** P(X <= hits) for X ~ Binomial(trials, p); `hits` may be -1 or `trials`. */
export function binomialCdf(hits: number, { trials, p }: { trials: number; p: number }): number {
  if (hits < 0) return 0;
  if (hits >= trials) return 1;
  return betaTails({ x: p, complement: 1 - p }, { a: hits + 1, b: trials - hits }).upper;
}

function logitOfLowerTail(p: number, shape: BetaShape): number {
  const logP = Math.log(p);
  let logit = Math.log(shape.a / shape.b);
  for (let step = 0; step < 200; step++) {
    const { logLower, slope } = logLowerTail(pointOfLogit(logit), shape);
    const move = (logP - logLower) / slope;
    logit += move;
    if (Math.abs(move) <= 1e-14 * Math.max(1, Math.abs(logit))) return logit;
  }
  return logit;
}

/** ln I_x(a, b), which cannot underflow, and its derivative by log(x / (1 - x)). */
function logLowerTail(
  point: UnitPoint,
  shape: BetaShape,
): { readonly logLower: number; readonly slope: number } {
  const logPower = logPowerTerm(point, shape);
  if (point.x <= shape.a / (shape.a + shape.b)) {
    const fraction = betaFraction(point, shape);
    return { logLower: logPower - Math.log(fraction), slope: fraction };
  }
  const { lower } = betaTails(point, shape);
  return { logLower: Math.log(lower), slope: Math.exp(logPower) / lower };
}

function pointOfLogit(logit: number): UnitPoint {
  return { x: 1 / (1 + Math.exp(-logit)), complement: 1 / (1 + Math.exp(logit)) };
}

/** Logarithm of x^a (1-x)^b / B(a, b), which is the derivative of I_x by log(x / (1 - x)). */
function logPowerTerm({ x, complement }: UnitPoint, { a, b }: BetaShape): number {
  const sum = a + b;
  const logRoot = 0.5 * Math.log(((a / sum) * b) / (2 * Math.PI));
  const stirling = stirlingError(sum) - stirlingError(a) - stirlingError(b);
  return logRoot + stirling - deviance(a, sum * x) - deviance(b, sum * complement);
}

/**
 * The continued fraction f of I_x(a, b) = power term / f, for x <= a / (a + b); Lentz's method,
 * O(sqrt(max(a, b))) steps. Its terms are positive for b > 1, so nothing cancels.
 */
function betaFraction({ x, complement }: UnitPoint, { a, b }: BetaShape): number {
  const limit = 1000 + 20 * Math.sqrt(Math.max(a, b));
  const excess = a > b ? (a + b) * complement - b : a - (a + b) * x;
  let value = (a * (excess + 1)) / (a + 1);
  let c = value;
  let d = 0;
  for (let n = 1; n <= limit; n++) {
    const s = a + 2 * n - 1;
    const alpha = ((a + n - 1) / s) * ((a + b + n - 1) / s) * n * (b - n) * x * x;
    const ratio = (a + n) / (s + 2);
    const beta = n + (n * (b - n) * x) / s + ratio * (excess + 1 + n * (1 + complement));
    d = 1 / nonZero(beta + alpha * d);
    c = nonZero(beta + alpha / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 3e-16) return value;
  }
  assert(false, `incomplete beta fraction did not converge: a ${a}, b ${b}, x ${x}`);
  return Number.NaN;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
