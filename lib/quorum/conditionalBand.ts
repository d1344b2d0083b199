import type { ConditionalSample } from "./conditionalSample.ts";
import { type BoundedSample, skewedMeanInterval } from "./skewedMeanInterval.ts";

/** The curve of staleness at one time, and its interval. */
export interface Band {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The curve and its interval at one time after commit, ms. */
export function bandAt(sample: ConditionalSample, atMs: number, confidence: number): Band {
  const most = largestSummand(sample, atMs);
  if (most === 0) return { value: 0, low: 0, high: 0 };
  const shares = sharesAt(sample, atMs, most);
  const [low, high] = skewedMeanInterval(shares, confidence);
  return { value: most * shares.mean, low: most * low, high: most * high };
}

/** Largest conditional probability, at one time, that any draw could give. */
export function largestSummand(
  { lateOf, r, offsetMsMin }: ConditionalSample,
  atMs: number,
): number {
  return Math.max(...lateOf.map((late) => late(atMs + offsetMsMin))) ** r;
}

/** The conditional probabilities at one time, as shares of `most`. */
function sharesAt(sample: ConditionalSample, atMs: number, most: number): BoundedSample {
  const { trials } = sample;
  // Sums of differences from one summand lose no digits where all are nearly equal.
  const origin = summand(sample, 0, atMs) / most;
  let sum = 0;
  let squares = 0;
  let cubes = 0;
  let smallest = 1;
  let largest = 0;
  for (let trial = 0; trial < trials; trial++) {
    const share = summand(sample, trial, atMs) / most;
    const x = share - origin;
    sum += x;
    squares += x * x;
    cubes += x * x * x;
    if (share < smallest) smallest = share;
    if (share > largest) largest = share;
  }
  const mean = sum / trials;
  const spread = Math.max(0, squares / trials - mean * mean);
  const third = cubes / trials - 3 * mean * (squares / trials) + 2 * mean ** 3;
  return {
    mean: origin + mean,
    variance: (spread * trials) / Math.max(1, trials - 1),
    skewness: spread > 0 ? third / spread ** 1.5 : 0,
    smallest,
    largest,
    trials,
  };
}

/** Mean conditional probability at one time: the value of the band alone. */
export function meanAt(sample: ConditionalSample, atMs: number): number {
  let sum = 0;
  for (let trial = 0; trial < sample.trials; trial++) sum += summand(sample, trial, atMs);
  return sum / sample.trials;
}

/** Conditional probability that the read of one trial is stale at a time. */
function summand(
  { r, offsetsMs, writeOf, lateOf }: ConditionalSample,
  trial: number,
  atMs: number,
): number {
  let probability = 1;
  for (let k = trial * r; k < (trial + 1) * r; k++) {
    probability *= lateOf[writeOf[k]!]!(atMs + offsetsMs[k]!);
  }
  return probability;
}
