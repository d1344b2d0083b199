import { normalDensity, normalSurvival } from "./normal.ts";

/** An interval on the axis of the standard normal distribution. */
export interface NormalInterval {
  /** Lower end; may be `-Infinity`. */
  readonly from: number;
  /** Upper end; may be `Infinity`. */
  readonly to: number;
  /** `to - from`, given apart so that it can be exact where both ends are rounded. */
  readonly width: number;
  /** The probability is divided by this: the condition's own probability, or 1. */
  readonly per: number;
}

/**
 * P(from < Z < to) / per of the standard normal distribution, accurate in relative terms also where
 * the ends are close together or both far out.
 */
export function normalInterval({ from, to, width, per }: NormalInterval): number {
  if (!(width > 0)) return 0;
  // By symmetry the end farther out is the upper one, whose tails do not cancel.
  if (-from > to) return normalInterval({ from: -to, to: -from, width, per });
  if (width * Math.max(1, to) >= 1) return (normalSurvival(from) - normalSurvival(to)) / per;
  // In this order the product of a small width and a small density does not underflow.
  const centre = (from + to) / 2;
  return width * ((normalDensity(centre) / per) * meanRatio(centre, width / 2));
}

/**
 * Mean of the density over an interval, relative to the density at its centre, by Gauss-Legendre with
 * pairs of nodes together; the density changes by less than a factor of e.
 */
function meanRatio(centre: number, half: number): number {
  let sum = 0;
  for (const [node, weight] of gaussLegendre) {
    const offset = half * node;
    sum += weight * Math.exp(-0.5 * offset * offset) * Math.cosh(centre * offset);
  }
  return sum;
}

/** Positive nodes and weights of the rule with 12 points (computed with mpmath, 40 digits). */
const gaussLegendre: readonly (readonly [number, number])[] = [
  [0.1252334085114689, 0.24914704581340277],
  [0.3678314989981802, 0.2334925365383548],
  [0.5873179542866175, 0.20316742672306592],
  [0.7699026741943047, 0.16007832854334622],
  [0.9041172563704749, 0.10693932599531843],
  [0.9815606342467192, 0.04717533638651183],
];
