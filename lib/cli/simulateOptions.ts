import { readFileSync } from "node:fs";
import { needInteger, refuse } from "../core/need.ts";
import { type BadOutcome, badOutcomes } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { completeScenario, scenarioFromJson } from "../scenarios/scenarioFromJson.ts";
import { setPath } from "../scenarios/setPath.ts";
import { nearestName, suggestion } from "../scenarios/shapes/nearest.ts";
import type { SimulateOptions } from "../scenarios/simulate.ts";

/** Options of `quorumlab simulate` as they were typed. */
export interface SimulateFlags {
  readonly set: readonly string[];
  readonly seed: string;
  readonly runSeed?: string;
  readonly runs: string;
  readonly confidence: string;
  readonly workers: string;
  readonly metrics?: string;
  readonly json?: true;
  readonly listMetrics?: true;
  readonly trace?: string;
  readonly history?: string;
  readonly witness?: string;
}

const where = "simulate";

/**
 * The scenario that a command line names, with its settings.
 *
 * @param source a JSON file, or `preset:NAME`
 * @throws {RangeError} if there is no such file or preset, or the scenario is not valid
 */
export async function scenarioOf(source: string, settings: readonly string[]): Promise<Scenario> {
  const given = await readSource(source);
  if (settings.length === 0) return scenarioFromJson(given, where);
  // Paths lead into what is there by default too; only all settings together have to make sense.
  const whole: object = completeScenario(given, where);
  const changed = settings
    .map(settingOf)
    .reduce((scenario, { path, value }) => settled(setPath(scenario, path, value)), whole);
  return scenarioFromJson(changed, where);
}

/** With the defaults of a `kind` that was just set, unless it needs settings that are still to come. */
function settled(scenario: object): object {
  try {
    return completeScenario(scenario, where);
  } catch {
    return scenario;
  }
}

/** What to measure; ranges are checked by `simulate`. */
export function simulateOptionsOf(flags: SimulateFlags): SimulateOptions {
  const { metrics } = flags;
  return {
    runs: numberOf("--runs", flags.runs),
    seed: numberOf("--seed", flags.seed),
    confidence: numberOf("--confidence", flags.confidence),
    ...(metrics !== undefined && { metrics: metrics.split(",").map((name) => name.trim()) }),
  };
}

/** What `--witness` asks for. */
export function witnessOf({ witness }: SimulateFlags): BadOutcome | undefined {
  if (witness === undefined) return undefined;
  const found = badOutcomes.find((outcome) => outcome === witness);
  const hint = suggestion(witness, badOutcomes);
  return found ?? refuse(where, "--witness", `one of ${badOutcomes.join(", ")}${hint}`, witness);
}

/** Seed of the one run that `--run-seed` asks for. */
export function runSeedOf({ runSeed }: SimulateFlags): number | undefined {
  if (runSeed === undefined) return undefined;
  return needInteger(where, "--run-seed", numberOf("--run-seed", runSeed), { min: 0 });
}

/** Number of worker threads that `--workers` asks for. */
export function workersOf({ workers }: SimulateFlags): number {
  return needInteger(where, "--workers", numberOf("--workers", workers), { min: 1, max: 256 });
}

function numberOf(name: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? refuse(where, name, "a number", text) : value;
}

async function readSource(source: string): Promise<object> {
  if (!source.startsWith("preset:")) return jsonOf(source);
  const { presetScenario } = await import("../presets/presetScenario.ts");
  return presetScenario(source.slice("preset:".length));
}

/** ` (did you mean "preset:etcd"?)` if a file that is not there is called so. */
async function presetHint(file: string): Promise<string> {
  const { presetNames } = await import("../presets/presets.ts");
  const [system = "", ...fault] = file.split("/");
  const nearest = nearestName(system, presetNames);
  return nearest === undefined
    ? ""
    : ` (did you mean "${[`preset:${nearest}`, ...fault].join("/")}"?)`;
}

async function jsonOf(file: string): Promise<object> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = `preset:NAME or a readable file of JSON (${code})${await presetHint(file)}`;
    return refuse(where, "scenario", what, file);
  }
  try {
    return scenarioIn(JSON.parse(text), file);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return refuse(where, "scenario", `a file of JSON (${(error as Error).message})`, file);
  }
}

/** The scenario in a file; of what `--witness --json` prints, that of the witness. */
function scenarioIn(content: object | null, file: string): object {
  if (content === null || !("witness" in content)) return content as object;
  const { witness } = content as { readonly witness: { readonly scenario?: object } | null };
  return (
    witness?.scenario ?? refuse(where, "scenario", "a file in which a witness was found", file)
  );
}

/** `path=value`: the value is JSON, or a text if it is none. */
function settingOf(text: string): { readonly path: string; readonly value: unknown } {
  const end = text.indexOf("=");
  if (end < 1) refuse(where, "--set", "path=value, for example durationMs=5000", text);
  const value = text.slice(end + 1);
  return { path: text.slice(0, end), value: jsonOrText(value) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
