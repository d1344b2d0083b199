import { mergeMetrics, type RunMetrics } from "../scenarios/metrics/runMetrics.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import {
  needSimulateOptions,
  type SimulateOptions,
  type SimulationResult,
  simulationResult,
} from "../scenarios/simulate.ts";
import { simulationPlan } from "../scenarios/simulationPlan.ts";
import { runProgress } from "./simulateProgress.ts";

/**
 * `simulate()` with the runs shared among worker threads: the same result, to the last byte, for any number
 * of them. Shows its progress at a terminal.
 *
 * @param scenario as `scenarioFromJson` returns it
 * @param workers threads, integer >= 1; one works in this thread
 * @returns nothing if Ctrl+C ended it
 */
export async function simulateOnWorkers(
  scenario: Scenario,
  options: SimulateOptions,
  workers: number,
): Promise<SimulationResult | undefined> {
  const complete = needSimulateOptions(options);
  const { runs, seed, confidence } = complete;
  const { runInline, runOnWorkers } = await import("../sweeps/workers.ts");
  const plan = simulationPlan(scenario, complete);
  const config = { ...scenario, runs, confidence };
  const work = {
    ...{ measure: "simulate", measuresFrom: undefined },
    ...{ rows: [{ config, seed }], starts: [0, plan.chunks] },
  };
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  const progress = runProgress(runs);
  const parts = new PartsInOrder();
  const request = {
    ...{ work, signal: interrupt.signal },
    failure: (_chunk: number, error: unknown): unknown => error,
    onParts(start: number, some: readonly unknown[]): void {
      parts.take(start, some as readonly RunMetrics[]);
      progress.show(parts.counted / plan.chunks);
    },
  };
  process.once("SIGINT", onSignal);
  try {
    if (workers === 1) await runInline(request, plan.run);
    else await runOnWorkers(request, workers);
  } finally {
    process.off("SIGINT", onSignal);
    progress.end();
  }
  if (interrupt.signal.aborted || parts.total === undefined) return undefined;
  return simulationResult(scenario, complete, parts.total);
}

/** Merges parts in the order of their chunks, whatever the order in which they come. */
class PartsInOrder {
  total: RunMetrics | undefined;
  /** Chunks that have come. */
  counted = 0;
  private merged = 0;
  private readonly waiting = new Map<number, RunMetrics>();

  take(start: number, parts: readonly RunMetrics[]): void {
    for (const [offset, part] of parts.entries()) this.waiting.set(start + offset, part);
    this.counted += parts.length;
    for (; this.waiting.has(this.merged); this.merged++) {
      const part = this.waiting.get(this.merged)!;
      this.waiting.delete(this.merged);
      this.total = this.total === undefined ? part : mergeMetrics(this.total, part);
    }
  }
}
