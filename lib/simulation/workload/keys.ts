import { needInteger, needNumber, needOneOf, needRecord } from "../../core/need.ts";
import type { OperationKind } from "../../core/protocol.ts";
import { needFields } from "../needFields.ts";

/** Chooses keys in one run. */
export interface Keys {
  readonly count: number;
  /** A new run: nothing has been written. */
  reset(): void;
  /** The key that a uniform in (0, 1) stands for, by inversion. */
  pick(uniform: number, kind: OperationKind): number;
  /** A write of a key was acknowledged. */
  wrote(key: number): void;
}

const keyKinds = ["uniform", "zipf", "hotSpot", "latest"] as const;

/** Largest table of probabilities, in entries. */
const tableMax = 1e6;

/**
 * Checks which keys are asked for.
 *
 * @throws {RangeError} naming the field that is wrong
 */
export function needKeys(where: string, field: string, value: unknown): Keys {
  const given = needRecord(where, field, value);
  const kind = needOneOf(where, `${field}.kind`, given.kind, keyKinds);
  const fields = (...names: string[]) =>
    needFields(where, field, given, ["kind", "count", ...names]);
  const exponent = () =>
    needNumber(where, `${field}.exponent`, given.exponent, { min: 0, exclusiveMax: true });
  const whole = (name: string, max: number) =>
    needInteger(where, `${field}.${name}`, given[name], { min: 1, max });
  const share = (name: string) =>
    needNumber(where, `${field}.${name}`, given[name], { min: 0, max: 1 });
  switch (kind) {
    case "uniform":
      fields();
      return uniformKeys(whole("count", 2 ** 32));
    case "zipf":
      fields("exponent");
      return zipfKeys(whole("count", tableMax), exponent());
    case "hotSpot":
      fields("shareOfKeys", "shareOfOperations");
      return hotSpotKeys(whole("count", 2 ** 32), share("shareOfKeys"), share("shareOfOperations"));
    default:
      fields("exponent", "window");
      return new LatestKeys(whole("count", 2 ** 32), exponent(), whole("window", tableMax));
  }
}

function uniformKeys(count: number): Keys {
  return { ...forgetful, count, pick: (uniform) => place(uniform, count) };
}

function zipfKeys(count: number, exponent: number): Keys {
  const ranks = zipfRanks(count, exponent);
  return { ...forgetful, count, pick: ranks };
}

function hotSpotKeys(count: number, shareOfKeys: number, shareOfOperations: number): Keys {
  const hot = Math.max(1, Math.round(count * shareOfKeys));
  const cold = count - hot;
  // With all keys hot, or no operations on others, there is one uniform piece.
  const share = cold === 0 ? 1 : shareOfOperations;
  const pick = (uniform: number): number =>
    uniform < share
      ? place(uniform / share, hot)
      : hot + place((uniform - share) / (1 - share), cold);
  return { ...forgetful, count, pick };
}

/** The cell of [0, 1) that a uniform is in; the largest uniforms would be rounded to one too many. */
function place(uniform: number, count: number): number {
  return Math.min(count - 1, Math.floor(uniform * count));
}

/** For keys that do not depend on what was written. */
const forgetful = { reset: (): void => undefined, wrote: (): void => undefined };

/**
 * Ranks from 0 with probabilities proportional to (rank + 1)^-exponent, as a function of a uniform.
 *
 * Exact inversion: the first rank at which the sum of probabilities exceeds the uniform, by binary
 * search.
 */
function zipfRanks(count: number, exponent: number): (uniform: number) => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += (rank + 1) ** -exponent;
    sums[rank] = sum;
  }
  return (uniform) => {
    const level = uniform * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > level) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Reads of what was written last: the keys of the latest writes, in a ring. */
class LatestKeys implements Keys {
  readonly count: number;
  private readonly ring: Float64Array;
  private readonly rank: (uniform: number) => number;
  private writes = 0;

  constructor(count: number, exponent: number, window: number) {
    this.count = count;
    this.ring = new Float64Array(window);
    this.rank = zipfRanks(window, exponent);
  }

  reset(): void {
    this.writes = 0;
  }

  pick(uniform: number, kind: OperationKind): number {
    const rank = kind === "read" ? this.rank(uniform) : Infinity;
    if (rank >= this.writes) return place(uniform, this.count);
    return this.ring[(this.writes - 1 - rank) % this.ring.length]!;
  }

  wrote(key: number): void {
    this.ring[this.writes++ % this.ring.length] = key;
  }
}
