import type { Estimate } from "../core/estimate.ts";
import type { WarsLatency } from "./wars.ts";

/** Numbers of replicas that hold, answer a read for, and acknowledge a write of, one key. */
export interface QuorumSizes {
  /** Replicas, integer in [1, 100]. */
  readonly n: number;
  /** Replies that a read waits for, integer in [1, n]. */
  readonly r: number;
  /** Acknowledgements that a write waits for, integer in [1, n]. */
  readonly w: number;
}

/** Percentiles of a latency, each with its interval. */
export interface LatencyEstimates {
  readonly p50: Estimate;
  readonly p99: Estimate;
  readonly p999: Estimate;
}

/** How often a read is stale under partial quorums, and what the answer depends on. */
export interface StalenessQuestion extends QuorumSizes {
  /** Latency of the messages: the name of a production fit, or a latency. */
  readonly latency: string | WarsLatency;
  /** Times after the commit of a write at which a read starts, ms, >= 0. */
  readonly atMs: readonly number[];
  /** Probability, in (0, 1), of a fresh read that t-visibility must reach. */
  readonly visibility: number;
  /** `exact`: mean of exact conditional probabilities. `count`: share of stale reads among trials. */
  readonly method: "exact" | "count";
  /** Number of random trials, integer >= 1. */
  readonly trials: number;
  /** Seed of all random draws, integer in [0, 2^53). */
  readonly seed: number;
  /** Confidence of every interval, in (0, 1). */
  readonly confidence: number;
}

/** Answer to a `StalenessQuestion`. */
export interface StalenessAnswer {
  /** The question, with the latency by its name. */
  readonly question: Omit<StalenessQuestion, "latency"> & { readonly latency: string };
  /** Probability of a stale read at each time asked for. */
  readonly stale: readonly { readonly atMs: number; readonly probability: Estimate }[];
  /** Smallest time after commit, ms, at which a read is fresh with the probability asked for. */
  readonly visibilityMs: Estimate;
  /** Time until a read has its r replies, ms. */
  readonly readLatencyMs: LatencyEstimates;
  /** Time until a write has its w acknowledgements, ms. */
  readonly writeLatencyMs: LatencyEstimates;
}
