import { needInteger, needNumber } from "../core/need.ts";
import { replicasMax } from "./warsModel.ts";

/** What `stalenessLoadBound` needs. */
export interface StalenessLoad {
  /** Replicas, integer in [1, 100]. */
  readonly n: number;
  /** Tolerated probability of missing the last `k` versions, in [0, 1]. */
  readonly staleProbability: number;
  /** Versions of tolerated staleness, integer >= 1. */
  readonly k: number;
}

/**
 * Lower bound of the load of any quorum system that misses the last `k` versions with a given
 * probability: the share of operations that its busiest replica handles.
 *
 * An epsilon-intersecting system has load >= (1 - sqrt(epsilon)) / sqrt(n); k independent writes are
 * missed with epsilon^k = p, hence (1 - p^(1/(2k))) / sqrt(n). The paper prints (1-p)^(1/(2k)).
 *
 * @throws {RangeError} if a field is out of range
 * @see Malkhi, Reiter, Wool, Wright, Probabilistic quorum systems, Inf. Comput. 170(2), 2001
 * @see Bailis et al., PVLDB 5(8), 2012, section 3.3 (corrected)
 * @example
 * stalenessLoadBound({ n: 100, staleProbability: 0, k: 1 }); // => 0.1
 * stalenessLoadBound({ n: 100, staleProbability: 0.0001, k: 2 }); // => 0.09
 */
export function stalenessLoadBound({ n, staleProbability, k }: StalenessLoad): number {
  const where = "stalenessLoadBound";
  needInteger(where, "n", n, { min: 1, max: replicasMax });
  needNumber(where, "staleProbability", staleProbability, { min: 0, max: 1 });
  needInteger(where, "k", k, { min: 1 });
  return (1 - staleProbability ** (1 / (2 * k))) / Math.sqrt(n);
}
