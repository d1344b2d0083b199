import type { Estimate } from "../../core/estimate.ts";
import { metricDefinitions } from "../../scenarios/metrics/metricDefinitions.ts";
import { mergeMetrics, type RunMetrics } from "../../scenarios/metrics/runMetrics.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import { scenarioFromJson } from "../../scenarios/scenarioFromJson.ts";
import { defaultScenario } from "../../scenarios/scenarioShape.ts";
import {
  defaultSimulation,
  needSimulateOptions,
  simulationResult,
} from "../../scenarios/simulate.ts";
import { simulationPlan } from "../../scenarios/simulationPlan.ts";
import { defineMeasure, type Measure } from "../measure.ts";

/** Configuration of the measure `simulate`: a scenario, and how often it is run. */
export interface SimulateConfig extends Scenario {
  readonly runs: number;
  readonly confidence: number;
}

/**
 * The metrics of many runs of a scenario, as `simulate()` gives them. Paths of a grid lead into the
 * scenario: `protocol.options.failover.timeout.minMs`, `workload.arrivals.rate.perS`; a whole choice may
 * be a value of `protocol.options.acknowledgement`. A metric that could not be measured is empty.
 */
export const simulateMeasure: Measure = defineMeasure<SimulateConfig, RunMetrics>({
  name: "simulate",
  description: "Runs of a scenario: lost writes, stale reads, downtime, latencies.",
  defaults: {
    ...defaultScenario,
    ...{ runs: defaultSimulation.runs, confidence: defaultSimulation.confidence },
  },
  optional: ["disk", "clocks", "script"],
  outputs: metricDefinitions.map(({ name, unit }) =>
    unit === "" || unit === "share" ? { name } : { name, unit },
  ),
  plan({ runs, confidence, ...given }, seed) {
    const scenario = scenarioFromJson(given, "simulate");
    const options = needSimulateOptions({ runs, confidence, seed });
    return {
      ...simulationPlan(scenario, options),
      merge: mergeMetrics,
      finish(counted) {
        const { metrics } = simulationResult(scenario, options, counted);
        // A table has empty cells where a run had nothing to measure; estimates are never made up.
        return Object.fromEntries(
          Object.entries(metrics).map(([name, { estimate }]) => [name, estimate as Estimate]),
        );
      },
    };
  },
});
