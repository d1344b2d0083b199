import type { Distribution } from "../distribution.ts";
import { invertTail } from "../special/invertTail.ts";

/** Both tails of a mixture, and the parts that they are made of. */
export interface MixtureTails {
  readonly parts: readonly { readonly weight: number; readonly distribution: Distribution }[];
  readonly cdf: (x: number) => number;
  readonly survival: (x: number) => number;
  /** Density of the parts that have one. */
  readonly density: (x: number) => number;
  /** Lower end of the support. */
  readonly floor: number;
}

/**
 * The smallest x with survival(x) <= s.
 *
 * A part alone has w S_i(x) > s before its own quantile at s / w, so the mixture's lies beyond; and
 * where every part is at most s, so is the mixture.
 */
export function upperQuantile(
  { parts, survival, density, floor }: MixtureTails,
  s: number,
): number {
  let low = 0;
  let high = 0;
  for (const { weight, distribution } of parts) {
    low = Math.max(low, distribution.upperQuantile(Math.min(1, s / weight)));
    high = Math.max(high, distribution.upperQuantile(s));
  }
  const bounds = { low, high, start: low, floor };
  return invertTail({ ...bounds, side: "upper", tail: survival, density, level: s });
}

/** The smallest x with cdf(x) >= p: a part alone reaches p at its own quantile at p / w. */
export function lowerQuantile({ parts, cdf, density, floor }: MixtureTails, p: number): number {
  let low = Infinity;
  let all = 0;
  let alone = Infinity;
  for (const { weight, distribution } of parts) {
    low = Math.min(low, distribution.quantile(p));
    all = Math.max(all, distribution.quantile(p));
    if (weight >= p) alone = Math.min(alone, distribution.quantile(Math.min(1, p / weight)));
  }
  const high = Math.min(all, alone);
  const bounds = { low, high, start: high, floor };
  return invertTail({ ...bounds, side: "lower", tail: cdf, density, level: p });
}
