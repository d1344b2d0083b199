import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needRecord, refuse } from "../need.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `uniform`. */
export interface Uniform {
  /** Smallest value, ms (or a text), >= 0. */
  readonly minMs: Duration;
  /** Largest value, ms (or a text), > `minMs`. */
  readonly maxMs: Duration;
}

/**
 * Uniform distribution: every value between two ends is equally likely.
 *
 * @param parameters `minMs`, >= 0, and `maxMs`, > `minMs`, in ms or texts such as `"5 ms"`
 * @throws {RangeError} if an end is negative or not finite, or they are not in order
 * @example
 * uniform({ minMs: 150, maxMs: 300 }).quantile(0.5); // => 225
 */
export function uniform(parameters: Uniform): Distribution {
  const given = needRecord("uniform", "parameters", parameters);
  const minMs = needDurationMs("uniform", "minMs", given.minMs);
  const maxMs = needDurationMs("uniform", "maxMs", given.maxMs);
  if (maxMs <= minMs) refuse("uniform", "maxMs", `> minMs, which is ${minMs} ms`, given.maxMs);
  const widthMs = maxMs - minMs;
  return defineDistribution({
    spec: { kind: "uniform", minMs, maxMs },
    text: `uniform(${formatDuration(minMs)} to ${formatDuration(maxMs)})`,
    mean: minMs + widthMs / 2,
    support: [minMs, maxMs],
    pdf: () => 1 / widthMs,
    cdf: (x) => (x - minMs) / widthMs,
    survival: (x) => (maxMs - x) / widthMs,
    quantile: (p) => minMs + widthMs * p,
    upperQuantile: (s) => maxMs - widthMs * s,
  });
}

/** The uniform distribution in the registry. */
export const uniformFamily: DistributionFamily = plainFamily<Uniform>({
  kind: "uniform",
  parameters: ["minMs", "maxMs"],
  summary: "every value between two ends equally likely",
  make: uniform,
});
