import { conditionalSample } from "../lib/quorum/conditionalSample.ts";
import { conditionalVisibility } from "../lib/quorum/conditionalVisibility.ts";
import { countedStaleness } from "../lib/quorum/countedStaleness.ts";
import { countPlan } from "../lib/quorum/countPlan.ts";
import { countStaleness } from "../lib/quorum/countStaleness.ts";
import { productionLatencies } from "../lib/quorum/productionLatencies.ts";
import { warsModel } from "../lib/quorum/warsModel.ts";

/** One line of the benchmark's table. */
export interface VisibilityRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** How many times better than what the last row before without a ratio shows. */
  readonly ratio?: number;
}

/** Half the width of the 95 % interval, relative to the value, that both methods must reach. */
const precision = 0.01;
const sizes = { r: 1, w: 1 };
const query = { visibility: 0.999, confidence: 0.95 };
const model = warsModel(productionLatencies["lnkd-disk"], 3);

/** Seconds that a call takes: the shortest of several, after one to warm up. */
function seconds(repeats: number, call: () => unknown): number {
  call();
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    call();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

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

/**
 * t-visibility at 99.9 % of LNKD-DISK, N=3, R=W=1, to 1 % relative error: by counting with the fastest
 * kernel there is, and by the exact conditional estimator. Both run on one core, to the same interval.
 */
export function visibilityRows(): VisibilityRow[] {
  const countTrials = trialsNeeded(count, 5e6);
  const exactTrials = trialsNeeded(exact, 50);
  const countSeconds = seconds(2, () => count(countTrials, 4));
  const exactSeconds = seconds(200, () => exact(exactTrials, 4));
  return [
    { name: "t-visibility to 1 %, trials counted", value: countTrials, unit: "trials" },
    {
      name: "t-visibility to 1 %, trials of the exact estimator",
      value: exactTrials,
      unit: "trials",
    },
    { name: "t-visibility to 1 %, by counting", value: 1000 * countSeconds, unit: "ms" },
    {
      name: "t-visibility to 1 %, by the exact estimator",
      value: 1000 * exactSeconds,
      unit: "ms",
      ratio: countSeconds / exactSeconds,
    },
  ];
}
