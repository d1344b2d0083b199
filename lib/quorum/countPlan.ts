import type { DistributionSpec } from "../core/distribution.ts";
import { needInteger, needNumber, refuse } from "../core/need.ts";
import { needQuorumSizes } from "./quorumSizes.ts";
import type { WarsModel } from "./wars.ts";

/** Trials of a chunk: each chunk draws from streams of its own, so that any thread can do it. */
export const chunkTrials = 65_536;

/** What to count: plain data, which can be sent to a worker thread. */
export interface CountPlan {
  /** Replicas; replies that a read, acknowledgements that a write waits for. */
  readonly n: number;
  readonly r: number;
  readonly w: number;
  /** Times after commit at which reads are counted as stale, ms, in any order. */
  readonly atMs: readonly number[];
  /** Number of trials, integer >= 1. */
  readonly trials: number;
  /** Seed of all random draws, integer in [0, 2^53). */
  readonly seed: number;
  /** The different distributions of the legs. */
  readonly distributions: readonly DistributionSpec[];
  /** For each replica, the indices of the distributions of its W, A, R and S. */
  readonly legs: readonly (readonly [w: number, a: number, r: number, s: number])[];
  /** As in `WarsModel`. */
  readonly oneWayMs: readonly (readonly number[])[];
  readonly writers: readonly number[];
  readonly readers: readonly number[];
}

/** What a plan adds to a model. */
export type CountRequest = Pick<CountPlan, "r" | "w" | "atMs" | "trials" | "seed">;

/**
 * Plans the counting of stale reads.
 *
 * @throws {RangeError} if a size, a time, the number of trials or the seed is out of range
 */
export function countPlan(model: WarsModel, request: CountRequest): CountPlan {
  const where = "countPlan";
  const { n, oneWayMs, writers, readers } = model;
  const { r, w } = needQuorumSizes(where, { ...request, n });
  const { atMs, trials, seed } = request;
  if (!Array.isArray(atMs)) refuse(where, "atMs", "a list of times in ms", atMs);
  atMs.forEach((time: number, index: number) => {
    needNumber(where, `atMs[${index}]`, time, { min: 0, exclusiveMax: true, unit: "ms" });
  });
  needInteger(where, "trials", trials, { min: 1 });
  needInteger(where, "seed", seed, { min: 0 });
  const all = model.replicas.flatMap((legs) => [legs.w, legs.a, legs.r, legs.s]);
  const keys = new Map(all.map((leg) => [leg, JSON.stringify(leg)]));
  const distinct = [...new Set(keys.values())];
  const indexOf = new Map(distinct.map((key, index) => [key, index]));
  const index = (leg: WarsModel["replicas"][number]["w"]) => indexOf.get(keys.get(leg)!)!;
  return {
    ...{ n, r, w, atMs: [...atMs], trials, seed, oneWayMs, writers, readers },
    distributions: distinct.map((key) => JSON.parse(key) as DistributionSpec),
    legs: model.replicas.map((legs) => [
      index(legs.w),
      index(legs.a),
      index(legs.r),
      index(legs.s),
    ]),
  };
}

/** Number of chunks of a plan. */
export function chunkCount({ trials }: CountPlan): number {
  return Math.ceil(trials / chunkTrials);
}
