import { randomStream } from "../core/random.ts";

/**
 * Seed of one run among many: runs of neighbouring seeds or indices have nothing in common.
 *
 * @param seed of all runs, integer in [0, 2^53)
 * @param index of the run, from 0
 */
export function runSeed(seed: number, index: number): number {
  const stream = randomStream({ seed, purpose: "run of a scenario", entity: index });
  return (stream.nextUint32() >>> 11) * 2 ** 32 + stream.nextUint32();
}
