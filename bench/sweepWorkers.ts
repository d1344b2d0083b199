// Two worker threads against one, on a sweep of the staleness measure: ratio of times, rounds interleaved.
// Run by itself: node bench/sweepWorkers.ts
import { median } from "simple-statistics";
import { sweep } from "../lib/sweeps/sweep.ts";

/** What a comparison of worker counts found. */
export interface WorkersResult {
  /** Rows of the sweep, and trials behind each. */
  readonly rows: number;
  readonly trials: number;
  /** Median time of the sweep with one and with two workers, start of the threads included, ms. */
  readonly oneMs: number;
  readonly twoMs: number;
  /** Median over rounds of the ratio within a round: how many times faster two workers are. */
  readonly ratio: number;
  /** The ratio of every round. */
  readonly ratios: readonly number[];
}

const request = {
  measure: "staleness",
  over: {
    latency: ["lnkd-ssd", "lnkd-disk", "ymmr"],
    r: [1, 2],
    atMs: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  },
  base: { n: 3, w: 1, trials: 25_000 },
  seed: 1,
};

/** Times a sweep of 60 rows with one and two workers, in each of `rounds` rounds. */
export async function benchSweepWorkers(rounds = 3): Promise<WorkersResult> {
  await timeMs(2); // warms the file cache
  const times: { one: number; two: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const isOneFirst = round % 2 === 0;
    const first = await timeMs(isOneFirst ? 1 : 2);
    const second = await timeMs(isOneFirst ? 2 : 1);
    times.push(isOneFirst ? { one: first, two: second } : { one: second, two: first });
  }
  const ratios = times.map(({ one, two }) => one / two);
  return {
    rows: 60,
    trials: request.base.trials,
    oneMs: median(times.map(({ one }) => one)),
    twoMs: median(times.map(({ two }) => two)),
    ratio: median(ratios),
    ratios,
  };
}

async function timeMs(workers: number): Promise<number> {
  const startMs = performance.now();
  const { complete } = await sweep({ ...request, workers });
  if (!complete) throw new Error("the sweep was interrupted");
  return performance.now() - startMs;
}

if (import.meta.main) {
  const { rows, trials, oneMs, twoMs, ratio, ratios } = await benchSweepWorkers();
  const each = ratios.map((value) => value.toFixed(2)).join(", ");
  console.log(`sweep of ${rows} rows, ${trials} trials each`);
  console.log(
    `one worker ${(oneMs / 1000).toFixed(2)} s, two workers ${(twoMs / 1000).toFixed(2)} s`,
  );
  console.log(`ratio ${ratio.toFixed(2)} (rounds: ${each}; target >= 1.8)`);
}
