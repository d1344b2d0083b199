import { distributionFromJson } from "../core/distributions/registry.ts";
import { addHistograms, emptyHistogram, type LogHistogram } from "../core/logHistogram.ts";
import { needInteger } from "../core/need.ts";
import { quantileTable } from "../core/quantileTable.ts";
import { type CountPlan, chunkCount, chunkTrials } from "./countPlan.ts";
import { type Kernel, kernelStreams, loadKernel } from "./kernel/kernel.ts";
import type { KernelInput } from "./kernel/kernelMemory.ts";

/** What was counted among trials; counts of disjoint chunks of one plan add up. */
export interface StalenessCounts {
  /** Number of trials. */
  readonly trials: number;
  /** Number of stale reads at each of the plan's times, in its order. */
  readonly stale: readonly number[];
  /** Time after commit from which the read is fresh, ms; 0 where it always is. */
  readonly freshAfterMs: LogHistogram;
  /** Time until the read has its r replies, ms. */
  readonly readLatencyMs: LogHistogram;
  /** Time until the write has its w acknowledgements, ms. */
  readonly writeLatencyMs: LogHistogram;
}

/** A range of chunks of a plan: start, start + 1, ..., end - 1. */
export interface ChunkSpan {
  readonly start: number;
  readonly end: number;
}

/** 32-bit counts are read out before they can overflow. */
const chunksMax = 2 ** 32 / chunkTrials - 1;

/**
 * Counts stale reads, and how long reads and writes take, by the WARS model.
 *
 * Each trial draws all 4 n message latencies from tables of the inverse distribution functions. The
 * write commits when w acknowledgements are there; the read, sent t later, uses the r fastest
 * replies (of equally fast ones those of the first replicas) and is stale iff each of these replicas
 * got the read before the write. One pass serves all times. The tables change a probability of a
 * stale read by at most 6 n `tableErrorMax`.
 *
 * The same plan gives the same counts, whether done in one span or many, on any machine with the same
 * major version of V8, of whose logarithms the tables are made.
 *
 * @see Bailis et al., PVLDB 5(8), 2012, section 4.1
 */
export function countStaleness(plan: CountPlan): StalenessCounts {
  return countChunks(plan, { start: 0, end: chunkCount(plan) });
}

/**
 * Counts some of a plan's chunks: what a worker thread does.
 *
 * @throws {RangeError} if the plan has no such chunks
 */
export function countChunks(plan: CountPlan, { start, end }: ChunkSpan): StalenessCounts {
  needSpan("countChunks", plan, { start, end });
  const { timesMs, kernel } = prepare(plan, "one");
  let total = noCounts(plan);
  for (let first = start; first < end; first += chunksMax) {
    const last = Math.min(end, first + chunksMax);
    const trials = runChunks(kernel, plan, { start: first, end: last });
    const { stale, histograms } = kernel.read();
    // Times always contain 0: what is not stale then is fresh at once.
    const fresh = trials - stale[0]!;
    const [freshAfterMs, readLatencyMs, writeLatencyMs] = histograms(fresh);
    total = addCounts(total, {
      trials,
      stale: plan.atMs.map((time) => stale[timesMs.indexOf(time)]!),
      ...{ freshAfterMs, readLatencyMs, writeLatencyMs },
    });
  }
  return total;
}

/** Number of stale reads for every pair of quorum sizes. */
export interface PairCounts {
  /** Number of trials. */
  readonly trials: number;
  /** `stale[i][r - 1][w - 1]`: stale reads at the plan's i-th time for the quorums r and w. */
  readonly stale: readonly (readonly (readonly number[])[])[];
}

/**
 * Counts stale reads for every read and write quorum from the same draws: `r` and `w` of the plan
 * play no part. Differences between pairs are far more precise than the pairs.
 *
 * @param span chunks to count; all if absent
 */
