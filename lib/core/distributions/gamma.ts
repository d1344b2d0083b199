import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord } from "../need.ts";
import { gammaQuantile } from "../special/gammaQuantile.ts";
import { gammaTerm, incompleteGamma } from "../special/incompleteGamma.ts";
import { quantilesFromTails } from "../special/invertTail.ts";
import { defineDistribution, shortNumber } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `gamma`. */
export interface Gamma {
  /** Shape, > 0; an integer k makes it the sum of k exponentials (Erlang). */
  readonly shape: number;
  /** Scale, ms (or a text), > 0: the mean is shape times scale. */
  readonly scaleMs: Duration;
}

/**
 * Gamma distribution; with an integer shape, the sum of so many exponentials of mean `scaleMs`.
 *
 * @param parameters `shape`, in [0.001, 1e6]; `scaleMs`, > 0, in ms or a text such as `"5 ms"`
 * @throws {RangeError} if a parameter is out of range
 * @example
 * gamma({ shape: 2, scaleMs: 5 }).survival(20); // => 0.09157819...
 */
export function gamma(parameters: Gamma): Distribution {
  const given = needRecord("gamma", "parameters", parameters);
  const shape = needNumber("gamma", "shape", given.shape, { min: 0.001, max: 1e6 });
  const scaleMs = needDurationMs("gamma", "scaleMs", given.scaleMs, { positive: true });
  return defineDistribution({
    spec: { kind: "gamma", shape, scaleMs },
    text: `gamma(shape ${shortNumber(shape)}, scale ${formatDuration(scaleMs)})`,
    mean: shape * scaleMs,
    support: [0, Infinity],
    pdf: (x) => density(shape, x / scaleMs) / scaleMs,
    cdf: (x) => incompleteGamma(shape, x / scaleMs).lower,
    survival: (x) => incompleteGamma(shape, x / scaleMs).upper,
    ...quantilesFromTails(
      (p) => scaleMs * gammaQuantile(shape, { lower: p }),
      (s) => scaleMs * gammaQuantile(shape, { upper: s }),
    ),
  });
}

/** Density for scale 1; at 0 it is zero, one or infinite. */
function density(shape: number, x: number): number {
  if (x === 0) return shape > 1 ? 0 : shape === 1 ? 1 : Infinity;
  return (shape / x) * gammaTerm(shape, x);
}

/** The gamma distribution in the registry. */
export const gammaFamily: DistributionFamily = plainFamily<Gamma>({
  kind: "gamma",
  parameters: ["shape", "scaleMs"],
  summary: "with an integer shape, the sum of so many exponentials",
  make: gamma,
});
