import { needInteger, needNumber } from "../core/need.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { binomialCdf } from "../core/special/incompleteBeta.ts";

/** How a t-visibility is read off counted trials at the points of a grid. */
export interface GridRule {
  /** Probability of a stale read at a time, ms, after the commit: the true curve. */
  readonly staleAt: (atMs: number) => number;
  /** Probability, in (0, 1), of a fresh read that is asked for. */
  readonly visibility: number;
  /** Independent trials at each point of the grid, integer >= 1. */
  readonly trialsAPoint: number;
  /** Distance of the points of the grid, ms, > 0. */
  readonly stepMs: number;
  /** How often the whole procedure is repeated, integer >= 1. */
  readonly runs: number;
  /** Seed of the counts, integer >= 0. */
  readonly seed: number;
}

/** Points of the grid after which the search is given up. */
const pointsMax = 1_000_000;

/**
 * What t-visibility comes out as, in each of several runs, if it is read off a grid: the first point
 * at which the share of fresh reads among new, independent trials is high enough.
 *
 * The first crossing of a noisy curve comes before the crossing of the curve: this is why published
 * t-visibilities are low, by 3 to 13 %. Counts are drawn from the binomial distribution.
 *
 * @returns one time a run, ms, in the order of the runs
 * @throws {RangeError} if a field is out of range, or a run meets no such point among a million
 */
export function gridVisibility(rule: GridRule): number[] {
  const where = "gridVisibility";
  needNumber(where, "visibility", rule.visibility, {
    min: 0,
    max: 1,
    exclusiveMin: true,
    exclusiveMax: true,
  });
  needInteger(where, "trialsAPoint", rule.trialsAPoint, { min: 1 });
  const positive = { min: 0, exclusiveMin: true, exclusiveMax: true };
  needNumber(where, "stepMs", rule.stepMs, { ...positive, unit: "ms" });
  needInteger(where, "runs", rule.runs, { min: 1 });
  const passes = remembered((point) => passProbability(rule, point * rule.stepMs));
  return Array.from({ length: rule.runs }, (_, entity) => {
    const random = randomStream({ seed: rule.seed, purpose: "grid", entity });
    return firstCrossing(passes, random) * rule.stepMs;
  });
}

/** Probability that the share of fresh reads counted at a time is high enough. */
function passProbability({ staleAt, visibility, trialsAPoint }: GridRule, atMs: number): number {
  // A millionth of a count absorbs the rounding of 1 - visibility.
  const most = Math.floor((1 - visibility) * trialsAPoint + 1e-6);
  return binomialCdf(most, { trials: trialsAPoint, p: staleAt(atMs) });
}

/** A function of the number of the point, computed once for each. */
function remembered(compute: (point: number) => number): (point: number) => number {
  const known: number[] = [];
  return (point) => {
    known[point] ??= compute(point);
    return known[point]!;
  };
}

/** Number of the first point that passes. */
function firstCrossing(passes: (point: number) => number, random: RandomStream): number {
  for (let point = 0; point < pointsMax; point++) {
    if (random.nextUniform() < passes(point)) return point;
  }
  return needInteger("gridVisibility", "points of the grid", Infinity, { min: 1, max: pointsMax });
}
