import { mergeMetrics, type RunMetrics } from "./metrics/runMetrics.ts";
import { roughEvents } from "./roughEvents.ts";
import { runSeed } from "./runSeed.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";

/** Runs of a scenario cut into chunks, which can be done anywhere in any order. */
export interface SimulationPlan {
  readonly chunks: number;
  /** What was counted in the runs of one chunk. */
  run(chunk: number): RunMetrics;
}

/** Events of a chunk: about 50 ms. */
const chunkEvents = 50_000;

/**
 * Plans the runs. Which runs make a chunk depends on the scenario alone, so that what is merged, and in
 * which order, is the same for any number of workers.
 *
 * @param scenario as `scenarioFromJson` returns it
 */
export function simulationPlan(
  scenario: Scenario,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): SimulationPlan {
  const size = Math.max(1, Math.min(runs, Math.round(chunkEvents / roughEvents(scenario))));
  let runner: ScenarioRunner | undefined;
  return {
    chunks: Math.ceil(runs / size),
    run(chunk) {
      runner ??= new ScenarioRunner(scenario);
      const first = chunk * size;
      let total = runner.run(runSeed(seed, first));
      for (let index = first + 1; index < Math.min(runs, first + size); index++) {
        total = mergeMetrics(total, runner.run(runSeed(seed, index)));
      }
      return total;
    },
  };
}
