import { defaultConfidence, type Estimate, needConfidence } from "./estimate.ts";
import { needInteger, needOneOf } from "./need.ts";
import { inverseIncompleteBeta } from "./special/incompleteBeta.ts";
import { normalUpperQuantile } from "./special/normal.ts";

/** Intervals of a proportion. */
export const proportionMethods = ["wilson", "clopper-pearson"] as const;

/** Interval of a proportion. */
export type ProportionMethod = (typeof proportionMethods)[number];

/** Counts behind a proportion. */
export interface ProportionCounts {
  /** Trials in which the event happened, integer in [0, trials]. */
  readonly hits: number;
  /** Independent trials, integer >= 1. */
  readonly trials: number;
  /** Confidence of the interval, in (0, 1); `defaultConfidence` if absent. */
  readonly confidence?: number;
  /** Interval; by the rule in the comment of `proportion` if absent. */
  readonly method?: ProportionMethod;
}

/**
 * With fewer hits or misses than this, the default interval is the exact one. There Wilson's covers
 * less often than it says: 83.8 % instead of 95 % where 0.18 hits are expected. From here on it
 * covers at least 94.4 % and the two differ by less than 4 % in width.
 */
export const fewHits = 100;

/**
 * Probability of an event, from the number of independent trials in which it happened.
 *
 * The interval is Clopper and Pearson's where fewer than `fewHits` trials are hits or misses, else
 * Wilson's. Clopper-Pearson is exact: it covers at least as often as it says, and no hit gives the
 * value 0 with the upper end 1 - (alpha/2)^(1/trials), about 3.7 / trials at 95 %, never 0 ± 0.
 *
 * @throws {RangeError} if a count or the confidence is out of range
 * @see Clopper and Pearson, Biometrika 26, 1934; Wilson, JASA 22, 1927
 * @see Brown, Cai, DasGupta, Interval Estimation for a Binomial Proportion, Stat. Sci. 16(2), 2001
 * @example
 * proportion({ hits: 0, trials: 1000 }).high; // => 0.00368...
 */
export function proportion({ hits, trials, confidence, method }: ProportionCounts): Estimate {
  const where = "proportion";
  needInteger(where, "trials", trials, { min: 1 });
  needInteger(where, "hits", hits, { min: 0, max: trials });
  const level = needConfidence(where, confidence ?? defaultConfidence);
  const few = Math.min(hits, trials - hits) < fewHits;
  const chosen = method ?? (few ? "clopper-pearson" : "wilson");
  needOneOf(where, "method", chosen, proportionMethods);
  const interval = chosen === "wilson" ? wilson : clopperPearson;
  const [low, high] = interval(hits, trials, level);
  return { value: hits / trials, low, high, confidence: level, trials, method: chosen };
}

function wilson(hits: number, trials: number, confidence: number): readonly [number, number] {
  const z = normalUpperQuantile((1 - confidence) / 2);
  const misses = trials - hits;
  const half = z * Math.sqrt((hits * misses) / trials + (z * z) / 4);
  const low = (hits + (z * z) / 2 - half) / (trials + z * z);
  const high = (hits + (z * z) / 2 + half) / (trials + z * z);
  return [hits === 0 ? 0 : low, misses === 0 ? 1 : high];
}

function clopperPearson(
  hits: number,
  trials: number,
  confidence: number,
): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  const misses = trials - hits;
  const low = inverseIncompleteBeta(tail, { a: Math.max(hits, 1), b: misses + 1 });
  const high = inverseIncompleteBeta(tail, { a: Math.max(misses, 1), b: hits + 1 });
  return [hits === 0 ? 0 : low.x, misses === 0 ? 1 : high.complement];
}
