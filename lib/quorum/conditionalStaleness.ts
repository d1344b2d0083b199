import type { Estimate, EstimateMethod } from "../core/estimate.ts";
import { twoSidedStudent } from "../core/special/studentQuantile.ts";
import { boundedMeanInterval } from "./boundedMeanInterval.ts";
import type { ConditionalSample } from "./conditionalSample.ts";
import { fallingRoot, type RootGuess } from "./fallingRoot.ts";

/**
 * Number of trials, in units of the squared skewness of the summands, from which Student's interval is
 * trusted: then a 95 % interval misses at most 6 % of the time.
 *
 * @see W. G. Cochran, Sampling Techniques, 3rd edition, 1977, section 2.15 (n > 25 G1^2)
 */
const cochranFactor = 25;

/**
 * Probability of a stale read at one time: the mean of the exact conditional probabilities of the trials.
 *
 * The interval is Student's, unless the summands are too skewed for it (Cochran's rule): then it comes
 * from inequalities that hold for any distribution (`boundedMeanInterval`), applied to the summands
 * divided by the largest value that they can take. Beyond the largest write latency the answer is 0, exactly.
 *
 * @param sample trials drawn by `conditionalSample`
 * @param query time after commit, ms, >= 0, and confidence, in (0, 1)
 */
export function conditionalStaleAt(
  sample: ConditionalSample,
  { atMs, confidence }: { readonly atMs: number; readonly confidence: number },
): Estimate {
  const { value, low, high, method } = bandAt(sample, atMs, confidence);
  const sampled = method !== "exact";
  return {
    value,
    low,
    high,
    confidence: sampled ? confidence : 1,
    trials: sampled ? sample.trials : 0,
    // "bernstein" is not yet in the list of methods.
    method: method as EstimateMethod,
  };
}

/**
 * Time after commit, in ms, from which reads are fresh with a given probability.
 *
 * The root of the smooth curve of `conditionalStaleAt`; the interval holds the times at which the
 * interval of the curve contains the probability asked for, so that it covers exactly as often. All
 * three are 0 where the curve, or an end of its interval, is low enough at once.
 *
 * @param sample trials drawn by `conditionalSample`
 * @param query probability of a fresh read, in (0, 1), and confidence, in (0, 1)
 */
export function conditionalVisibility(
  sample: ConditionalSample,
  { visibility, confidence }: { readonly visibility: number; readonly confidence: number },
): Estimate {
  const target = 1 - visibility;
  const rootOf = (edge: "value" | "low" | "high", guess: RootGuess) =>
    fallingRoot((atMs) => Math.log(bandAt(sample, atMs, confidence)[edge] / target), guess);
  const value = rootOf("value", { near: 0, step: scaleMs(sample, target) });
  const ends = {
    near: value,
    step: Math.max(value, scaleMs(sample, target)) / Math.sqrt(sample.trials),
  };
  return {
    value,
    low: rootOf("low", ends),
    high: rootOf("high", ends),
    confidence,
    trials: sample.trials,
    method: "inverted-band",
  };
}

/** A guess of the time within which staleness falls to `target`, from the first trial alone. */
function scaleMs({ r, writes, offsetsMs }: ConditionalSample, target: number): number {
  const level = target ** (1 / r);
  const guess = Math.max(...writes.map((write) => write.upperQuantile(level))) - offsetsMs[0]!;
  return Math.max(guess, 1e-3);
}

interface Band {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly method: "exact" | "student" | "bernstein";
}

function bandAt(sample: ConditionalSample, atMs: number, confidence: number): Band {
  const { trials } = sample;
  const most = largestSummand(sample, atMs);
  if (most === 0) return { value: 0, low: 0, high: 0, method: "exact" };
  const { mean, variance, skewness } = momentsAt(sample, atMs, most);
  const value = most * mean;
  if (variance > 0 && trials >= cochranFactor * skewness * skewness) {
    const reach = twoSidedStudent(confidence, trials - 1) * Math.sqrt(variance / trials);
    const low = most * Math.max(0, mean - reach);
    const high = most * Math.min(1, mean + reach);
    return { value, low, high, method: "student" };
  }
  const [low, high] = boundedMeanInterval({ mean, variance, trials, confidence });
  return { value, low: most * low, high: most * high, method: "bernstein" };
}

/** Largest conditional probability that any draw could give. */
function largestSummand({ writes, r, offsetMsMin }: ConditionalSample, atMs: number): number {
  return Math.max(...writes.map((write) => write.survival(atMs + offsetMsMin))) ** r;
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
}

/** Sample moments of the conditional probabilities at one time, as shares of `most`. */
function momentsAt(sample: ConditionalSample, atMs: number, most: number): Moments {
  const { trials } = sample;
  // Sums of differences from one summand lose no digits where all are nearly equal.
  const origin = summand(sample, 0, atMs) / most;
  let sum = 0;
  let squares = 0;
  let cubes = 0;
  for (let trial = 0; trial < trials; trial++) {
    const x = summand(sample, trial, atMs) / most - origin;
    sum += x;
    squares += x * x;
    cubes += x * x * x;
  }
  const mean = sum / trials;
  const spread = Math.max(0, squares / trials - mean * mean);
  const third = cubes / trials - 3 * mean * (squares / trials) + 2 * mean ** 3;
  return {
    mean: origin + mean,
    variance: (spread * trials) / Math.max(1, trials - 1),
    skewness: spread > 0 ? third / spread ** 1.5 : 0,
  };
}

/** Conditional probability that the read of one trial is stale at a time. */
function summand(
  { r, offsetsMs, writeOf, writes }: ConditionalSample,
  trial: number,
  atMs: number,
): number {
  let probability = 1;
  for (let k = trial * r; k < (trial + 1) * r; k++) {
    probability *= writes[writeOf[k]!]!.survival(atMs + offsetsMs[k]!);
  }
  return probability;
}
