import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord } from "../need.ts";
import { logGamma } from "../special/logGamma.ts";
import { defineDistribution, shortNumber } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `weibull`. */
export interface Weibull {
  /** Scale, ms (or a text), > 0: 63.2 % of values are below it. */
  readonly scaleMs: Duration;
  /** Shape, > 0: below 1 the tail is heavier than exponential, above 1 lighter. */
  readonly shape: number;
}

/**
 * Weibull distribution: P(X > x) = exp(-(x / scale)^shape).
 *
 * @param parameters `scaleMs`, > 0, in ms or a text such as `"5 ms"`; `shape`, in [0.01, 1000]
 * @throws {RangeError} if a parameter is out of range
 * @example
 * weibull({ scaleMs: 2, shape: 0.5 }).mean; // => 4
 */
export function weibull(parameters: Weibull): Distribution {
  const given = needRecord("weibull", "parameters", parameters);
  const scaleMs = needDurationMs("weibull", "scaleMs", given.scaleMs, { positive: true });
  const shape = needNumber("weibull", "shape", given.shape, { min: 0.01, max: 1000 });
  const power = (x: number) => (x / scaleMs) ** shape;
  return defineDistribution({
    spec: { kind: "weibull", scaleMs, shape },
    text: `weibull(scale ${formatDuration(scaleMs)}, shape ${shortNumber(shape)})`,
    mean: scaleMs * Math.exp(logGamma(1 + 1 / shape)),
    support: [0, Infinity],
    pdf: (x) => (shape / scaleMs) * (x / scaleMs) ** (shape - 1) * Math.exp(-power(x)),
    cdf: (x) => -Math.expm1(-power(x)),
    survival: (x) => Math.exp(-power(x)),
    quantile: (p) => scaleMs * (-Math.log1p(-p)) ** (1 / shape),
    upperQuantile: (s) => scaleMs * (-Math.log(s)) ** (1 / shape),
  });
}

/** The Weibull distribution in the registry. */
export const weibullFamily: DistributionFamily = plainFamily<Weibull>({
  kind: "weibull",
  parameters: ["scaleMs", "shape"],
  summary: "P(X > x) = exp(-(x / scale)^shape)",
  make: weibull,
});
