/** How an estimate and its interval were obtained. */
export const estimateMethods = [
  "exact",
  "wilson",
  "clopper-pearson",
  "student",
  "order-statistic",
  "paired-student",
  "inverted-band",
] as const;

/** How an estimate and its interval were obtained; `exact` is a closed form, without sampling error. */
export type EstimateMethod = (typeof estimateMethods)[number];

/** A measured quantity: never a bare number, always with what is known of its error. */
export interface Estimate {
  /** Point estimate, in the unit that the field holding it names. */
  readonly value: number;
  /** Lower end of the interval, same unit; equals `value` where the method is `exact`. */
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
