import { type BadOutcome, badOutcomeTexts } from "../scenarios/badOutcomes.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { findWitness, type Witness } from "../scenarios/witness.ts";
import { type Outputs, writeWitness } from "./simulateFiles.ts";
import { type Source, witnessReplayTexts } from "./simulateReplay.ts";
import { runsText } from "./simulateText.ts";

/** Where to look, and what to write. */
interface WitnessFlags {
  readonly seed: number;
  readonly runs: number;
  readonly outputs: Outputs;
  readonly scenarioSource: Source;
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
  const searched = `${scenario.name}; ${runsText(runs)}, seed ${seed}`;
  const text = flags.json
    ? witnessJson(witness, outcome)
    : witness === undefined
      ? `${searched}: in none of them ${badOutcomeTexts[outcome]}.`
      : witnessText(witness, outcome, searched, flags);
  process.stdout.write(`${text}\n`);
}

function witnessJson(witness: Witness | undefined, outcome: BadOutcome): string {
  if (witness === undefined) return JSON.stringify({ outcome, witness: null });
  const { seed, scenario, history, explanation } = witness;
  return JSON.stringify({ outcome, witness: { seed, scenario, history, explanation } });
}

function witnessText(
  { seed, scenario, history, explanation, foundAt, runs }: Witness,
  outcome: BadOutcome,
  searched: string,
  flags: WitnessFlags,
): string {
  const { scenarioSource, ...search } = flags;
  const seeds = { runs: search.runs, seed: search.seed, runSeed: seed };
  const faults = scenario.faults.length;
  return [
    `${searched}: in run ${foundAt} ${badOutcomeTexts[outcome]}.`,
    `Shrunk in ${runsText(runs)} to ${history.length} operation(s) and ${faults} fault(s), run seed ${seed}:`,
    "",
    ...explanation,
    "",
    "To replay it:",
    ...witnessReplayTexts(scenarioSource, outcome, seeds).map((command) => `  ${command}`),
  ].join("\n");
}
