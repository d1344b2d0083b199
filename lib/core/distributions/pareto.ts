import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord } from "../need.ts";
import { defineDistribution, shortNumber } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `pareto`. */
export interface Pareto {
  /** Smallest value, ms (or a text), > 0. */
  readonly minMs: Duration;
  /** Tail exponent, > 0: the smaller, the heavier the tail. */
  readonly alpha: number;
}

/** Smallest exponent: below, the rarest draws of a stream would be beyond the largest double. */
const alphaMin = 0.1;

/**
 * Pareto distribution (type I): P(X > x) = (min / x)^alpha, from the minimum on.
 *
 * @param parameters `minMs`, > 0, in ms or a text such as `"5 ms"`; `alpha`, >= 0.1. The mean is
 * infinite for alpha <= 1.
 * @throws {RangeError} if a parameter is not positive and finite
 * @example
 * pareto({ minMs: 2, alpha: 3 }).mean; // => 3
 */
export function pareto(parameters: Pareto): Distribution {
  const given = needRecord("pareto", "parameters", parameters);
  const minMs = needDurationMs("pareto", "minMs", given.minMs, { positive: true });
  const alpha = needNumber("pareto", "alpha", given.alpha, {
    min: alphaMin,
    exclusiveMax: true,
  });
  // log(x / min), without cancellation beside the minimum.
  const logRatio = (x: number) =>
    x < 2 * minMs ? Math.log1p((x - minMs) / minMs) : Math.log(x / minMs);
  return defineDistribution({
    spec: { kind: "pareto", minMs, alpha },
    text: `pareto(min ${formatDuration(minMs)}, alpha ${shortNumber(alpha)})`,
    mean: alpha > 1 ? minMs * (alpha / (alpha - 1)) : Infinity,
    support: [minMs, Infinity],
    pdf: (x) => (alpha / x) * (minMs / x) ** alpha,
    cdf: (x) => -Math.expm1(-alpha * logRatio(x)),
    survival: (x) => Math.exp(-alpha * logRatio(x)),
    quantile: (p) => minMs * Math.exp(-Math.log1p(-p) / alpha),
    upperQuantile: (s) => minMs * Math.exp(-Math.log(s) / alpha),
  });
}

/** The Pareto distribution in the registry. */
export const paretoFamily: DistributionFamily = plainFamily<Pareto>({
  kind: "pareto",
  parameters: ["minMs", "alpha"],
  summary: "P(X > x) = (min / x)^alpha: a heavy tail",
  make: pareto,
});
