import { fallingRoot } from "./fallingRoot.ts";

/** Observations in [0, 1] and what the interval of their mean is to be. */
export interface BoundedSample {
  /** Mean of the observations, in [0, 1]. */
  readonly mean: number;
  /** Sample variance of the observations, with divisor trials - 1; 0 for one observation. */
  readonly variance: number;
  /** Number of independent observations. */
  readonly trials: number;
  /** Probability, in (0, 1), that the interval covers the true mean. */
  readonly confidence: number;
}

/**
 * Interval of the mean of independent observations in [0, 1] of any distribution: proven, not asymptotic.
 *
 * What both of two inequalities leave, each with half the error: Hoeffding's in the form with relative
 * entropy, sharp if the observations are nearly all 0 or 1, and the empirical Bernstein inequality,
 * sharp if they vary little.
 *
 * @returns lower and upper end, in [0, 1]
 * @see W. Hoeffding, Probability inequalities for sums of bounded random variables, JASA 58, 1963, theorem 1
 * @see A. Maurer, M. Pontil, Empirical Bernstein bounds and sample variance penalization, COLT 2009, theorem 4
 */
export function boundedMeanInterval(sample: BoundedSample): [number, number] {
  const [lowEntropy, highEntropy] = hoeffding(sample);
  const reach = bernsteinReach(sample);
  return [
    Math.max(lowEntropy, sample.mean - reach, 0),
    Math.min(highEntropy, sample.mean + reach, 1),
  ];
}

/** Largest distance between mean and true mean, to either side with a quarter of the error. */
function bernsteinReach({ variance, trials, confidence }: BoundedSample): number {
  if (trials < 2) return 1;
  const budget = Math.log(8 / (1 - confidence));
  return Math.sqrt((2 * variance * budget) / trials) + (7 * budget) / (3 * (trials - 1));
}

/** The means that Hoeffding's inequality does not exclude, to either side with a quarter of the error. */
function hoeffding({ mean, trials, confidence }: BoundedSample): [number, number] {
  const budget = Math.log(4 / (1 - confidence)) / trials;
  const above = (distance: number) => budget - entropy(mean, mean + distance);
  const below = (distance: number) => budget - entropy(mean, mean - distance);
  const step = Math.sqrt(2 * budget * mean * (1 - mean)) + budget;
  const reach = (excess: (distance: number) => number, most: number) =>
    excess(most) >= 0 ? most : fallingRoot(excess, { near: Math.min(step, most), step: step / 4 });
  const high = mean < 1 ? mean + reach(above, (1 - mean) * (1 - 1e-12)) : 1;
  const low = mean > 0 ? mean - reach(below, mean * (1 - 1e-12)) : 0;
  return [low, high];
}

/** Relative entropy of a coin with chance p to one with chance q. */
function entropy(p: number, q: number): number {
  if (q <= 0 || q >= 1) return p === q ? 0 : Infinity;
  const success = p > 0 ? p * Math.log(p / q) : 0;
  const failure = p < 1 ? (1 - p) * (Math.log1p(-p) - Math.log1p(-q)) : 0;
  return success + failure;
}
