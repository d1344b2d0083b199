import { countPlan } from "../quorum/countPlan.ts";
import { addCounts, type StalenessCounts } from "../quorum/countStaleness.ts";
import type { StalenessAnswer, StalenessQuestion } from "../quorum/question.ts";
import { staleness, stalenessOfCounts } from "../quorum/staleness.ts";
import { isStrict } from "../quorum/stalenessCurve.ts";
import { needStaleness } from "../quorum/stalenessRequest.ts";
import type { WarsModel } from "../quorum/wars.ts";
import { pieceCount } from "./countMeasure.ts";

/** Module with the measure that workers run: beside this one, compiled or not. */
const measuresFrom = new URL(
  import.meta.url.endsWith(".ts") ? "./countMeasure.ts" : "./countMeasure.js",
  import.meta.url,
).toString();

/**
 * `staleness()` with the trials of method `count` shared among worker threads: the same answer, to the
 * last byte, for any number of them. Method `exact` needs no more than one.
 *
 * @param question as for `staleness()`
 * @param workers threads, integer >= 1
 */
export async function stalenessOnWorkers(
  question: StalenessQuestion,
  workers: number,
): Promise<StalenessAnswer> {
  if (workers === 1 || question.method !== "count" || isStrict(question)) {
    return staleness(question);
  }
  const checked = needStaleness(question);
  const counts = await countOnWorkers(checked.model, checked.question, workers);
  const { stale, ...rest } = stalenessOfCounts(counts, checked.question);
  const { atMs } = checked.question;
  return {
    question: checked.question,
    stale: atMs.map((time, index) => ({ atMs: time, probability: stale[index]! })),
    ...rest,
  };
}

async function countOnWorkers(
  model: WarsModel,
  question: StalenessQuestion,
  workers: number,
): Promise<StalenessCounts> {
  const { runOnWorkers } = await import("../sweeps/workers.ts");
  const plan = countPlan(model, question);
  const rows = [{ config: plan, seed: question.seed }];
  const starts = [0, pieceCount(plan)];
  const parts: StalenessCounts[] = [];
  await runOnWorkers(
    {
      work: { measure: "staleness-counts", measuresFrom, rows, starts },
      signal: undefined,
      onParts: (_start, some) => void parts.push(...(some as StalenessCounts[])),
      failure: (_chunk, error) => error,
    },
    workers,
  );
  // Counts are integers: their sum does not depend on the order in which they came.
  return parts.reduce(addCounts);
}
