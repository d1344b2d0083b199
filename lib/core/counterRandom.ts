import { uniformFromUint32s } from "./random.ts";
import { type StreamKey, streamWords } from "./streamKey.ts";

/**
 * One block of the counter-based generator Threefry-2x32 with 20 rounds: 64 random bits that depend
 * on a 64-bit key and a 64-bit counter only.
 *
 * @param key two integers in [0, 2^32)
 * @param counter two integers in [0, 2^32)
 * @returns two integers in [0, 2^32)
 * @see Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011, section 3.3
 * @example
 * threefry2x32([0, 0], [0, 0]); // => [1797259609, 2579123966]
 */
export function threefry2x32(
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  let k2 = (0x1bd11bda ^ k0 ^ k1) | 0;
  let x0 = (counter[0] + k0) | 0;
  let x1 = (counter[1] + k1) | 0;
  for (let group = 1; group <= 5; group++) {
    const odd = (group & 1) === 1;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, odd ? 13 : 17) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, odd ? 15 : 29) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, odd ? 26 : 16) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, odd ? 6 : 24) ^ x0;
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + group) | 0;
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = first;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The rotations above are table 2 of the paper. */
function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/**
 * Random numbers at random access: any draw can be computed without those before it.
 *
 * Draws are addressed by two integers, for example a replica and the index of its message. About
 * three times slower than a `RandomStream`: use it where the order of draws is not fixed.
 */
export interface CounterRandom {
  /** Draw at (i, j), each an integer in [0, 2^32) taken modulo 2^32: a double inside (0, 1). */
  uniformAt(i: number, j?: number): number;
  /** Draw at (i, j), each an integer in [0, 2^32) taken modulo 2^32: an integer in [0, 2^32). */
  uint32At(i: number, j?: number): number;
}

/**
 * Random access to the draws of a seed, a purpose and an entity: Threefry-2x32-20 with a key hashed
 * from all three, as in `randomStream`.
 *
 * @throws {RangeError} if a part of the key is out of range
 * @example
 * counterRandom({ seed: 1, purpose: "loss" }).uint32At(3, 1_000_000); // => 2500185695
 */
export function counterRandom(key: StreamKey): CounterRandom {
  const [k0, k1] = streamWords("counterRandom", key);
  return {
    uniformAt: (i, j = 0) => {
      const [high, low] = threefry2x32([k0, k1], [i, j]);
      return uniformFromUint32s(high, low);
    },
    uint32At: (i, j = 0) => threefry2x32([k0, k1], [i, j])[0],
  };
}
