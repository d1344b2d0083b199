import type { History } from "../core/history.ts";
import { needInteger, needOneOf } from "../core/need.ts";
import type { Trace } from "../core/trace.ts";
import { sliceOf } from "../core/traceSlice.ts";
import { badOutcomes } from "./badOutcomes.ts";
import { recordScript } from "./recordScript.ts";
import { runScenario } from "./runScenario.ts";
import { runSeed } from "./runSeed.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import type { ScenarioInput } from "./scenarioInput.ts";
import { explainWitness } from "./witnessExplanation.ts";
import { shrinkWitness } from "./witnessShrink.ts";
import { type Candidate, type Wanted, WitnessTrial } from "./witnessTrial.ts";

/** Where a witness is looked for. */
export interface WitnessOptions {
  /** Seed of the search, integer in [0, 2^53); its runs are those of `simulate` with this seed. */
  readonly seed?: number;
  /** Runs after which the search is given up, integer >= 1. */
  readonly runsMax?: number;
}

/** A small run in which something goes wrong. */
export interface Witness {
  /** Replays the run: `runScenario(scenario, seed)`. */
  readonly seed: number;
  /** As small as could be made of the one that was searched: plain data. */
  readonly scenario: Scenario;
  readonly history: History;
  /** The part of the run that tells the story. */
  readonly trace: Trace;
  /** The story, line by line. */
  readonly explanation: readonly string[];
  /** Number, from 0, of the run of the search in which it was first seen. */
  readonly foundAt: number;
  /** Runs that search and shrinking took. */
  readonly runs: number;
}

/** Seed and limit of a search where none are given. */
export const defaultWitness: Required<WitnessOptions> = { seed: 1, runsMax: 1000 };

/**
 * The smallest run that could be found in which something goes wrong; `undefined` if it did not in any run
 * of the search.
 *
 * A run that shows it is written down as a script of operations, cut as soon as it has shown it, and
 * shrunk: faults and operations are left out as long as the rest still shows it. Each candidate is run
 * again, from its scenario and seed alone. Without any one of the operations and faults that are left,
 * the same seed does not show it any more.
 *
 * @param scenario as for `scenarioFromJson`
 * @param wanted a metric that has to be above 0, or a property of the operations of the run
 * @throws {RangeError} if the scenario or an option is not valid
 */
export function findWitness(
  scenario: ScenarioInput,
  wanted: Wanted,
  options: WitnessOptions = {},
): Witness | undefined {
  const where = "findWitness";
  const { seed, runsMax } = { ...defaultWitness, ...options };
  needInteger(where, "seed", seed, { min: 0 });
  needInteger(where, "runsMax", runsMax, { min: 1 });
  if (typeof wanted !== "function") needOneOf(where, "wanted", wanted, badOutcomes);
  const read = withNamedFaults(scenarioFromJson(scenario, where));
  const trial = new WitnessTrial(wanted);
  const shows = trial.runner(read);
  for (let index = 0; index < runsMax; index++) {
    const found = { scenario: read, seed: runSeed(seed, index) };
    if (!shows(found.seed)) continue;
    const smallest = shrinkWitness(scripted(found, trial), trial);
    return { ...told(smallest, wanted), foundAt: index, runs: trial.runs };
  }
  return undefined;
}

/** A fault with a name strikes the same whatever the list around it. */
function withNamedFaults(scenario: Scenario): Scenario {
  const taken = new Set(scenario.faults.map(({ name }) => name));
  const nameFor = (index: number): string => {
    let name = `fault ${index + 1}`;
    while (taken.has(name)) name += "'";
    return name;
  };
  const faults = scenario.faults.map((fault, i) => ({ ...fault, name: fault.name ?? nameFor(i) }));
  return { ...scenario, faults };
}

/**
 * The same run with its operations written down. If the run of the script differs (operations that began
 * in the middle of a handler now begin after it) and does not show what is wanted, the run as it was.
 */
function scripted(candidate: Candidate, trial: WitnessTrial): Candidate {
  const { scenario, seed } = candidate;
  if (scenario.script !== undefined) return candidate;
  const script = recordScript(scenario, seed);
  return trial.withAnySeed({ scenario: { ...scenario, script }, seed }, 10) ?? candidate;
}

function told(
  { scenario, seed }: Candidate,
  wanted: Wanted,
): Pick<Witness, "scenario" | "seed" | "history" | "trace" | "explanation"> {
  const { history, trace, metrics } = runScenario(scenario, seed);
  const slice = storyOf(trace, history);
  const explanation = explainWitness({
    healMs: scenario.durationMs,
    trace,
    history,
    metrics,
    wanted,
  });
  return { scenario, seed, history, trace: slice, explanation };
}

/** Time that a picture shows before the story begins, as a share of it; and without operations, in ms. */
const lead = { share: 0.1, ms: 50 };

/** The run from shortly before its first operation, or its last change of leaders, to the end. */
function storyOf(trace: Trace, history: History): Trace {
  const toMs = trace.durationMs;
  const operations = history.map(({ id }) => id);
  if (operations.length > 0) {
    const firstMs = history[0]!.invokedMs;
    const fromMs = Math.max(0, firstMs - lead.share * (toMs - firstMs));
    return sliceOf(trace, { operations, fromMs, toMs });
  }
  const changes = trace.events.flatMap((event) =>
    event.kind === "observe" && event.name === "leads" ? [event.timeMs] : [],
  );
  return sliceOf(trace, { fromMs: Math.max(0, Math.max(0, ...changes) - lead.ms), toMs });
}
