// Two worker threads against one: ratio of times, rounds interleaved.
// Run by itself: node bench/sweepWorkers.ts [rounds]
import { median } from "simple-statistics";
import type { SweepRequest } from "../lib/sweeps/sweep.ts";

// The compiled library, as users run it: its threads start five times faster than from TypeScript.
const compiled = new URL("../dist/sweeps/sweep.js", import.meta.url).href;
const { sweep } = (await import(compiled)) as typeof import("../lib/sweeps/sweep.ts");

/** What a comparison of worker counts found. */
export interface WorkersResult {
  readonly name: string;
  /** Median time of the sweep with one and with two workers, start of the threads included, ms. */
  readonly oneMs: number;
  readonly twoMs: number;
  /** Median over rounds of the ratio within a round: how many times faster two workers are. */
  readonly ratio: number;
  /** The ratio of every round. */
  readonly ratios: readonly number[];
}

const cases: readonly { readonly name: string; readonly request: SweepRequest }[] = [
  {
    name: "60 rows of staleness, exact, 50,000 trials each",
    request: {
      measure: "staleness",
      over: {
        latency: ["lnkd-ssd", "lnkd-disk", "ymmr"],
        r: [1, 2],
        atMs: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500],
      },
      base: { n: 3, w: 1, trials: 50_000 },
      seed: 1,
    },
  },
  {
    name: "one row of staleness, 200 million trials counted",
    request: {
      measure: "staleness",
      over: [{}],
      base: { n: 3, w: 1, method: "count", trials: 2e8 },
      seed: 1,
    },
  },
];

/** Times each case with one and two workers, in each of `rounds` rounds. */
export async function benchSweepWorkers(rounds = 3): Promise<WorkersResult[]> {
  const results: WorkersResult[] = [];
  for (const { name, request } of cases) {
    await timeMs({ ...request, workers: 2 }); // warms the file cache
    const times: { readonly one: number; readonly two: number }[] = [];
    for (let round = 0; round < rounds; round++) times.push(await playRound(request, round));
    const ratios = times.map(({ one, two }) => one / two);
    const oneMs = median(times.map(({ one }) => one));
    const twoMs = median(times.map(({ two }) => two));
    results.push({ name, oneMs, twoMs, ratio: median(ratios), ratios });
  }
  return results;
}

/** One time with each number of workers; who begins changes from round to round. */
async function playRound(
  request: SweepRequest,
  round: number,
): Promise<{ readonly one: number; readonly two: number }> {
  const isOneFirst = round % 2 === 0;
  const first = await timeMs({ ...request, workers: isOneFirst ? 1 : 2 });
  const second = await timeMs({ ...request, workers: isOneFirst ? 2 : 1 });
  return isOneFirst ? { one: first, two: second } : { one: second, two: first };
}

async function timeMs(request: SweepRequest): Promise<number> {
  const startMs = performance.now();
  const { complete } = await sweep(request);
  if (!complete) throw new Error("the sweep was interrupted");
  return performance.now() - startMs;
}

/** The results as lines for a person. */
export function sweepWorkersText(results: readonly WorkersResult[]): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return results
    .map(({ name, oneMs, twoMs, ratio, ratios }) => {
      const rounds = ratios.map((value) => value.toFixed(2)).join(", ");
      const times = `one worker ${seconds(oneMs)}, two ${seconds(twoMs)}`;
      return `${name}: ${times}, ratio ${ratio.toFixed(2)} (rounds ${rounds}; target >= 1.8)`;
    })
    .join("\n");
}

if (import.meta.main) {
  console.log(sweepWorkersText(await benchSweepWorkers(Number(process.argv[2] ?? 3))));
}
