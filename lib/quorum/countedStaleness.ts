import type { Estimate } from "../core/estimate.ts";
import { histogramQuantile } from "../core/histogramQuantile.ts";
import type { LogHistogram } from "../core/logHistogram.ts";
import { proportion } from "../core/proportion.ts";
import type { StalenessCounts } from "./countStaleness.ts";
import type { LatencyEstimates } from "./question.ts";

/** What to make of counts. */
export interface CountQuery {
  /** Probability, in (0, 1), of a fresh read that t-visibility must reach. */
  readonly visibility: number;
  /** Confidence of every interval, in (0, 1). */
  readonly confidence: number;
}

/** Estimates from counted trials. */
export interface CountedStaleness {
  /** Probability of a stale read at each time of the plan, in its order. */
  readonly stale: readonly Estimate[];
  /** Time after commit, ms, from which reads are fresh with the probability asked for. */
  readonly visibilityMs: Estimate;
  /** Time until a read has its r replies, ms. */
  readonly readLatencyMs: LatencyEstimates;
  /** Time until a write has its w acknowledgements, ms. */
  readonly writeLatencyMs: LatencyEstimates;
}

/**
 * Estimates with intervals from counts: proportions for probabilities, order statistics for
 * t-visibility and latencies, which are exact to the bins of the histograms (0.1 %) and whose
 * intervals reach outward to their edges.
 *
 * @throws {RangeError} if a probability is out of range or there are no trials
 */
export function countedStaleness(
  counts: StalenessCounts,
  { visibility, confidence }: CountQuery,
): CountedStaleness {
  const { trials } = counts;
  return {
    stale: counts.stale.map((hits) => proportion({ hits, trials, confidence })),
    visibilityMs: histogramQuantile(counts.freshAfterMs, visibility, { confidence }),
    readLatencyMs: percentiles(counts.readLatencyMs, confidence),
    writeLatencyMs: percentiles(counts.writeLatencyMs, confidence),
  };
}

function percentiles(histogram: LogHistogram, confidence: number): LatencyEstimates {
  const at = (p: number) => histogramQuantile(histogram, p, { confidence });
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}
