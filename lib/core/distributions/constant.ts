import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needRecord } from "../need.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `constant`. */
export interface Constant {
  /** The only value, ms (or a text), >= 0. */
  readonly valueMs: Duration;
}

/**
 * A quantity that is always the same. A draw takes a uniform all the same, so that replacing it by
 * another distribution leaves the draws after it alone.
 *
 * @param parameters `valueMs`, >= 0, in ms or a text such as `"5 ms"`
 * @throws {RangeError} if the value is negative or not finite
 * @example
 * constant({ valueMs: "5 ms" }).survival(4.9); // => 1
 */
export function constant(parameters: Constant): Distribution {
  const given = needRecord("constant", "parameters", parameters);
  const valueMs = needDurationMs("constant", "valueMs", given.valueMs);
  return defineDistribution({
    spec: { kind: "constant", valueMs },
    text: `constant(${formatDuration(valueMs)})`,
    mean: valueMs,
    support: [valueMs, valueMs],
    cdf: () => 1,
    survival: () => 0,
    quantile: () => valueMs,
    upperQuantile: () => valueMs,
  });
}

/** The constant in the registry. */
export const constantFamily: DistributionFamily = plainFamily<Constant>({
  kind: "constant",
  parameters: ["valueMs"],
  summary: "always the same value",
  make: constant,
});
