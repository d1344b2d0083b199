import { needOneOf } from "../core/need.ts";
import { randomStream } from "../core/random.ts";

/** How the random numbers of rows relate. */
export const sweepPairings = ["common", "independent"] as const;

/** How the random numbers of rows relate: the same for what rows have in common, or each its own. */
export type SweepPairing = (typeof sweepPairings)[number];

/**
 * Seed of one row. It depends on what is measured and never on the place of the row in the grid or on
 * who computes it, so that adding rows changes no other.
 *
 * @param config plain data; the order of its fields counts
 */
export function rowSeed(
  { seed, pairing = "common" }: { readonly seed: number; readonly pairing?: SweepPairing },
  measure: string,
  config: object,
): number {
  needOneOf("sweep", "pairing", pairing, sweepPairings);
  if (pairing === "common") return seed;
  const entity = JSON.stringify(config);
  const stream = randomStream({ seed, purpose: `sweep row of ${measure}`, entity });
  return (stream.nextUint32() >>> 11) * 2 ** 32 + stream.nextUint32();
}
