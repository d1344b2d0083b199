// The counting kernel against the same algorithm in other languages, one core each.
import { median } from "simple-statistics";
import { quantileTable } from "../lib/core/quantileTable.ts";
import { type CountPlan, countPlan } from "../lib/quorum/countPlan.ts";
import { countAllPairs, countStaleness } from "../lib/quorum/countStaleness.ts";
import { latencyByName, productionLegs } from "../lib/quorum/productionLatencies.ts";
import { warsModel } from "../lib/quorum/warsModel.ts";
import { type Peer, peersInC, peersInPython } from "./peers.ts";
import { type BenchRow, type BenchTable, cpuSeconds, readable } from "./rows.ts";

const atMs = [0, 1, 5, 10, 30.2, 75];

function plan(n: number, trials: number, latency = "lnkd-disk"): CountPlan {
  return countPlan(warsModel(latencyByName(latency), n), { r: 1, w: 1, atMs, trials, seed: 1 });
}

/** Something that counts, and how many trials of it take about a third of a second. */
interface Contestant {
  readonly name: string;
  readonly trials: number;
  readonly peer: Peer;
}

function kernel(n: number, trials: number): Contestant {
  const asked = plan(n, trials);
  countStaleness(asked);
  const run = () => {
    let stale = 0;
    const seconds = cpuSeconds(() => {
      stale = countStaleness(asked).stale[0]!;
    });
    return { seconds, staleAtOnce: stale / trials };
  };
  return { name: "the kernel", trials, peer: { kind: "ready", version: "", run } };
}

/** Nanoseconds a trial of each contestant, in each of the rounds; in every other round backwards. */
function race(
  n: number,
  contestants: readonly Contestant[],
  rounds: number,
): Map<string, number[]> {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const { name, trials, peer } of order) {
      if (peer.kind === "missing") continue;
      const { seconds, staleAtOnce } = peer.run(n, trials);
      needSameAnswer(name, n, { staleAtOnce, trials });
      times.get(name)!.push((seconds / trials) * 1e9);
    }
  }
  return times;
}

/** Exact shares of stale reads at once, R = W = 1, by the exact estimator (1e7 conditional trials). */
const staleAtOnce = new Map([
  [3, 0.5634],
  [10, 0.7897],
  [100, 0.9472],
]);

function needSameAnswer(
  name: string,
  n: number,
  run: { staleAtOnce: number; trials: number },
): void {
  const exact = staleAtOnce.get(n)!;
  const allowed = 5e-4 + 5 * Math.sqrt((exact * (1 - exact)) / run.trials);
  if (Math.abs(run.staleAtOnce - exact) > allowed) {
    throw new Error(`${name}, n = ${n}: ${run.staleAtOnce} stale at once, not ${exact}`);
  }
}

function peerRows(n: number, contestants: readonly Contestant[], rounds: number): BenchRow[] {
  const times = race(n, contestants, rounds);
  const own = times.get("the kernel")!;
  const perSecond = (values: readonly number[]) =>
    `${readable(1e9 / median([...values]))} trials/s`;
  const first: BenchRow = {
    what: `Counting, N=${n}, R=W=1, LNKD-DISK`,
    figure: `${perSecond(own)} (${readable(median(own))} ns a trial)`,
  };
  const others = contestants.slice(1).map(({ name, peer }): BenchRow => {
    const what = `N=${n}: ${name}`;
    if (peer.kind === "missing") return { what, figure: "not measured", remark: peer.reason };
    const theirs = times.get(name)!;
    const ratio = median(theirs.map((value, round) => value / own[round]!));
    const target = n > 3 ? {} : { target: name.startsWith("C, inv") ? 0.5 : 1 };
    const aim = name.startsWith("C, the kernel's") ? {} : target;
    return {
      what,
      figure: perSecond(theirs),
      ratio,
      against: "for the kernel",
      remark: peer.version,
      ...aim,
    };
  });
  return [first, ...others];
}

/** The table of the counting kernel; takes about a minute. */
export function warsTable(rounds = 5): BenchTable {
  const { inversion, table } = peersInC();
  const { numpy, loop } = peersInPython();
  const inC = "C, inversion with libm";
  const tables = "C, the kernel's algorithm without vectors";
  const rows = [
    ...peerRows(
      3,
      [
        kernel(3, 6e6),
        { name: inC, trials: 2e6, peer: inversion },
        { name: tables, trials: 6e6, peer: table },
        { name: "numpy, vectorised", trials: 4e5, peer: numpy },
        { name: "Python loop", trials: 4e4, peer: loop },
      ],
      rounds,
    ),
    ...peerRows(10, [kernel(10, 2e6), { name: inC, trials: 5e5, peer: inversion }], rounds),
    ...peerRows(100, [kernel(100, 2e5), { name: inC, trials: 5e4, peer: inversion }], rounds),
    ...ownRows(rounds),
  ];
  return {
    title: "Counting stale reads (WARS), one core",
    notes: [
      "CPU time of the counting thread, so that other load on the machine matters little. Each round " +
        "runs all, every other round backwards; ratios are medians of the ratios within rounds.",
      "The kernel and C count stale reads at six times and fill three histograms (T*, read and write " +
        "latency); numpy and the Python loop only count. All must give the exact share of stale reads.",
    ],
    rows,
  };
}

/** What has no peer: other latencies, all pairs, tables. */
function ownRows(rounds: number): BenchRow[] {
  const speed = (
    what: string,
    trials: number,
    count: (plan: CountPlan) => unknown,
    asked: CountPlan,
  ) => {
    count(asked);
    const times = Array.from({ length: rounds }, () => cpuSeconds(() => count(asked)));
    return { what, figure: `${readable(trials / median(times))} trials/s` };
  };
  const pairs = (n: number) => `Counting all ${n * n} pairs (R, W), N=${n}, LNKD-DISK, six times`;
  return [
    speed("Counting, N=3, R=W=1, YMMR", 3e6, countStaleness, plan(3, 3e6, "ymmr")),
    speed("Counting, N=3, R=W=1, WAN (sites)", 3e6, countStaleness, plan(3, 3e6, "wan")),
    speed(pairs(3), 2e6, (asked) => countAllPairs(asked), plan(3, 2e6)),
    speed(pairs(10), 5e5, (asked) => countAllPairs(asked), plan(10, 5e5)),
    speed(pairs(100), 2e4, (asked) => countAllPairs(asked), plan(100, 2e4)),
    tableRow(rounds),
  ];
}

function tableRow(rounds: number): BenchRow {
  const { w } = productionLegs.lnkdDisk;
  // A name that differs makes a table anew.
  const times = Array.from({ length: rounds }, (_, round) => {
    const distribution = { ...w, toJSON: () => ({ ...w.toJSON(), round }) };
    return cpuSeconds(() => quantileTable(distribution));
  });
  return {
    what: "Table of a mixture (LNKD-DISK W)",
    figure: `${(1e3 * median(times)).toFixed(1)} ms`,
  };
}
