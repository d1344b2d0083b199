import type { Distribution } from "../core/distribution.ts";
import { refuse } from "../core/need.ts";
import { proportion } from "../core/proportion.ts";
import type { Measure } from "./measure.ts";

/** A point of a cumulative curve. */
export interface CumulativePoint {
  readonly x: number;
  readonly y: Measure;
}

interface PointRequest {
  readonly where: string;
  /** Name of the curve, for errors. */
  readonly curve: string;
  /** Share above x instead of at or below it. */
  readonly above: boolean;
  /** Smallest share above that is wanted. */
  readonly smallestShare: number;
  readonly confidence: number;
}

/** Points at even ranks, and as many at even steps of the logarithm of the tail. */
const pointsOfKind = 150;

/** Points of the empirical distribution, each with the interval of its share. */
export function pointsOfSamples(
  samples: ArrayLike<number>,
  request: PointRequest,
): CumulativePoint[] {
  const { where, curve, above, smallestShare, confidence } = request;
  const sorted = Float64Array.from(samples).sort();
  const trials = sorted.length;
  if (trials === 0)
    refuse(where, `curves ${JSON.stringify(curve)}`, "at least one sample", samples);
  const wrong = sorted.find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    refuse(where, `samples of ${JSON.stringify(curve)}`, "finite numbers", wrong);
  const ranks = sharesAbove(above ? smallestShare : 1 / trials).map((share) =>
    Math.round(trials * (1 - share)),
  );
  const values = [0, ...ranks, trials - 1]
    .filter((rank) => rank < trials)
    .map((rank) => sorted[rank]!);
  return [...new Set(values)]
    .sort((a, b) => a - b)
    .map((x) => {
      const atOrBelow = countAtOrBelow(sorted, x);
      const hits = above ? trials - atOrBelow : atOrBelow;
      const { value, low, high } = proportion({ hits, trials, confidence });
      return { x, y: { value, low, high } };
    });
}

/** Points of a distribution, without error. */
export function pointsOfDistribution(
  distribution: Distribution,
  request: PointRequest,
): CumulativePoint[] {
  const [smallest, largest] = distribution.support;
  const shares = [1, ...sharesAbove(request.above ? request.smallestShare : 1e-3)];
  const inner = shares.map((share) => distribution.upperQuantile(share));
  const xs = [smallest, ...inner, largest].filter(Number.isFinite);
  return [...new Set(xs)]
    .sort((a, b) => a - b)
    .map((x) => ({
      x,
      y: { value: request.above ? distribution.survival(x) : distribution.cdf(x) },
    }));
}

/** Shares at which a curve is drawn: evenly from 1 to 0, and evenly in the logarithm. */
function sharesAbove(smallestShare: number): number[] {
  const steps = Array.from({ length: pointsOfKind }, (_, index) => (index + 0.5) / pointsOfKind);
  return [...steps, ...steps.map((step) => smallestShare ** step), smallestShare].filter(
    (s) => s < 1,
  );
}

/** Number of sorted values at or below x, by bisection. */
function countAtOrBelow(sorted: Float64Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
