import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";
import { type MeanOrRate, needMeanOrRate } from "./rate.ts";

/** Parameters of `shiftedExponential`. */
export type ShiftedExponential = MeanOrRate & {
  /** Smallest value, ms (or a text), >= 0. */
  readonly shiftMs: Duration;
};

/**
 * A constant plus an exponential: P(X > x) = exp(-rate (x - shift)), from the shift on.
 *
 * @param parameters `shiftMs`, >= 0; and either `meanMs`, the mean of the exponential part without
 * the shift, or `ratePerMs`, both > 0
 * @throws {RangeError} if a parameter is missing or out of range
 * @example
 * shiftedExponential({ shiftMs: 2, meanMs: 3 }).mean; // => 5
 */
export function shiftedExponential(parameters: ShiftedExponential): Distribution {
  const where = "shiftedExponential";
  const { meanMs, ratePerMs, given, text } = needMeanOrRate(where, parameters);
  const shiftMs = needDurationMs(where, "shiftMs", parameters.shiftMs);
  return defineDistribution({
    spec: { kind: where, shiftMs, ...given },
    text: `shiftedExponential(shift ${formatDuration(shiftMs)}, ${text})`,
    mean: shiftMs + meanMs,
    support: [shiftMs, Infinity],
    pdf: (x) => ratePerMs * Math.exp(-ratePerMs * (x - shiftMs)),
    cdf: (x) => -Math.expm1(-ratePerMs * (x - shiftMs)),
    survival: (x) => Math.exp(-ratePerMs * (x - shiftMs)),
    quantile: (p) => shiftMs - Math.log1p(-p) / ratePerMs,
    upperQuantile: (s) => shiftMs - Math.log(s) / ratePerMs,
  });
}

/** The shifted exponential distribution in the registry. */
export const shiftedExponentialFamily: DistributionFamily = plainFamily<ShiftedExponential>({
  kind: "shiftedExponential",
  parameters: ["shiftMs", "meanMs", "ratePerMs"],
  summary: "a constant plus an exponential; the mean or rate is that of the exponential part",
  make: shiftedExponential,
});
