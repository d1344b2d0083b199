import type { Distribution } from "../distribution.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";
import { type MeanOrRate, needMeanOrRate } from "./rate.ts";

/**
 * Exponential distribution: P(X > x) = exp(-rate x), from 0 on.
 *
 * @param parameters either `meanMs`, > 0, in ms or a text such as `"5 ms"`; or `ratePerMs`, > 0, in
 * 1/ms, as published fits give it
 * @throws {RangeError} if not exactly one of them is given, or it is not positive and finite
 * @example
 * exponential({ meanMs: "5 ms" }).quantile(0.5); // => 3.4657359...
 * exponential({ ratePerMs: 0.183 }).mean; // => 5.4644808...
 */
export function exponential(parameters: MeanOrRate): Distribution {
  const { meanMs, ratePerMs, given, text } = needMeanOrRate("exponential", parameters);
  return defineDistribution({
    spec: { kind: "exponential", ...given },
    text: `exponential(${text})`,
    mean: meanMs,
    support: [0, Infinity],
    pdf: (x) => ratePerMs * Math.exp(-ratePerMs * x),
    cdf: (x) => -Math.expm1(-ratePerMs * x),
    survival: (x) => Math.exp(-ratePerMs * x),
    quantile: (p) => -Math.log1p(-p) / ratePerMs,
    upperQuantile: (s) => -Math.log(s) / ratePerMs,
  });
}

/** The exponential distribution in the registry. */
export const exponentialFamily: DistributionFamily = plainFamily<MeanOrRate>({
  kind: "exponential",
  parameters: ["meanMs", "ratePerMs"],
  summary: "P(X > x) = exp(-x / mean); either the mean or the rate is given",
  make: exponential,
});
