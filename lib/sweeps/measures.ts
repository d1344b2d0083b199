import { refuse } from "../core/need.ts";
import type { Measure } from "./measure.ts";
import { fixedQuorumStaleness } from "./measures/fixedQuorumStaleness.ts";
import { simulateMeasure } from "./measures/simulate.ts";
import { simulatePresetMeasure } from "./measures/simulatePreset.ts";
import { stalenessMeasure } from "./measures/staleness.ts";

/** Names of the measures that the library brings. */
export const measureNames = [
  "staleness",
  "fixed-quorum-staleness",
  "simulate",
  "simulate-preset",
] as const;

/** Name of a measure that the library brings. */
export type MeasureName = (typeof measureNames)[number];

/** The measures that the library brings, in the order of their names above. */
export const measures: readonly Measure[] = [
  stalenessMeasure,
  fixedQuorumStaleness,
  simulateMeasure,
  simulatePresetMeasure,
];

/**
 * The measure of a name, from the library or from a module that exports a list `measures`.
 *
 * @throws {RangeError} listing the names, if there is none of that name
 */
export async function findMeasure(name: string, measuresFrom?: string): Promise<Measure> {
  const known = measuresFrom === undefined ? measures : await measuresOf(measuresFrom);
  const found = known.find((measure) => measure.name === name);
  if (found !== undefined) return found;
  const names = known.map((measure) => `"${measure.name}"`).join(", ");
  return refuse("sweep", "measure", `one of ${names}`, name);
}

async function measuresOf(url: string): Promise<readonly Measure[]> {
  const module = (await import(url)) as { readonly measures?: readonly Measure[] };
  if (!Array.isArray(module.measures)) {
    refuse("sweep", "measuresFrom", "a module that exports a list `measures`", url);
  }
  const taken = module.measures.find(({ name }) => measures.some((own) => own.name === name));
  if (taken) {
    refuse("sweep", "measuresFrom", "a module whose measures have names of their own", taken.name);
  }
  return [...measures, ...module.measures];
}
