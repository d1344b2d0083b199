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
  /** Density at `x`, per ms; absent where the distribution has atoms. */
  readonly pdf?: (x: number) => number;
  /** P(X <= x); accurate in relative terms where it is small. */
  cdf(x: number): number;
  /** P(X > x); accurate in relative terms far in the tail. */
  survival(x: number): number;
  /**
   * Smallest x with P(X <= x) >= p; at p = 0 the lower end of the support.
   *
   * @throws {RangeError} if `p` is not in [0, 1]
   */
  quantile(p: number): number;
  /**
   * Smallest x with P(X > x) <= s: `quantile(1 - s)` without cancellation; at s = 1 the lower end of
   * the support.
   *
   * @throws {RangeError} if `s` is not in [0, 1]
   */
  upperQuantile(s: number): number;
  /** One draw by inversion, `upperQuantile` of one uniform: takes exactly one `nextUniform`. */
  sample(random: UniformSource): number;
  /** The plain data, for `JSON.stringify`. */
  toJSON(): DistributionSpec;
  /** Readable form, for example `exponential(mean 5 ms)`. */
  toString(): string;
}
