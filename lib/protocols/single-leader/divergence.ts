import type { ReplicaState } from "./state.ts";

/** How far copies of the same data differ. */
export interface Divergence {
  /** Replicas that have applied as much as the most advanced one; only these are compared. */
  readonly replicaCount: number;
  /** Keys that any of them has. */
  readonly rowCount: number;
  /** Keys for which not all of them have the same value of the same version. */
  readonly differingCount: number;
}

/**
 * Rows that differ between replicas which have applied the same log (B6, B7): from statements that each
 * evaluated for itself, or from entries of a former leader that its rows have kept. Lag is no divergence:
 * replicas that are behind are left out.
 *
 * @param states of the replicas of one partition
 */
export function divergence(states: readonly ReplicaState[]): Divergence {
  const epoch = Math.max(...states.map((state) => state.epoch));
  const current = states.filter((state) => state.epoch === epoch);
  const applied = Math.max(...current.map((state) => state.appliedPosition));
  const compared = current.filter((state) => state.appliedPosition === applied);
  const keys = new Set(compared.flatMap(({ rows }) => Object.keys(rows).map(Number)));
  let differingCount = 0;
  for (const key of keys) {
    const [first, ...others] = compared.map(({ rows }) => rows[key]);
    const isSame = others.every(
      (row) => row?.version === first?.version && row?.value === first?.value,
    );
    if (!isSame) differingCount++;
  }
  return { replicaCount: compared.length, rowCount: keys.size, differingCount };
}
