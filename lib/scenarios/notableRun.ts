import { type BadOutcome, badOutcomes, worstOf } from "./badOutcomes.ts";
import { roughEvents } from "./roughEvents.ts";
import { runSeed } from "./runSeed.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";

/** One run among many that is worth a look. */
export interface NotableRun {
  /** Number of the run, from 0, and its own seed. */
  readonly index: number;
  readonly seed: number;
  /** The worst that happened in it; `undefined` if nothing bad did. */
  readonly outcome: BadOutcome | undefined;
}

/** Events that the search may cost: some seconds. */
const eventsMax = 5e6;

/**
 * Among the first runs of `simulate`, the first of those in which the worst happened; run 0 if nothing bad
 * happened in any.
 *
 * @param scenario as `scenarioFromJson` returns it
 */
export function notableRun(
  scenario: Scenario,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): NotableRun {
  const runner = new ScenarioRunner(scenario);
  const count = Math.max(1, Math.min(runs, Math.floor(eventsMax / roughEvents(scenario))));
  let found: NotableRun = { index: 0, seed: runSeed(seed, 0), outcome: undefined };
  let rank: number = badOutcomes.length;
  for (let index = 0; index < count && rank > 0; index++) {
    const own = runSeed(seed, index);
    const outcome = worstOf(runner.run(own));
    const ownRank = outcome === undefined ? badOutcomes.length : badOutcomes.indexOf(outcome);
    if (ownRank >= rank) continue;
    rank = ownRank;
    found = { index, seed: own, outcome };
  }
  return found;
}
