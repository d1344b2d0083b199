import { needRecord } from "../../core/need.ts";
import { presetScenario } from "../../presets/presetScenario.ts";
import { scenarioFromJson } from "../../scenarios/scenarioFromJson.ts";
import { setPath } from "../../scenarios/setPath.ts";
import { defaultSimulation } from "../../scenarios/simulate.ts";
import { defineMeasure, type Measure } from "../measure.ts";
import { simulateMeasure } from "./simulate.ts";

/** Configuration of the measure `simulate-preset`: a real system, and what differs from its preset. */
export interface SimulatePresetConfig {
  /** Name of a preset. */
  readonly preset: string;
  /** Values by path into the preset's scenario, as for `setPath`. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly runs: number;
  readonly confidence: number;
}

/** The metrics of many runs of a preset: real systems side by side, `over: { preset: presetNames }`. */
export const simulatePresetMeasure: Measure = defineMeasure<SimulatePresetConfig, unknown>({
  name: "simulate-preset",
  description: "Runs of a real system's preset: lost writes, stale reads, downtime, latencies.",
  defaults: {
    ...{ preset: "postgresql", set: {} },
    ...{ runs: defaultSimulation.runs, confidence: defaultSimulation.confidence },
  },
  outputs: simulateMeasure.outputs,
  plan({ preset, set, runs, confidence }, seed) {
    const where = "simulate-preset";
    const paths = Object.entries(needRecord(where, "set", set));
    const changed = paths.reduce<object>(
      (scenario, [path, value]) => setPath(scenario, path, value),
      presetScenario(preset),
    );
    const scenario = scenarioFromJson(changed, where);
    return simulateMeasure.plan({ ...scenario, runs, confidence }, seed);
  },
});
