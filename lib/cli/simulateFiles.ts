import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { refuse } from "../core/need.ts";
import type { BadOutcome } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { CompleteSimulateOptions } from "../scenarios/simulate.ts";
import type { Witness } from "../scenarios/witness.ts";
import type { SimulateFlags } from "./simulateOptions.ts";

const where = "simulate";

/** Refuses names of files that cannot be written, before the work begins. */
export function needOutputs({ trace, history }: SimulateFlags): void {
  if (trace !== undefined && !trace.endsWith(".html")) {
    refuse(where, "--trace", "a file name that ends in .html", trace);
  }
  for (const [option, file] of [
    ["--trace", trace],
    ["--history", history],
  ] as const) {
    if (file === undefined || existsSync(dirname(file))) continue;
    refuse(where, option, "a file in a folder that exists", file);
  }
  if (trace !== undefined && trace === history) {
    refuse(where, "--history", "another file than --trace", history);
  }
}

/** Writes what was asked for of one run: its space-time diagram, its operations. */
export async function writeRun(
  scenario: Scenario,
  options: CompleteSimulateOptions,
  { trace, history }: Pick<SimulateFlags, "trace" | "history">,
): Promise<void> {
  if (trace === undefined && history === undefined) return;
  const { notableRun } = await import("../scenarios/notableRun.ts");
  const run = notableRun(scenario, options);
  const { runScenario } = await import("../scenarios/runScenario.ts");
  if (history !== undefined) {
    const { historyLines } = await import("../scenarios/historyLines.ts");
    const operations = runScenario(scenario, run.seed, { maxEvents: 1e9, toMs: 0 }).history;
    writeWhole(history, [...historyLines(operations)].join(""));
  }
  if (trace !== undefined) {
    const { tracePage } = await import("./simulateTrace.ts");
    writeWhole(trace, tracePage(scenario, run));
  }
  const files = [trace, history].filter((file) => file !== undefined).join(", ");
  process.stderr.write(`${files}: run ${run.index}, seed ${run.seed}\n`);
}

/** Writes what was asked for of a witness. */
export async function writeWitness(
  witness: Witness,
  outcome: BadOutcome,
  { trace, history }: Pick<SimulateFlags, "trace" | "history">,
): Promise<void> {
  if (history !== undefined) {
    const { historyLines } = await import("../scenarios/historyLines.ts");
    writeWhole(history, [...historyLines(witness.history)].join(""));
  }
  if (trace !== undefined) {
    const { witnessPage } = await import("./simulateTrace.ts");
    writeWhole(trace, witnessPage(witness, outcome));
  }
}

/** Written beside and then renamed: a file that exists is whole. */
function writeWhole(file: string, content: string): void {
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    refuse(where, "output", `a file that can be written (${code})`, file);
  }
}
