import { type CountPlan, chunkCount, chunkTrials } from "../quorum/countPlan.ts";
import { addCounts, countChunks, type StalenessCounts } from "../quorum/countStaleness.ts";
import { defineMeasure, type Measure } from "../sweeps/measure.ts";

/** Trials of a piece of work times replicas: about 50 ms of counting. */
const pieceReplicas = 3 * 2 ** 20;

/** Number of pieces that a plan is cut into for worker threads. */
export function pieceCount(plan: CountPlan): number {
  return Math.ceil(chunkCount(plan) / chunksOfPiece(plan));
}

function chunksOfPiece({ n }: CountPlan): number {
  return Math.max(1, Math.floor(pieceReplicas / n / chunkTrials));
}

/** Counts for worker threads, all times of a question at once; the parts are the result. */
const countMeasure: Measure = defineMeasure<CountPlan, StalenessCounts>({
  name: "staleness-counts",
  description: "Counted trials of the WARS model.",
  defaults: {} as CountPlan,
  outputs: [],
  plan: (plan) => ({
    chunks: pieceCount(plan),
    run(index) {
      const size = chunksOfPiece(plan);
      const end = Math.min(chunkCount(plan), (index + 1) * size);
      return countChunks(plan, { start: index * size, end });
    },
    merge: addCounts,
    finish: () => ({}),
  }),
});

/** What a worker thread looks for in this module. */
export const measures: readonly Measure[] = [countMeasure];
