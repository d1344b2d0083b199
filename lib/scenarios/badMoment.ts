import type { History, OperationRecord } from "../core/history.ts";
import { amountOf, type BadOutcome } from "./badOutcomes.ts";
import { historyRecorder } from "./historyRecorder.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";
import { endedAt } from "./witnessShrink.ts";

/** Where in a run something went wrong for the first time. */
export interface BadMoment {
  /** When it began: the invocation of the operation that it befell, if it is one. */
  readonly fromMs: number;
  /** When it was beyond doubt. */
  readonly toMs: number;
  /** Numbers of the operations that have to do with it; the one that it befell comes last. */
  readonly operations: readonly number[];
}

/**
 * Finds the first operation to which something bad happened, by running again with ever shorter measured
 * parts: only operations that begin in it count.
 *
 * @param scenario as `scenarioFromJson` returns it
 * @param seed of a run that shows it
 */
export function badMoment(scenario: Scenario, seed: number, outcome: BadOutcome): BadMoment {
  const recorder = historyRecorder();
  new ScenarioRunner(scenario, { observers: [recorder] }).run(seed);
  const history = recorder.history();
  const shows = (runner: ScenarioRunner): boolean => amountOf(runner.run(seed), outcome) > 0;
  const first = leastIndex(history.length, (index) =>
    shows(new ScenarioRunner(scenario, {}, { untilMs: history[index]!.invokedMs })),
  );
  const endMs = scenario.durationMs + scenario.settleMs;
  const struck = history[Math.min(first, history.length - 1)];
  const fromMs = struck?.invokedMs ?? 0;
  const toMs = leastMs(fromMs, endMs, (ms) => shows(new ScenarioRunner(endedAt(scenario, ms))));
  return { fromMs, toMs, operations: struck === undefined ? [] : relatedTo(struck, history) };
}

/**
 * The moment of a run to look at if nothing bad happened in it: the first operations after the first fault,
 * or, without one, the first of all.
 */
export function quietMoment(scenario: Scenario, seed: number): BadMoment {
  const recorder = historyRecorder();
  let faultMs = Infinity;
  const watch = {
    faulted(_name: string, _node: number, _value: number, timeMs: number) {
      faultMs = Math.min(faultMs, timeMs);
    },
  };
  new ScenarioRunner(scenario, { observers: [recorder, watch] }).run(seed);
  const history = recorder.history();
  const after = history.filter(({ invokedMs }) => invokedMs >= faultMs);
  const shown = (after.length > 0 ? after : history).slice(0, relatedMax);
  const fromMs = Math.min(faultMs, shown[0]?.invokedMs ?? 0);
  const toMs = Math.max(fromMs, ...shown.map(({ completedMs }) => completedMs ?? fromMs));
  return { fromMs, toMs, operations: shown.map(({ id }) => id) };
}

/** Most operations that are shown beside the one that was struck. */
const relatedMax = 3;

/** The operation, and before it the last ones of its key that had been answered when it began. */
function relatedTo(struck: OperationRecord, history: History): readonly number[] {
  const earlier = history.filter(
    ({ key, id, completedMs, outcome }) =>
      key === struck.key &&
      id < struck.id &&
      outcome === "ok" &&
      (completedMs ?? Infinity) <= struck.invokedMs,
  );
  const byCompletion = [...earlier].sort((a, b) => a.completedMs! - b.completedMs!);
  return [...byCompletion.slice(-relatedMax).map(({ id }) => id), struck.id];
}

/** The least index for which something holds that holds for all larger ones. */
function leastIndex(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The least time, to the ms, for which something holds that holds for all later ones. */
function leastMs(fromMs: number, toMs: number, holds: (ms: number) => boolean): number {
  let [low, high] = [fromMs, toMs];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
