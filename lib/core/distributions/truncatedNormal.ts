import type { Distribution } from "../distribution.ts";
import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord, refuse } from "../need.ts";
import { invertTail, quantilesFromTails } from "../special/invertTail.ts";
import { normalDensity, normalSurvival, normalUpperQuantile } from "../special/normal.ts";
import { normalInterval } from "../special/normalInterval.ts";
import { defineDistribution } from "./define.ts";
import { type DistributionFamily, plainFamily } from "./family.ts";

/** Parameters of `truncatedNormal`. */
export interface TruncatedNormal {
  /** Mean before truncation, ms (or a text); may be a negative number. */
  readonly meanMs: Duration;
  /** Standard deviation before truncation, ms (or a text), > 0. */
  readonly sdMs: Duration;
  /** Smallest value, ms (or a text), >= 0; 0 if left out. */
  readonly minMs?: Duration;
  /** Largest value, ms (or a text), > `minMs`; no limit if left out. */
  readonly maxMs?: Duration;
}

/**
 * Normal distribution, given that the value lies between two limits.
 *
 * `meanMs` and `sdMs` are those of the normal distribution; the property `mean` of the result is the
 * mean after truncation. Quantiles are found by Newton's method inside a bracket.
 *
 * @param parameters `meanMs`, `sdMs` > 0, and the limits, by default 0 and none
 * @throws {RangeError} if a parameter is out of range, the limits are not in order, or so far from
 * the mean that the probability between them is below the smallest double
 * @example
 * truncatedNormal({ meanMs: 1, sdMs: 2 }).mean; // => 2.01832...
 */
export function truncatedNormal(parameters: TruncatedNormal): Distribution {
  const checked = needTruncated(parameters);
  const { meanMs, sdMs, minMs, maxMs } = checked;
  const from = (minMs - meanMs) / sdMs;
  const to = (maxMs - meanMs) / sdMs;
  const mass = normalInterval({ from, to, width: (maxMs - minMs) / sdMs, per: 1 });
  if (!(mass > 0)) refuse("truncatedNormal", "the limits", "within 37 sdMs of meanMs", parameters);
  const score = (x: number) => (x - meanMs) / sdMs;
  const pdf = (x: number) => normalDensity(score(x)) / mass / sdMs;
  const cdf = (x: number) =>
    normalInterval({ from, to: score(x), width: (x - minMs) / sdMs, per: mass });
  const survival = (x: number) =>
    normalInterval({ from: score(x), to, width: (maxMs - x) / sdMs, per: mass });
  const guessLower = (p: number) =>
    clamp(meanMs - sdMs * normalUpperQuantile(normalSurvival(-from) + p * mass), minMs, maxMs);
  const guessUpper = (s: number) =>
    clamp(meanMs + sdMs * normalUpperQuantile(normalSurvival(to) + s * mass), minMs, maxMs);
  const bounds = { density: pdf, low: minMs, high: maxMs, floor: minMs };
  return defineDistribution({
    spec: { kind: "truncatedNormal", ...checked.given },
    text: describe(checked),
    mean: meanMs + (sdMs * densityDrop(from, to, (maxMs - minMs) / sdMs)) / mass,
    support: [minMs, maxMs],
    pdf,
    cdf,
    survival,
    ...quantilesFromTails(
      (p) => invertTail({ ...bounds, side: "lower", tail: cdf, level: p, start: guessLower(p) }),
      (s) =>
        invertTail({ ...bounds, side: "upper", tail: survival, level: s, start: guessUpper(s) }),
    ),
  });
}

/** The truncated normal distribution in the registry. */
export const truncatedNormalFamily: DistributionFamily = plainFamily<TruncatedNormal>({
  kind: "truncatedNormal",
  parameters: ["meanMs", "sdMs", "minMs", "maxMs"],
  summary: "normal between two limits, by default 0 and none; mean and sd are those before",
  make: truncatedNormal,
});

interface Checked {
  readonly meanMs: number;
  readonly sdMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Plain data: limits only where they were given, since JSON knows no infinity. */
  readonly given: Readonly<Record<string, number>>;
}

function needTruncated(parameters: TruncatedNormal): Checked {
  const where = "truncatedNormal";
  const raw = needRecord(where, "parameters", parameters);
  const meanMs =
    typeof raw.meanMs === "string"
      ? needDurationMs(where, "meanMs", raw.meanMs)
      : needNumber(where, "meanMs", raw.meanMs, { min: -1e300, max: 1e300, unit: "ms" });
  const sdMs = needDurationMs(where, "sdMs", raw.sdMs, { positive: true });
  const minMs = raw.minMs === undefined ? 0 : needDurationMs(where, "minMs", raw.minMs);
  const unlimited = raw.maxMs === undefined || raw.maxMs === Infinity;
  const maxMs = unlimited ? Infinity : needDurationMs(where, "maxMs", raw.maxMs);
  if (maxMs <= minMs) refuse(where, "maxMs", `> minMs, which is ${minMs} ms`, raw.maxMs);
  const given = {
    ...{ meanMs, sdMs },
    ...(raw.minMs !== undefined && { minMs }),
    ...(!unlimited && { maxMs }),
  };
  return { meanMs, sdMs, minMs, maxMs, given };
}

function describe({ meanMs, sdMs, minMs, maxMs }: Checked): string {
  const limits =
    maxMs === Infinity
      ? `from ${formatDuration(minMs)}`
      : `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return `truncatedNormal(mean ${formatDuration(meanMs)}, sd ${formatDuration(sdMs)}, ${limits})`;
}

/** Density at `from` minus density at `to`, without cancellation where they are alike. */
function densityDrop(from: number, to: number, width: number): number {
  if (to === Infinity) return normalDensity(from);
  const exponent = (width * (from + to)) / 2;
  return Math.abs(from) <= Math.abs(to)
    ? -normalDensity(from) * Math.expm1(-exponent)
    : normalDensity(to) * Math.expm1(exponent);
}

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
