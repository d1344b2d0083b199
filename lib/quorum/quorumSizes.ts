import { needInteger } from "../core/need.ts";
import type { QuorumSizes } from "./question.ts";
import { replicasMax } from "./warsModel.ts";

/**
 * Checks the sizes of a quorum and returns them.
 *
 * @throws {RangeError} if n is not in [1, 100], or r or w not in [1, n]
 */
export function needQuorumSizes(where: string, sizes: QuorumSizes): QuorumSizes {
  const n = needInteger(where, "n", sizes.n, { min: 1, max: replicasMax });
  const r = needInteger(where, "r", sizes.r, { min: 1, max: n });
  const w = needInteger(where, "w", sizes.w, { min: 1, max: n });
  return { n, r, w };
}

/** C(n - holders, r) / C(n, r): a random set of r of n replicas meets none of the holders. */
export function missProbability(n: number, holders: number, r: number): number {
  let probability = 1;
  for (let i = 0; i < r; i++) probability *= Math.max(0, n - holders - i) / (n - i);
  return probability;
}
