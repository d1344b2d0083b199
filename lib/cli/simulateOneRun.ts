import { type BadOutcome, worstOf } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { ScenarioRunner } from "../scenarios/scenarioRunner.ts";
import {
  type CompleteSimulateOptions,
  type SimulationResult,
  simulationResult,
} from "../scenarios/simulate.ts";

/** A run to show. */
export interface ShownRun {
  /** Its own seed, as `--run-seed` takes it. */
  readonly seed: number;
  /** Its number among those of a seed, from 0; `undefined` if it was asked for by its own seed. */
  readonly index: number | undefined;
  /** The worst that happened in it; `undefined` if nothing bad did. */
  readonly outcome: BadOutcome | undefined;
}

/** What exactly one run says, by its own seed; the `seed` of the result is that one. */
export function simulateOneRun(
  scenario: Scenario,
  seed: number,
  options: CompleteSimulateOptions,
): { readonly result: SimulationResult; readonly run: ShownRun } {
  const metrics = new ScenarioRunner(scenario).run(seed);
  const result = simulationResult(scenario, { ...options, seed, runs: 1 }, metrics);
  return { result, run: { seed, index: undefined, outcome: worstOf(metrics) } };
}

/** `run 3, run seed 77`. */
export function runText({ index, seed }: ShownRun): string {
  return `${index === undefined ? "" : `run ${index}, `}run seed ${seed}`;
}
