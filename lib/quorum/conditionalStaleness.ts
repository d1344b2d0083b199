import { type Estimate, exactEstimate } from "../core/estimate.ts";
import { bandAt, largestSummand } from "./conditionalBand.ts";
import type { ConditionalSample } from "./conditionalSample.ts";

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
    method: "hall",
  };
}
