import type { Distribution } from "../core/distribution.ts";
import { integrate } from "./integrate.ts";
import { mixtureParts, type SimplePart } from "./mixtureParts.ts";

/**
 * Survival function of the sum of two independent latencies, by quadrature.
 *
 * P(X + Y > x) is the integral of P(Y > x - X) over X <= x/2, plus the same with X and Y exchanged,
 * plus P(X > x/2) P(Y > x/2). Cut at the half, each integrand stays in its own tail, so that the
 * result is accurate relative to itself however small it is: 1e-9 where the quantile functions are
 * smooth between their breakpoints, about 1e-5 for empirical ones.
 *
 * @returns x -> P(X + Y > x)
 */
export function sumSurvival(first: Distribution, second: Distribution): (x: number) => number {
  const one = legOf(first);
  const other = first === second ? one : legOf(second);
  const floor = first.support[0] + second.support[0];
  return (x) => {
    if (x < floor) return 1;
    const both = first.survival(x / 2) * second.survival(x / 2);
    const part = belowHalf(one, other, x);
    const parts = one === other ? 2 * part : part + belowHalf(other, one, x);
    return Math.min(1, parts + both);
  };
}

/** A leg as the quadrature sees it. */
interface Leg {
  readonly survival: (x: number) => number;
  /** Where the survival function is not smooth. */
  readonly joints: readonly number[];
  readonly parts: readonly (SimplePart & { readonly joints: readonly number[] })[];
}

function legOf(distribution: Distribution): Leg {
  return {
    survival: (x) => distribution.survival(x),
    joints: joints(distribution),
    parts: mixtureParts(distribution).map((part) => ({
      ...part,
      joints: joints(part.distribution),
    })),
  };
}

/** Points at which the survival function is not smooth. */
function joints(distribution: Distribution): readonly number[] {
  const { breakpoints, support } = distribution;
  if (breakpoints === "everywhere") return [];
  const places = breakpoints.map((level) => distribution.upperQuantile(level));
  return [...places, ...support].filter((x) => Number.isFinite(x));
}

/**
 * P(X <= x/2, X + Y > x): for each part of X, the integral over the levels at which it lies below x/2.
 */
function belowHalf(inner: Leg, outer: Leg, x: number): number {
  let sum = 0;
  for (const part of inner.parts) {
    const { distribution } = part;
    const lowest = distribution.survival(x / 2);
    const levels = [...part.joints, ...outer.joints.map((joint) => x - joint)]
      .map((joint) => distribution.survival(joint))
      .filter((level) => level > lowest && level < 1);
    const cuts = [...new Set([lowest, ...levels, 1])].sort((a, b) => a - b);
    sum +=
      part.weight *
      integrate((level) => outer.survival(x - distribution.upperQuantile(level)), cuts);
  }
  return sum;
}
