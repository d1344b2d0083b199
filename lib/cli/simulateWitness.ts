import { type BadOutcome, badOutcomeTexts } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { findWitness, type Witness } from "../scenarios/witness.ts";
import { type Outputs, writeWitness } from "./simulateFiles.ts";

/** Where to look, and what to write. */
interface WitnessFlags {
  readonly seed: number;
  readonly runs: number;
  readonly outputs: Outputs;
  readonly json: true | undefined;
}

/** Prints the smallest run in which something goes wrong, or that it did not in any run. */
export async function printWitness(
  scenario: Scenario,
  outcome: BadOutcome,
  flags: WitnessFlags,
): Promise<void> {
  const { seed, runs } = flags;
  const witness = findWitness(scenario, outcome, { seed, runsMax: runs });
  if (witness !== undefined) await writeWitness(witness, outcome, flags.outputs);
  const text = flags.json
    ? witnessJson(witness, outcome)
    : witnessText(witness, outcome, `${scenario.name}; ${runs} runs, seed ${seed}`);
  process.stdout.write(`${text}\n`);
}

function witnessJson(witness: Witness | undefined, outcome: BadOutcome): string {
  if (witness === undefined) return JSON.stringify({ outcome, witness: null });
  const { seed, scenario, history, explanation } = witness;
  return JSON.stringify({ outcome, witness: { seed, scenario, history, explanation } });
}

function witnessText(witness: Witness | undefined, outcome: BadOutcome, searched: string): string {
  if (witness === undefined) return `${searched}: in none of them ${badOutcomeTexts[outcome]}.`;
  const { seed, scenario, history, explanation, foundAt, runs } = witness;
  const faults = scenario.faults.length;
  return [
    `${searched}: in run ${foundAt} ${badOutcomeTexts[outcome]}.`,
    `Shrunk in ${runs} runs to ${history.length} operation(s) and ${faults} fault(s), seed ${seed}:`,
    "",
    ...explanation,
  ].join("\n");
}
