import { needNumber } from "./need.ts";

/** A length of time in ms: finite and not negative. Made by `millis` or `durationMs`. */
export type Millis = number & { readonly unit: "ms" };

/** A probability, in [0, 1]. Made by `probability`. */
export type Probability = number & { readonly unit: "probability" };

/**
 * A number of ms, checked.
 *
 * @param value in [0, Infinity), ms
 * @throws {RangeError} if it is negative, infinite or not a number
 * @example
 * millis(2.5); // => 2.5
 */
export function millis(value: number): Millis {
  return needNumber("millis", "value", value, {
    min: 0,
    exclusiveMax: true,
    unit: "ms",
  }) as Millis;
}

/**
 * A probability, checked.
 *
 * @param value in [0, 1]
 * @throws {RangeError} if it lies outside or is not a number
 * @example
 * probability(0.999); // => 0.999
 */
export function probability(value: number): Probability {
  return needNumber("probability", "value", value, { min: 0, max: 1 }) as Probability;
}
