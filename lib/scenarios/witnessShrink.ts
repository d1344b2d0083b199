import { partOfScript } from "./recordScript.ts";
import type { Scenario } from "./scenario.ts";
import { shrinkList } from "./shrinkList.ts";
import type { Candidate, WitnessTrial } from "./witnessTrial.ts";

/**
 * Other seeds that are tried where a shorter candidate does not show with its own: few of them lose a race
 * that one run in a hundred loses. More of them where little is left, as runs are then short.
 */
const otherSeeds = { many: 300, few: 100 };

/** Operations that are little. */
const littleLeft = 6;

/**
 * A smaller candidate that still shows what is wanted: cut short, with fewer faults and operations.
 *
 * Without any one of the operations and faults that are left, the run of the same seed does not show it.
 * A shorter candidate may take another seed: where a message is left out, the draws of others shift.
 */
export function shrinkWitness(candidate: Candidate, trial: WitnessTrial): Candidate {
  let smallest = cutShort(candidate, trial);
  let size = Infinity;
  while (sizeOf(smallest.scenario) < size) {
    size = sizeOf(smallest.scenario);
    smallest = cutShort(fewerOperations(fewerFaults(smallest, trial), trial), trial);
  }
  return tidied(smallest, trial);
}

function seedsFor({ script = [] }: Scenario): number {
  return script.length <= littleLeft ? otherSeeds.many : otherSeeds.few;
}

/** Parts that can be left out. */
function sizeOf({ faults, script = [] }: Scenario): number {
  return script.length + faults.filter(({ disabled }) => disabled !== true).length;
}

/** Ended as soon as what is wanted has been shown, to the ms. */
function cutShort(candidate: Candidate, trial: WitnessTrial): Candidate {
  const { scenario, seed } = candidate;
  const { durationMs, settleMs, warmUpMs } = scenario;
  let enoughMs = durationMs + settleMs;
  let shortMs = warmUpMs;
  while (enoughMs - shortMs > 1) {
    const middleMs = Math.ceil((shortMs + enoughMs) / 2);
    if (middleMs >= enoughMs) break;
    if (trial.shows({ scenario: endedAt(scenario, middleMs), seed })) enoughMs = middleMs;
    else shortMs = middleMs;
  }
  const cut = endedAt(scenario, enoughMs);
  return trial.shows({ scenario: cut, seed }) ? { scenario: cut, seed } : candidate;
}

/** The scenario until a time: workload and measured part end then, and the rest of the settling. */
export function endedAt(scenario: Scenario, endMs: number): Scenario {
  const durationMs = Math.min(scenario.durationMs, endMs);
  const script = scenario.script?.filter(({ atMs }) => atMs <= durationMs);
  return {
    ...{ ...scenario, durationMs, settleMs: endMs - durationMs },
    ...(script !== undefined && { script }),
  };
}

function fewerOperations(candidate: Candidate, trial: WitnessTrial): Candidate {
  const { script } = candidate.scenario;
  if (script === undefined) return candidate;
  let smallest = candidate;
  const all = script.map((_, index) => index);
  shrinkList(all, (indices) => {
    const scenario = { ...candidate.scenario, script: partOfScript(script, indices) };
    const found = trial.withAnySeed({ scenario, seed: smallest.seed }, seedsFor(scenario));
    if (found !== undefined) smallest = found;
    return found !== undefined;
  });
  return smallest;
}

function fewerFaults(candidate: Candidate, trial: WitnessTrial): Candidate {
  let smallest = candidate;
  for (const index of candidate.scenario.faults.keys()) {
    const { faults } = smallest.scenario;
    if (faults[index]!.disabled === true) continue;
    const scenario = { ...smallest.scenario, faults: without(faults, index) };
    smallest = trial.withAnySeed({ scenario, seed: smallest.seed }, seedsFor(scenario)) ?? smallest;
  }
  return smallest;
}

/** Disabled rather than removed: the others strike as if it did. */
function without(faults: Scenario["faults"], index: number): Scenario["faults"] {
  return faults.map((fault, i) => (i === index ? { ...fault, disabled: true } : fault));
}

/** Without the faults that are disabled, which all have names, so that this changes nothing. */
function tidied({ scenario, seed }: Candidate, trial: WitnessTrial): Candidate {
  const faults = scenario.faults.filter(({ disabled }) => disabled !== true);
  const tidy = { scenario: { ...scenario, faults }, seed };
  return trial.shows(tidy) ? tidy : { scenario, seed };
}
