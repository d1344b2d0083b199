import { needInteger, needNumber, refuse } from "../core/need.ts";
import type { QuorumSizes } from "./question.ts";
import { missProbability, needQuorumSizes } from "./quorumSizes.ts";
import { replicasMax } from "./warsModel.ts";

/**
 * Probability that a read is stale when the write has spread to a known number of replicas, at random.
 *
 * The sum over c of C(n-c, r)/C(n, r) times the probability that exactly c replicas have the write.
 * The paper prints the binomials with w in place of c, and the difference of the P_w the wrong way
 * round; here both are put right.
 *
 * Assumes that the replicas which have the write are a random set, and that the read is instantaneous:
 * an upper bound where the write goes on spreading while the read travels.
 *
 * @param sizes replica counts, integers, n in [1, 100], 1 <= r, w <= n
 * @param haveAtLeast probability that at least w, w+1, ..., n replicas have the write: n - w + 1
 *   numbers in [0, 1], the first 1, none greater than the one before
 * @returns probability, in [0, 1]
 * @throws {RangeError} if a size or probability is out of range
 * @see Bailis et al., PVLDB 5(8), 2012, eq. 4 (corrected)
 * @example
 * spreadStaleReadProbability({ n: 3, r: 1, w: 1 }, [1, 0, 0]); // => 0.666...
 * spreadStaleReadProbability({ n: 3, r: 1, w: 1 }, [1, 1, 0.5]); // => 0.166...
 */
export function spreadStaleReadProbability(
  sizes: QuorumSizes,
  haveAtLeast: readonly number[],
): number {
  const where = "spreadStaleReadProbability";
  const { n, r, w } = needQuorumSizes(where, sizes);
  if (!Array.isArray(haveAtLeast) || haveAtLeast.length !== n - w + 1 || haveAtLeast[0] !== 1) {
    refuse(where, "haveAtLeast", `${n - w + 1} probabilities of which the first is 1`, haveAtLeast);
  }
  let probability = 0;
  for (let more = 0; more <= n - w; more++) {
    const max = haveAtLeast[more - 1] ?? 1;
    const atLeast = needNumber(where, `haveAtLeast[${more}]`, haveAtLeast[more], { min: 0, max });
    probability += missProbability(n, w + more, r) * (atLeast - (haveAtLeast[more + 1] ?? 0));
  }
  return probability;
}

/**
 * Upper bound of the probability that a read started `t` after the last of `k` writes misses them all.
 *
 * The k-th power of the probability to miss one write after `t`: a bound, because the older writes
 * have had more than `t` to spread.
 *
 * @param staleProbability probability to miss one write after `t`, in [0, 1]
 * @param k versions of tolerated staleness, integer >= 1
 * @throws {RangeError} if an argument is out of range
 * @see Bailis et al., PVLDB 5(8), 2012, eq. 5 (<k,t>-staleness)
 * @example
 * staleVersionsBound(0.1, 2); // => 0.010...
 */
export function staleVersionsBound(staleProbability: number, k: number): number {
  needNumber("staleVersionsBound", "staleProbability", staleProbability, { min: 0, max: 1 });
  needInteger("staleVersionsBound", "k", k, { min: 1 });
  return staleProbability ** k;
}

/** Staleness at commit and what it decays with. */
export interface ExponentialSpread {
  /** Probability of a stale read at t = 0, in [0, 1]. */
  readonly staleAtCommit: number;
  /** Replies that a read waits for, integer in [1, 100]. */
  readonly r: number;
  /** Rate of the write message's latency, 1/ms, > 0. */
  readonly writeRatePerMs: number;
}

/**
 * Probability of a stale read at time `t` if write messages take exponential times.
 *
 * Each of the `r` replicas that have not got the write at commit goes on waiting without memory:
 * p(t) = p(0) e^(-r lambda t), whatever the latency of the other messages.
 *
 * @param spread staleness at commit, replies, rate
 * @param atMs time after commit, ms, >= 0
 * @throws {RangeError} if an argument is out of range
 * @example
 * exponentialStaleness({ staleAtCommit: 0.5, r: 1, writeRatePerMs: 0.1 }, 10); // => 0.18393972...
 */
export function exponentialStaleness(spread: ExponentialSpread, atMs: number): number {
  const where = "exponentialStaleness";
  const { staleAtCommit, r, writeRatePerMs } = spread;
  needNumber(where, "staleAtCommit", staleAtCommit, { min: 0, max: 1 });
  needInteger(where, "r", r, { min: 1, max: replicasMax });
  needNumber(where, "writeRatePerMs", writeRatePerMs, {
    min: 0,
    exclusiveMin: true,
    exclusiveMax: true,
    unit: "1/ms",
  });
  needNumber(where, "atMs", atMs, { min: 0, unit: "ms" });
  return staleAtCommit * Math.exp(-r * writeRatePerMs * atMs);
}
