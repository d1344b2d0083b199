import { needInteger, needNumber } from "../core/need.ts";
import type { QuorumSizes } from "./question.ts";
import { missProbability, needQuorumSizes } from "./quorumSizes.ts";

/**
 * Probability that a read returns none of the last `k` written versions.
 *
 * A read quorum of `r` replicas drawn at random misses the `w` replicas of one write with
 * probability C(n-w, r) / C(n, r); missing `k` independent writes is its k-th power.
 *
 * Assumes fixed quorums without anti-entropy: an upper bound for stores that keep spreading a write.
 *
 * @param sizes replica counts, integers, n in [1, 100], 1 <= r, w <= n
 * @param k versions of tolerated staleness, integer >= 1
 * @returns probability, in [0, 1]
 * @throws {RangeError} if a size or `k` is out of range
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, eq. 1 and 2
 * @example
 * staleReadProbability({ n: 3, r: 1, w: 1 }); // => 0.666...
 * staleReadProbability({ n: 3, r: 1, w: 1 }, 2); // => 0.444...
 */
export function staleReadProbability(sizes: QuorumSizes, k = 1): number {
  needQuorumSizes("staleReadProbability", sizes);
  needInteger("staleReadProbability", "k", k, { min: 1 });
  return missProbability(sizes.n, sizes.w, sizes.r) ** k;
}

/** Rates of which `staleMonotonicReadProbability` takes the ratio. */
export interface MonotonicReadRates {
  /** Writes of all clients to the key, per second, >= 0. */
  readonly writesPerS: number;
  /** Reads of the one client from the key, per second, > 0. */
  readonly readsPerS: number;
}

/**
 * Probability that a client reads an older version than in its last read of the key.
 *
 * Between two reads of the client, on average `writesPerS / readsPerS` versions are written; the read
 * must miss all of them and the one read before: p_s^(1 + writes/reads).
 *
 * Assumes fixed quorums without anti-entropy, and takes the mean number of writes for the number.
 *
 * @param sizes replica counts, integers, n in [1, 100], 1 <= r, w <= n
 * @param rates writes of all and reads of the client
 * @returns probability, in [0, 1]
 * @throws {RangeError} if a size or rate is out of range
 * @see Bailis et al., PVLDB 5(8), 2012, eq. 3
 * @example
 * staleMonotonicReadProbability({ n: 3, r: 1, w: 1 }, { writesPerS: 1, readsPerS: 1 }); // => 0.444...
 */
export function staleMonotonicReadProbability(
  sizes: QuorumSizes,
  rates: MonotonicReadRates,
): number {
  const where = "staleMonotonicReadProbability";
  needQuorumSizes(where, sizes);
  const finite = { min: 0, exclusiveMax: true, unit: "1/s" };
  const writes = needNumber(where, "writesPerS", rates.writesPerS, finite);
  const reads = needNumber(where, "readsPerS", rates.readsPerS, { ...finite, exclusiveMin: true });
  return missProbability(sizes.n, sizes.w, sizes.r) ** (1 + writes / reads);
}
