import type { Distribution } from "../core/distribution.ts";
import { integrate } from "./integrate.ts";

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
  const jointsFirst = joints(first);
  const jointsSecond = first === second ? jointsFirst : joints(second);
  const floor = first.support[0] + second.support[0];
  return (x) => {
    if (x < floor) return 1;
    const half = x / 2;
    const both = first.survival(half) * second.survival(half);
    const part = belowHalf(first, jointsFirst, second, jointsSecond, x);
    if (first === second) return Math.min(1, 2 * part + both);
    return Math.min(1, part + belowHalf(second, jointsSecond, first, jointsFirst, x) + both);
  };
}

/** Points at which the survival function is not smooth. */
function joints(distribution: Distribution): readonly number[] {
  const { breakpoints, support } = distribution;
  if (breakpoints === "everywhere") return [];
  const places = breakpoints.map((level) => distribution.upperQuantile(level));
  return [...places, ...support].filter((x) => Number.isFinite(x));
}

/** P(X <= x/2, X + Y > x): the integral over the levels at which X lies below x/2. */
function belowHalf(
  inner: Distribution,
  innerJoints: readonly number[],
  outer: Distribution,
  outerJoints: readonly number[],
  x: number,
): number {
  const lowest = inner.survival(x / 2);
  const levels = [...innerJoints, ...outerJoints.map((joint) => x - joint)]
    .map((joint) => inner.survival(joint))
    .filter((level) => level > lowest && level < 1);
  const cuts = [...new Set([lowest, ...levels, 1])].sort((a, b) => a - b);
  return integrate((level) => outer.survival(x - inner.upperQuantile(level)), cuts);
}
