import type { History } from "../core/history.ts";
import { amountOf, type BadOutcome } from "./badOutcomes.ts";
import { historyRecorder } from "./historyRecorder.ts";
import { runSeed } from "./runSeed.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";

/** What a witness has to show: a metric above 0, or a property of the operations of a run. */
export type Wanted = BadOutcome | ((history: History) => boolean);

/** A run: a scenario and the seed of the run itself. */
export interface Candidate {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** Runs candidates and counts the runs. */
export class WitnessTrial {
  runs = 0;
  private readonly wanted: Wanted;

  constructor(wanted: Wanted) {
    this.wanted = wanted;
  }

  /** Whether the run shows what is wanted. */
  shows({ scenario, seed }: Candidate): boolean {
    return this.runner(scenario)(seed);
  }

  /** The scenario, built once: whether the run of a seed shows what is wanted. */
  runner(scenario: Scenario): (seed: number) => boolean {
    const { wanted } = this;
    const history = historyRecorder();
    const isPredicate = typeof wanted === "function";
    const runner = new ScenarioRunner(scenario, isPredicate ? { observers: [history] } : {});
    return (seed) => {
      this.runs++;
      const metrics = runner.run(seed);
      return isPredicate ? wanted(history.history()) : amountOf(metrics, wanted) > 0;
    };
  }

  /**
   * The candidate, if it shows what is wanted; else the scenario with another seed that does, of so many
   * that are derived from its own.
   */
  withAnySeed({ scenario, seed }: Candidate, others: number): Candidate | undefined {
    const shows = this.runner(scenario);
    if (shows(seed)) return { scenario, seed };
    for (let index = 0; index < others; index++) {
      const other = runSeed(seed, index);
      if (shows(other)) return { scenario, seed: other };
    }
    return undefined;
  }
}