export function countAllPairs(plan: CountPlan, span?: ChunkSpan): PairCounts {
  const { start, end } = span ?? { start: 0, end: chunkCount(plan) };
  needSpan("countAllPairs", plan, { start, end });
  const { timesMs, kernel } = prepare(plan, "all");
  const sizes = Array.from({ length: plan.n }, (_, i) => i);
  let total: PairCounts = {
    trials: 0,
    stale: plan.atMs.map(() => sizes.map(() => sizes.map(() => 0))),
  };
  for (let first = start; first < end; first += chunksMax) {
    const trials = runChunks(kernel, plan, { start: first, end: Math.min(end, first + chunksMax) });
    const { pairs } = kernel.read();
    const stale = plan.atMs.map((time) => pairs[timesMs.indexOf(time)]!);
    total = addPairCounts(total, { trials, stale });
  }
  return total;
}

/** Counts of two disjoint spans of chunks together. */
export function addCounts(a: StalenessCounts, b: StalenessCounts): StalenessCounts {
  return {
    trials: a.trials + b.trials,
    stale: a.stale.map((count, i) => count + b.stale[i]!),
    freshAfterMs: addHistograms(a.freshAfterMs, b.freshAfterMs),
    readLatencyMs: addHistograms(a.readLatencyMs, b.readLatencyMs),
    writeLatencyMs: addHistograms(a.writeLatencyMs, b.writeLatencyMs),
  };
}

/** Counts of all pairs in two disjoint spans of chunks together. */
export function addPairCounts(a: PairCounts, b: PairCounts): PairCounts {
  const stale = a.stale.map((grid, i) =>
    grid.map((row, r) => row.map((count, w) => count + b.stale[i]![r]![w]!)),
  );
  return { trials: a.trials + b.trials, stale };
}

function noCounts({ atMs }: CountPlan): StalenessCounts {
  const none = emptyHistogram;
  const histograms = { freshAfterMs: none, readLatencyMs: none, writeLatencyMs: none };
  return { trials: 0, stale: atMs.map(() => 0), ...histograms };
}

function needSpan(where: string, plan: CountPlan, { start, end }: ChunkSpan): void {
  needInteger(where, "start", start, { min: 0, max: chunkCount(plan) });
  needInteger(where, "end", end, { min: start, max: chunkCount(plan) });
}

/** Lets the kernel count a span; returns its number of trials. */
function runChunks(kernel: Kernel, plan: CountPlan, { start, end }: ChunkSpan): number {
  kernel.reset();
  let done = 0;
  for (let chunk = start; chunk < end; chunk++) {
    const trials = Math.min(chunkTrials, plan.trials - chunk * chunkTrials);
    kernel.run(kernelStreams(plan.seed, chunk), trials);
    done += trials;
  }
  return done;
}

/** The kernel with the plan's tables in its memory, and the times that it counts at. */
function prepare(plan: CountPlan, pairs: "one" | "all"): { timesMs: number[]; kernel: Kernel } {
  const timesMs = [...new Set([0, ...plan.atMs.map((time) => time + 0)])].sort((a, b) => a - b);
  const kernel = loadKernel({ plan, pairs }, () => kernelInput(plan, pairs, timesMs));
  return { timesMs, kernel };
}

function kernelInput(plan: CountPlan, pairs: "one" | "all", timesMs: number[]): KernelInput {
  return {
    quorums: pairs === "all" ? "all" : { r: plan.r, w: plan.w },
    tables: plan.distributions.map((spec) => quantileTable(distributionFromJson(spec))),
    legTables: plan.legs,
    oneWayMs: plan.oneWayMs,
    siteLimits: [siteLimits(plan.writers), siteLimits(plan.readers)],
    timesMs,
  };
}

/** Cumulative probabilities in units of 2^-32, rounded to them: the site is the first above a word. */
function siteLimits(probabilities: readonly number[]): number[] {
  let sum = 0;
  return probabilities.map((probability) => {
    sum += probability;
    return Math.min(2 ** 32 - 1, Math.round(sum * 2 ** 32));
  });
}
