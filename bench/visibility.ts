import { conditionalSample } from "../lib/quorum/conditionalSample.ts";
import { conditionalVisibility } from "../lib/quorum/conditionalVisibility.ts";
import { countedStaleness } from "../lib/quorum/countedStaleness.ts";
import { countPlan } from "../lib/quorum/countPlan.ts";
import { countStaleness } from "../lib/quorum/countStaleness.ts";
import { productionLatencies } from "../lib/quorum/productionLatencies.ts";
import { warsModel } from "../lib/quorum/warsModel.ts";
import { type BenchTable, cpuSeconds, readable } from "./rows.ts";

/** Half the width of the 95 % interval, relative to the value, that both methods must reach. */
const precision = 0.01;
const sizes = { r: 1, w: 1 };
const query = { visibility: 0.999, confidence: 0.95 };
const model = warsModel(productionLatencies["lnkd-disk"], 3);

/** The half width that a number of trials reaches, as the mean over a few seeds. */
function relativeError(visibility: (seed: number) => { low: number; value: number; high: number }) {
  const widths = [1, 2, 3].map((seed) => {
    const { low, value, high } = visibility(seed);
    return (high - low) / (2 * value);
  });
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

function exact(trials: number, seed: number) {
  return conditionalVisibility(conditionalSample(model, sizes, { trials, seed }), query);
}

function count(trials: number, seed: number) {
  const plan = countPlan(model, { ...sizes, atMs: [0], trials, seed });
  return countedStaleness(countStaleness(plan), query).visibilityMs;
}

/** Smallest number of trials, to a factor of 1.2, at which the interval is narrow enough. */
function trialsNeeded(
  visibility: (trials: number, seed: number) => ReturnType<typeof exact>,
  start: number,
) {
  let trials = start;
  while (relativeError((seed) => visibility(Math.round(trials), seed)) > precision) trials *= 1.2;
  return Math.round(trials);
}

const rounds = 3;
const exactCallsARound = 1000;

/** CPU seconds of a call: of several, the shortest mean of a round, after one to warm up. */
function seconds(calls: number, call: () => unknown): number {
  call();
  const means = Array.from({ length: rounds }, () => {
    const total = cpuSeconds(() => {
      for (let i = 0; i < calls; i++) call();
    });
    return total / calls;
  });
  return Math.min(...means);
}

/**
 * t-visibility at 99.9 % of LNKD-DISK, N=3, R=W=1, to 1 % relative error: by counting with the fastest
 * kernel there is, and by the exact conditional estimator. Both on one core, to the same interval.
 */
export function visibilityTable(): BenchTable {
  const countTrials = trialsNeeded(count, 5e6);
  const exactTrials = trialsNeeded(exact, 50);
  const countSeconds = seconds(1, () => count(countTrials, 4));
  const exactSeconds = seconds(exactCallsARound, () => exact(exactTrials, 4));
  return {
    title: "t-visibility of 99.9 % to 1 %, LNKD-DISK, N=3, R=W=1",
    notes: [
      "From the question to a 95 % interval of which half the width is at most 1 % of the value.",
      "Compiled code warm; the first exact answer in a process takes a few ms.",
    ],
    rows: [
      {
        what: `counting ${readable(countTrials)} trials`,
        figure: `${readable(1000 * countSeconds)} ms`,
      },
      {
        what: `exact conditional estimator, ${exactTrials} trials`,
        figure: `${readable(1000 * exactSeconds)} ms`,
        ratio: countSeconds / exactSeconds,
        against: "counting",
        target: 1000,
      },
    ],
  };
}
