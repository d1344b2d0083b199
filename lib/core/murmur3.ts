const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/**
 * Hash of a sequence of bytes: MurmurHash3_x86_128 as four unsigned 32-bit words.
 *
 * Not cryptographic. Here it spreads names and seeds over the states of random streams: every bit
 * of the input changes every bit of the output with probability close to one half.
 *
 * @param bytes any number of bytes below 2^32
 * @param seed unsigned 32-bit integer
 * @param length how many of the bytes count; all if absent
 * @see Austin Appleby, MurmurHash3.cpp in SMHasher (public domain)
 */
export function murmur3(
  bytes: Uint8Array,
  seed = 0,
  length: number = bytes.length,
): [number, number, number, number] {
  let h1 = seed | 0;
  let h2 = seed | 0;
  let h3 = seed | 0;
  let h4 = seed | 0;
  const whole = length - (length % 16);
  for (let i = 0; i < whole; i += 16) {
    h1 ^= scramble(word(bytes, i), c1, 15, c2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(word(bytes, i + 4), c2, 16, c3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(word(bytes, i + 8), c3, 17, c4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(word(bytes, i + 12), c4, 18, c1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  // The tail: missing bytes count as zero, and a zero word scrambles to zero.
  h1 ^= scramble(tailWord(bytes, length, whole), c1, 15, c2) ^ length;
  h2 ^= scramble(tailWord(bytes, length, whole + 4), c2, 16, c3) ^ length;
  h3 ^= scramble(tailWord(bytes, length, whole + 8), c3, 17, c4) ^ length;
  h4 ^= scramble(tailWord(bytes, length, whole + 12), c4, 18, c1) ^ length;
  const [m1, m2, m3, m4] = addAcross(h1, h2, h3, h4);
  return addAcross(finalise(m1), finalise(m2), finalise(m3), finalise(m4));
}

/** Adds the last three words to the first, then the first to each of them. */
function addAcross(
  h1: number,
  h2: number,
  h3: number,
  h4: number,
): [number, number, number, number] {
  const sum = (h1 + h2 + h3 + h4) >>> 0;
  return [sum, (h2 + sum) >>> 0, (h3 + sum) >>> 0, (h4 + sum) >>> 0];
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

function scramble(k: number, before: number, bits: number, after: number): number {
  return Math.imul(rotate(Math.imul(k, before), bits), after);
}

/** Little-endian word at `start`. */
function word(bytes: Uint8Array, start: number): number {
  const low = bytes[start]! | (bytes[start + 1]! << 8);
  return low | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24);
}

/** The same, with zeros past the end. */
function tailWord(bytes: Uint8Array, length: number, start: number): number {
  if (start + 4 <= length) return word(bytes, start);
  let value = 0;
  for (let i = start; i < length; i++) value |= bytes[i]! << (8 * (i - start));
  return value;
}

function finalise(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
