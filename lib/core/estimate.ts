import { needNumber } from "./need.ts";

/** How an estimate and its interval were obtained. */
export const estimateMethods = [
  "exact",
  "wilson",
  "clopper-pearson",
  "student",
  "hall",
  "order-statistic",
  "paired-student",
  "inverted-band",
  "ratio",
  "korn-graubard",
  "woodruff",
  "bounded",
] as const;

/**
 * How an estimate and its interval were obtained: `exact` is a closed form, without sampling error;
 * `student` a mean, `hall` one whose interval is corrected for skewness, `paired-student` a difference
 * under common random numbers; `inverted-band` a time at which the interval of a curve meets a level.
 *
 * Of operations within independent runs: `ratio` a ratio of two means over runs, `korn-graubard` a
 * proportion with Clopper-Pearson's interval for the effective number of trials, `woodruff` a quantile
 * by the interval of its proportion; `bounded` a mean of values of which all seen are 0 and none can be
 * above a bound.
 */
export type EstimateMethod = (typeof estimateMethods)[number];

/** A measured quantity: never a bare number, always with what is known of its error. */
export interface Estimate {
  /** Point estimate, in the unit that the field holding it names. */
  readonly value: number;
  /**
   * Lower end of the interval, same unit; equals `value` where the method is `exact`, `-Infinity`
   * if the sample puts no bound on it.
   */
  readonly low: number;
  /** Upper end of the interval, same unit; `Infinity` if the sample puts no bound on it. */
  readonly high: number;
  /** Probability, in (0, 1), that such an interval covers the true value; 1 where exact. */
  readonly confidence: number;
  /** Number of independent trials behind the value; 0 where exact. */
  readonly trials: number;
  /** Method of the point estimate and the interval. */
  readonly method: EstimateMethod;
}

/** Confidence of an interval where none is asked for. */
export const defaultConfidence = 0.95;

/**
 * A value known without sampling error, for example from a closed form, as an estimate.
 *
 * @param value any number but NaN
 * @throws {RangeError} if it is NaN
 * @example
 * exactEstimate(4 / 9).method; // => "exact"
 */
export function exactEstimate(value: number): Estimate {
  needNumber("exactEstimate", "value", value);
  return { value, low: value, high: value, confidence: 1, trials: 0, method: "exact" };
}

/** Tells an estimate from other data, such as a parameter in a row of a table. */
export function isEstimate(value: unknown): value is Estimate {
  if (typeof value !== "object" || value === null) return false;
  const { value: point, low, high, method } = value as Partial<Estimate>;
  return [point, low, high].every(isNumber) && typeof method === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

/** A confidence in (0, 1), or one `RangeError`; for functions that make estimates. */
export function needConfidence(where: string, value: number): number {
  return needNumber(where, "confidence", value, {
    min: 0,
    max: 1,
    exclusiveMin: true,
    exclusiveMax: true,
  });
}
