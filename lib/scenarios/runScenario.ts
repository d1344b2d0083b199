import type { History } from "../core/history.ts";
import { needInteger } from "../core/need.ts";
import type { Trace } from "../core/trace.ts";
import { type TraceOptions, traceRecorder } from "../simulation/traceRecorder.ts";
import { buildWorld } from "./buildWorld.ts";
import { historyRecorder } from "./historyRecorder.ts";
import type { RunMetrics } from "./metrics/runMetrics.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import type { ScenarioInput } from "./scenarioInput.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";

/** One run of a scenario. */
export interface ScenarioRun {
  readonly seed: number;
  /** All operations, by invocation. */
  readonly history: History;
  /** What was counted; `estimateMetrics` turns it into estimates. */
  readonly metrics: RunMetrics;
  /** What happened, or the part of it that was asked for. */
  readonly trace: Trace;
}

/**
 * Runs a scenario once and keeps what happened.
 *
 * @param scenario as for `scenarioFromJson`
 * @param seed of the run itself, integer in [0, 2^53): `runSeed` gives that of one run of `simulate`
 * @param window the part that the trace keeps
 * @throws {RangeError} if the scenario or the seed is not valid, or more happens than the trace may hold
 */
export function runScenario(
  scenario: ScenarioInput,
  seed: number,
  window: TraceOptions = {},
): ScenarioRun {
  needInteger("runScenario", "seed", seed, { min: 0 });
  const read = scenarioFromJson(scenario, "runScenario");
  const history = historyRecorder();
  const recorder = traceRecorder(buildWorld(read).world, window);
  const runner = new ScenarioRunner(read, { observers: [history, recorder], steps: recorder });
  const metrics = runner.run(seed);
  return { seed, history: history.history(), metrics, trace: recorder.trace() };
}
