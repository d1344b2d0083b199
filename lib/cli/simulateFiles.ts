import { refuse } from "../core/need.ts";
import type { BadOutcome } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Witness } from "../scenarios/witness.ts";
import type { ShownRun } from "./simulateOneRun.ts";
import type { SimulateFlags } from "./simulateOptions.ts";
import {
  type Filled,
  needOther,
  needOutput,
  type Output,
  writeOutputs,
} from "./simulateOutputs.ts";

const where = "simulate";

/** Where the results of one run go. */
export interface Outputs {
  readonly trace?: Output;
  readonly history?: Output;
}

/**
 * Where `--trace` and `--history` lead: checked before the work begins.
 *
 * @param source the scenario, which must not be written over
 */
export function needOutputs(source: string, flags: SimulateFlags): Outputs {
  const given = flags.trace;
  if (given !== undefined && !given.endsWith(".html")) {
    refuse(where, "--trace", "a file name that ends in .html", given);
  }
  const trace = given === undefined ? undefined : needOutput("--trace", given);
  const history = flags.history === undefined ? undefined : needOutput("--history", flags.history);
  for (const output of [trace, history]) {
    if (output !== undefined && !source.startsWith("preset:")) {
      needOther(output, source, "the scenario");
    }
  }
  if (trace !== undefined && history !== undefined) needOther(history, trace, "--trace");
  return { ...(trace && { trace }), ...(history && { history }) };
}

/**
 * Writes what was asked for of one run: its space-time diagram, its operations.
 *
 * @returns the names of the files
 */
export async function writeRun(
  scenario: Scenario,
  run: ShownRun,
  { trace, history }: Outputs,
): Promise<string> {
  const filled: Filled[] = [];
  if (trace !== undefined) {
    const { tracePage } = await import("./simulateTrace.ts");
    filled.push({ output: trace, content: tracePage(scenario, run) });
  }
  if (history !== undefined) {
    const { historyLines } = await import("../scenarios/historyLines.ts");
    const { runScenario } = await import("../scenarios/runScenario.ts");
    const operations = runScenario(scenario, run.seed, { maxEvents: 1e9, toMs: 0 }).history;
    filled.push({ output: history, content: [...historyLines(operations)].join("") });
  }
  writeOutputs(filled);
  return filled.map(({ output }) => output.given).join(", ");
}

/** Writes what was asked for of a witness. */
export async function writeWitness(
  witness: Witness,
  outcome: BadOutcome,
  { trace, history }: Outputs,
): Promise<void> {
  const filled: Filled[] = [];
  if (history !== undefined) {
    const { historyLines } = await import("../scenarios/historyLines.ts");
    filled.push({ output: history, content: [...historyLines(witness.history)].join("") });
  }
  if (trace !== undefined) {
    const { witnessPage } = await import("./simulateTrace.ts");
    filled.push({ output: trace, content: witnessPage(witness, outcome) });
  }
  writeOutputs(filled);
}
