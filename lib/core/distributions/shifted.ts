import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { defineDistribution } from "./define.ts";
import type { DistributionFamily } from "./family.ts";

/**
 * The sum of a random quantity and a constant, for example a processing time and a distance.
 *
 * @param distribution of the random part
 * @param byMs the constant, >= 0, in ms or a text such as `"5 ms"`
 * @throws {RangeError} if the constant is negative or not finite
 * @example
 * shifted(exponential({ meanMs: 3 }), "2 ms").mean; // => 5
 */
export function shifted(distribution: Distribution, byMs: Duration): Distribution {
  const by = needDurationMs("shifted", "byMs", byMs);
  const { pdf, support } = distribution;
  return defineDistribution({
    spec: { kind: "shifted", byMs: by, distribution: distribution.spec },
    text: `shifted(${distribution}, by ${formatDuration(by)})`,
    mean: distribution.mean + by,
    support: [support[0] + by, support[1] + by],
    breakpoints: distribution.breakpoints,
    ...(pdf && { pdf: (x: number) => pdf(x - by) }),
    cdf: (x) => distribution.cdf(x - by),
    survival: (x) => distribution.survival(x - by),
    quantile: (p) => distribution.quantile(p) + by,
    upperQuantile: (s) => distribution.upperQuantile(s) + by,
  });
}

/** The sum with a constant in the registry. */
export const shiftedFamily: DistributionFamily = {
  kind: "shifted",
  parameters: ["distribution", "byMs"],
  summary: "another distribution plus a constant",
  read: ({ distribution, byMs }, nested) =>
    shifted(nested(distribution, "distribution"), byMs as Duration),
};
