import type { UniformSource } from "./random.ts";

/** A distribution as plain data: what `toJSON` gives and `distributionFromJson` reads. */
export interface DistributionSpec {
  /** Name of the family, for example `"exponential"`. */
  readonly kind: string;
  /** Parameters of the family, with their units in the names. */
  readonly [parameter: string]: unknown;
}

/** A distribution of a real quantity; latencies are in ms. */
export interface Distribution {
  /** The distribution as plain data. */
  readonly spec: DistributionSpec;
  /** Mean, `Infinity` where it diverges. */
  readonly mean: number;
  /** Smallest and largest value that can occur; the largest may be `Infinity`. */
  readonly support: readonly [number, number];
  /**
   * Survival levels in (0, 1), descending, at which the quantile function is not smooth (joints of
   * pieces, edges of a mixture's parts); `"everywhere"` where there are too many to list.
   */
  readonly breakpoints: readonly number[] | "everywhere";
  /** Density at `x`; absent where the distribution has atoms. */
  readonly pdf?: (x: number) => number;
  /** P(X <= x). */
  cdf(x: number): number;
  /** P(X > x), accurate far in the tail. */
  survival(x: number): number;
  /** Smallest x with P(X <= x) >= p, for p in [0, 1]. */
  quantile(p: number): number;
  /** Smallest x with P(X > x) <= s, for s in [0, 1]: `quantile(1 - s)` without cancellation. */
  upperQuantile(s: number): number;
  /** One draw by inversion: takes exactly one uniform. */
  sample(random: UniformSource): number;
  /** The plain data, for `JSON.stringify`. */
  toJSON(): DistributionSpec;
  /** Readable form, for example `exponential(mean 5 ms)`. */
  toString(): string;
}
