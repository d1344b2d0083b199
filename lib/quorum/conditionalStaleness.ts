import { type Estimate, exactEstimate } from "../core/estimate.ts";
import type { ConditionalSample } from "./conditionalSample.ts";
import { fallingRoot, type RootGuess } from "./fallingRoot.ts";
import { type BoundedSample, skewedMeanInterval } from "./skewedMeanInterval.ts";

/**
 * Probability of a stale read at one time: the mean of the exact conditional probabilities of the trials.
 *
 * The interval is Student's, corrected for skewness and for what few trials may not have seen
 * (`skewedMeanInterval`), of the summands divided by the largest value that they can take. From the
 * largest write latency on, the answer is 0, exactly.
 *
 * @param sample trials drawn by `conditionalSample`
 * @param query time after commit, ms, >= 0, and confidence, in (0, 1)
 */
export function conditionalStaleAt(
  sample: ConditionalSample,
  { atMs, confidence }: { readonly atMs: number; readonly confidence: number },
): Estimate {
  if (largestSummand(sample, atMs) === 0) return exactEstimate(0);
  return {
    ...bandAt(sample, atMs, confidence),
    confidence,
    trials: sample.trials,
    method: "student",
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
  const rootOf = (edge: Edge, trials: number, guess: RootGuess) =>
    edgeRoot({ ...sample, trials }, { edge, target, confidence }, guess);
  const { trials } = sample;
  // A few trials say nearly where to look; all of them are then asked for a few times only.
  const pilotTrials = Math.min(trials, 1000);
  const pilot = rootOf("value", pilotTrials, { near: 0, step: scaleMs(sample, target) });
  const scale = Math.max(pilot, scaleMs(sample, target));
  const value = rootOf("value", trials, { near: pilot, step: scale / 100 });
  const band = bandAt(sample, value, confidence);
  const decay = decayAt({ ...sample, trials: pilotTrials }, value, scale);
  const [low, high] = (["low", "high"] as const).map((edge) => {
    // Where the curve's logarithm goes on as a straight line.
    const move = Math.log(band[edge] / target) / decay;
    const known = Number.isFinite(move);
    const step = Math.max(known ? Math.abs(move) / 8 : scale / Math.sqrt(trials), 1e-9 * scale);
    return rootOf(edge, trials, { near: known ? Math.max(0, value + move) : value, step });
  }) as [number, number];
  return { value, low, high, confidence, trials, method: "inverted-band" };
}

type Edge = "value" | "low" | "high";

interface EdgeQuery {
  readonly edge: Edge;
  /** Probability of a stale read at which the edge of the band is wanted. */
  readonly target: number;
  readonly confidence: number;
}

/** Time, in ms, at which an edge of the band around the curve falls to the target. */
function edgeRoot(
  sample: ConditionalSample,
  { edge, target, confidence }: EdgeQuery,
  guess: RootGuess,
): number {
  const height = (atMs: number): number =>
    edge === "value" ? meanAt(sample, atMs) : bandAt(sample, atMs, confidence)[edge];
  return fallingRoot((atMs) => Math.log(height(atMs) / target), guess);
}

/** A guess of the time within which staleness falls to `target`, from the first trial alone. */
function scaleMs({ r, writes, offsetsMs }: ConditionalSample, target: number): number {
  const level = target ** (1 / r);
  const guess = Math.max(...writes.map((write) => write.upperQuantile(level))) - offsetsMs[0]!;
  return Math.max(guess, 1e-3);
}

/** How fast the logarithm of the curve falls at a time, 1/ms; scale: of the time, ms. */
function decayAt(sample: ConditionalSample, atMs: number, scale: number): number {
  const step = scale / 1000;
  return Math.log(meanAt(sample, atMs) / meanAt(sample, atMs + step)) / step;
}

interface Band {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function bandAt(sample: ConditionalSample, atMs: number, confidence: number): Band {
  const most = largestSummand(sample, atMs);
  if (most === 0) return { value: 0, low: 0, high: 0 };
  const shares = sharesAt(sample, atMs, most);
  const [low, high] = skewedMeanInterval(shares, confidence);
  return { value: most * shares.mean, low: most * low, high: most * high };
}

/** Largest conditional probability that any draw could give. */
function largestSummand({ lateOf, r, offsetMsMin }: ConditionalSample, atMs: number): number {
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
function meanAt(sample: ConditionalSample, atMs: number): number {
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
