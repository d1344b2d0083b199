import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord } from "../need.ts";
import { normalDensity, normalSurvival, normalUpperQuantile } from "../special/normal.ts";
import { defineDistribution, shortNumber } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `logNormal`. */
export interface LogNormal {
  /** Median, ms (or a text), > 0: exp(mu) in the usual notation. */
  readonly medianMs: Duration;
  /** Standard deviation of the natural logarithm, > 0. */
  readonly sigma: number;
}

/**
 * Log-normal distribution: the logarithm is normal.
 *
 * @param parameters `medianMs`, > 0, in ms or a text such as `"5 ms"`; `sigma`, in (0, 100]
 * @throws {RangeError} if a parameter is out of range
 * @example
 * logNormal({ medianMs: 2, sigma: 0.5 }).mean; // => 2.26629690...
 */
export function logNormal(parameters: LogNormal): Distribution {
  const given = needRecord("logNormal", "parameters", parameters);
  const medianMs = needDurationMs("logNormal", "medianMs", given.medianMs, { positive: true });
  const sigma = needNumber("logNormal", "sigma", given.sigma, {
    min: 0,
    max: 100,
    exclusiveMin: true,
  });
  const score = (x: number) => Math.log(x / medianMs) / sigma;
  return defineDistribution({
    spec: { kind: "logNormal", medianMs, sigma },
    text: `logNormal(median ${formatDuration(medianMs)}, sigma ${shortNumber(sigma)})`,
    mean: medianMs * Math.exp((sigma * sigma) / 2),
    support: [0, Infinity],
    pdf: (x) => (x === 0 ? 0 : normalDensity(score(x)) / (sigma * x)),
    cdf: (x) => normalSurvival(-score(x)),
    survival: (x) => normalSurvival(score(x)),
    quantile: (p) => medianMs * Math.exp(-sigma * normalUpperQuantile(p)),
    upperQuantile: (s) => medianMs * Math.exp(sigma * normalUpperQuantile(s)),
  });
}

/** The log-normal distribution in the registry. */
export const logNormalFamily: DistributionFamily = plainFamily<LogNormal>({
  kind: "logNormal",
  parameters: ["medianMs", "sigma"],
  summary: "the logarithm is normal",
  make: logNormal,
});
