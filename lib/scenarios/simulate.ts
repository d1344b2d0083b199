import { defaultConfidence, type Estimate, needConfidence } from "../core/estimate.ts";
import { needInteger, refuse } from "../core/need.ts";
import { estimateMetrics } from "./metrics/estimateMetrics.ts";
import { metricDefinitions } from "./metrics/metricDefinitions.ts";
import { mergeMetrics, type RunMetrics } from "./metrics/runMetrics.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import type { ScenarioInput } from "./scenarioInput.ts";
import { suggestion } from "./shapes/nearest.ts";
import { simulationPlan } from "./simulationPlan.ts";

/** How often a scenario is run and what is asked of the runs. */
export interface SimulateOptions {
  /** Independent runs, integer >= 1. */
  readonly runs?: number;
  /** Seed of all random draws, integer in [0, 2^53). */
  readonly seed?: number;
  /** Confidence of every interval, in (0, 1). */
  readonly confidence?: number;
  /** Names of the metrics wanted, in this order; all if absent. */
  readonly metrics?: readonly string[];
}

/** As asked, with the defaults filled in. */
export type CompleteSimulateOptions = Required<SimulateOptions>;

/** A metric of many runs. */
export interface SimulatedMetric {
  /** `null` where nothing could be measured: no such operation, or nothing told who leads. */
  readonly estimate: Estimate | null;
  /** Empty for counts and probabilities. */
  readonly unit: string;
}

/** What many runs of a scenario say. */
export interface SimulationResult {
  /** Name of the scenario. */
  readonly name: string;
  readonly seed: number;
  readonly runs: number;
  readonly confidence: number;
  /** By name. */
  readonly metrics: Readonly<Record<string, SimulatedMetric>>;
}

/** Runs and seed where none are given. */
export const defaultSimulation: Required<Omit<SimulateOptions, "metrics">> = {
  ...{ runs: 100, seed: 1, confidence: defaultConfidence },
};

/**
 * Runs a scenario many times and estimates its metrics with intervals.
 *
 * Each run has a seed of its own, derived from the seed and its number: more runs leave those before them
 * as they were. What a run cannot decide is reported by metrics of its own (`undecidedRunShare`) and never
 * counted as good.
 *
 * @param scenario as for `scenarioFromJson`: what is left out has its default
 * @throws {RangeError} naming the field, if the scenario or an option is not valid
 */
export function simulate(scenario: ScenarioInput, options: SimulateOptions = {}): SimulationResult {
  const complete = needSimulateOptions(options);
  const read = scenarioFromJson(scenario, "simulate");
  const plan = simulationPlan(read, complete);
  let total = plan.run(0);
  for (let chunk = 1; chunk < plan.chunks; chunk++) total = mergeMetrics(total, plan.run(chunk));
  return simulationResult(read, complete, total);
}

/** Options with their defaults, checked. */
export function needSimulateOptions(options: SimulateOptions): CompleteSimulateOptions {
  const where = "simulate";
  const { runs, seed, confidence } = { ...defaultSimulation, ...options };
  const names = metricDefinitions.map(({ name }) => name as string);
  for (const name of options.metrics ?? []) {
    if (names.includes(name)) continue;
    refuse(where, "metrics", `among ${names.join(", ")}${suggestion(name, names)}`, name);
  }
  return {
    runs: needInteger(where, "runs", runs, { min: 1, max: 1e9 }),
    seed: needInteger(where, "seed", seed, { min: 0 }),
    confidence: needConfidence(where, confidence),
    metrics: options.metrics ?? names,
  };
}

/** The estimates that the runs give, in the order asked for. */
export function simulationResult(
  { name }: Scenario,
  { runs, seed, confidence, metrics }: CompleteSimulateOptions,
  counted: RunMetrics,
): SimulationResult {
  const estimates: Readonly<Record<string, Estimate | null>> = estimateMetrics(counted, {
    confidence,
  });
  const units = new Map<string, string>(metricDefinitions.map(({ name, unit }) => [name, unit]));
  const shown = metrics.map((metric) => {
    return [metric, { estimate: estimates[metric] ?? null, unit: units.get(metric)! }] as const;
  });
  return { name, seed, runs, confidence, metrics: Object.fromEntries(shown) };
}
