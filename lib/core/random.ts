import { needInteger } from "./need.ts";
import { type StreamKey, streamWords } from "./streamKey.ts";

/** Source of independent uniform draws: what a sampler needs to know of a random stream. */
export interface UniformSource {
  /** Next draw, an integer in [0, 2^32). */
  nextUint32(): number;
  /** Next draw, a double strictly inside (0, 1). */
  nextUniform(): number;
}

/** Where a random stream stands, as plain data: four integers in [0, 2^32). */
export interface RandomState {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly counter: number;
}

/**
 * Two draws of 32 bits as one double strictly inside (0, 1).
 *
 * The value is the middle of one of 2^52 equal cells, (i + 1/2) / 2^52. These are exact doubles, and
 * so is one minus them; the smallest is 2^-53 = 1.1e-16, so that samples reach far into both tails.
 * With 32 bits nothing rarer than 1.2e-10 would ever be drawn, and events of probability 1e-7 would
 * show the grid at 0.2 %; with 53 bits the largest midpoint would round to 1.
 */
export function uniformFromUint32s(high: number, low: number): number {
  return ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -52;
}

/**
 * A stream of random numbers: the generator sfc32, whose state is 128 bits and whose period is at
 * least 2^32 from any state (2^127 on average).
 *
 * Usually made by `randomStream`; the constructor continues from a state that `state()` gave.
 * Fields, not a closure: measured three times faster.
 *
 * @throws {RangeError} if a word of the state is not an integer in [0, 2^32)
 * @see Chris Doty-Humphrey, PractRand, sfc32 (public domain)
 */
export class RandomStream implements UniformSource {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(state: RandomState) {
    this.a = needWord("a", state.a) | 0;
    this.b = needWord("b", state.b) | 0;
    this.c = needWord("c", state.c) | 0;
    this.counter = needWord("counter", state.counter) | 0;
  }

  /** Next draw, an integer in [0, 2^32). */
  nextUint32(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Next draw, a double strictly inside (0, 1): `uniformFromUint32s` of two 32-bit draws. */
  nextUniform(): number {
    const high = this.nextUint32();
    return uniformFromUint32s(high, this.nextUint32());
  }

  /** Where the stream stands: plain data, from which `new RandomStream(state)` continues. */
  state(): RandomState {
    return {
      a: this.a >>> 0,
      b: this.b >>> 0,
      c: this.c >>> 0,
      counter: this.counter >>> 0,
    };
  }
}

/** Rounds thrown away after seeding: the number that PractRand uses to seed sfc32. */
const warmUpRounds = 12;

/**
 * The random stream that belongs to a seed, a purpose and an entity.
 *
 * The state is a hash (MurmurHash3, 128 bits) of all three, so that streams of neighbouring seeds or
 * entities have nothing in common, and adding an entity or a purpose changes no other stream: runs
 * with different parameters share the random numbers of what they have in common.
 *
 * @param key seed, integer in [0, 2^53); purpose, not empty; entity, a name or an integer >= 0
 * @throws {RangeError} if a part of the key is out of range
 * @example
 * randomStream({ seed: 1, purpose: "read", entity: 0 }).nextUint32(); // => 410366227
 */
export function randomStream(key: StreamKey): RandomStream {
  const [a, b, c, counter] = streamWords("randomStream", key);
  const stream = new RandomStream({ a, b, c, counter });
  for (let i = 0; i < warmUpRounds; i++) stream.nextUint32();
  return stream;
}

function needWord(field: string, value: unknown): number {
  return needInteger("RandomStream", field, value, { min: 0, max: 2 ** 32 - 1 });
}
