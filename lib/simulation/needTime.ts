import type { Distribution, DistributionSpec } from "../core/distribution.ts";
import { constant } from "../core/distributions/constant.ts";
import { distributionFromJson } from "../core/distributions/registry.ts";
import { type Duration, needDurationMs } from "../core/duration.ts";
import { refuse } from "../core/need.ts";

/** A length of time: always the same (ms, or a text such as `"5 s"`), or drawn from a distribution. */
export type TimeSpec = Duration | DistributionSpec;

/**
 * The distribution that a `TimeSpec` stands for; a fixed time is a constant.
 *
 * @throws {RangeError} naming `where` and `field` if it is none, or can be negative; the complaint of
 * the distribution itself is quoted
 */
export function needTime(
  where: string,
  field: string,
  value: unknown,
  { positive = false }: { positive?: boolean } = {},
): Distribution {
  const isFixed = typeof value === "number" || typeof value === "string";
  const time = isFixed
    ? constant({ valueMs: needDurationMs(where, field, value, { positive }) })
    : read(where, field, value);
  if (time.support[0] < 0) refuse(where, field, "a distribution without negative values", value);
  if (positive && time.mean === 0) refuse(where, field, "more than 0 ms on average", value);
  return time;
}

function read(where: string, field: string, value: unknown): Distribution {
  try {
    return distributionFromJson(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(where, field, `a time or a distribution of times (${error.message})`, value);
  }
}
