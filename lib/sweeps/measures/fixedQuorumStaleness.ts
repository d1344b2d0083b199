import { exactEstimate } from "../../core/estimate.ts";
import type { QuorumSizes } from "../../quorum/question.ts";
import { staleReadProbability } from "../../quorum/staleReadProbability.ts";
import { defineMeasure, type Measure, wholeRow } from "../measure.ts";

/** Configuration of the measure `fixed-quorum-staleness`. */
export interface FixedQuorumConfig extends QuorumSizes {
  /** Versions of tolerated staleness, integer >= 1. */
  readonly k: number;
}

/** Share of reads that miss the last k versions if writes never spread: a closed form. */
export const fixedQuorumStaleness: Measure = defineMeasure<FixedQuorumConfig, unknown>({
  name: "fixed-quorum-staleness",
  description: "Probability that a read misses the last k versions if writes never spread.",
  defaults: { n: 3, r: 1, w: 1, k: 1 },
  outputs: [{ name: "staleProbability", label: "stale reads" }],
  plan: ({ k, ...sizes }) => {
    const staleProbability = exactEstimate(staleReadProbability(sizes, k));
    return wholeRow(() => ({ staleProbability }));
  },
});
