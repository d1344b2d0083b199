import { defaultConfidence, type Estimate, needConfidence } from "../../core/estimate.ts";
import { logBins, valueOfRank } from "../../core/logHistogram.ts";
import type { IntervalOptions } from "../../core/meanEstimate.ts";
import { needNumber } from "../../core/need.ts";
import { rankInterval } from "../../core/rankInterval.ts";
import { addSparse, binOf, logHistogramOf, type SparseHistogram } from "./binCounter.ts";
import { fewRunsFactor } from "./clusteredEstimates.ts";

/** Bins between two edges at which the variance between runs is known: eight edges to a doubling. */
const binsPerEdge = logBins.perDoubling / 8;

/**
 * Values of independent runs by size, with what is needed to know how much runs differ: sums over runs
 * of the square of the number of values below an edge, and of its product with the number of all. Plain
 * data; those of parts add up.
 */
export interface ClusteredHistogram {
  readonly runs: number;
  readonly histogram: SparseHistogram;
  /** Sum over runs of the squared number of values. */
  readonly squares: number;
  /** Sums over runs of zeros squared, and of zeros times values. */
  readonly zeroSquares: number;
  readonly zeroProducts: number;
  /** Edge of the first entries of the lists; values below all of them are zeros only. */
  readonly firstEdge: number;
  /** By edge; behind the last one all values of all runs are below. */
  readonly belowSquares: readonly number[];
  readonly belowProducts: readonly number[];
}

/** Of no run. */
export const noHistogram: ClusteredHistogram = {
  ...{
    runs: 0,
    histogram: { zeros: 0, bins: [], counts: [] },
    squares: 0,
    zeroSquares: 0,
    zeroProducts: 0,
  },
  ...{ firstEdge: 0, belowSquares: [], belowProducts: [] },
};

/** Of one run. */
export function histogramOfRun(histogram: SparseHistogram): ClusteredHistogram {
  const { zeros, bins, counts } = histogram;
  const size = sizeOf(histogram);
  const firstEdge = edgeAtOrBelow(bins[0] ?? 0) + 1;
  const belowSquares: number[] = [];
  const belowProducts: number[] = [];
  let below = zeros;
  for (const [index, bin] of bins.entries()) {
    while (bin >= firstBinFrom(firstEdge + belowSquares.length)) {
      belowSquares.push(below * below);
      belowProducts.push(below * size);
    }
    below += counts[index]!;
  }
  const zeroProducts = zeros * size;
  return {
    ...{ runs: 1, histogram, squares: size * size, zeroSquares: zeros * zeros, zeroProducts },
    ...{ firstEdge, belowSquares, belowProducts },
  };
}

/** Of the runs of both. */
export function mergeHistograms(a: ClusteredHistogram, b: ClusteredHistogram): ClusteredHistogram {
  if (a.runs === 0) return b;
  if (b.runs === 0) return a;
  const [firstEdge, length] = union(a, b);
  const edges = Array.from({ length }, (_, i) => firstEdge + i);
  return {
    runs: a.runs + b.runs,
    histogram: addSparse(a.histogram, b.histogram),
    squares: a.squares + b.squares,
    zeroSquares: a.zeroSquares + b.zeroSquares,
    zeroProducts: a.zeroProducts + b.zeroProducts,
    firstEdge,
    belowSquares: edges.map((edge) => below(a, edge).squares + below(b, edge).squares),
    belowProducts: edges.map((edge) => below(a, edge).products + below(b, edge).products),
  };
}

/**
 * Quantile of values of operations, from independent runs within which they depend on each other;
 * `null` if there was none.
 *
 * How much the share of values below the quantile differs between runs says how many independent values
 * would know as much (at most as many as there were). The interval lies between the order statistics
 * that would bound the quantile of so many, as in `clusteredProportion` reduced for few runs. One run
 * bounds nothing.
 *
 * @param p probability to the left of the quantile, in (0, 1)
 * @throws {RangeError} if `p` or the confidence is out of range
 * @see Woodruff, Confidence Intervals for Medians and Other Position Measures, JASA 47, 1952
 */
export function clusteredQuantile(
  clustered: ClusteredHistogram,
  p: number,
  options: IntervalOptions = {},
): Estimate | null {
  const where = "clusteredQuantile";
  needNumber(where, "p", p, { min: 0, max: 1, exclusiveMin: true, exclusiveMax: true });
  const confidence = needConfidence(where, options.confidence ?? defaultConfidence);
  const { runs } = clustered;
  const size = sizeOf(clustered.histogram);
  if (size === 0) return null;
  const histogram = logHistogramOf(clustered.histogram);
  const value = valueOfRank(histogram, Math.max(1, Math.ceil(size * p))).middle;
  const shared = { value, confidence, trials: runs, method: "woodruff" } as const;
  if (runs < 2) return { ...shared, low: 0, high: Number.POSITIVE_INFINITY };
  const effective = (size / designEffect(clustered, p, value)) * fewRunsFactor(runs, confidence);
  const trials = Math.max(1, Math.floor(effective));
  const ranks = rankInterval({ trials, p, confidence });
  const lowRank = Math.floor((ranks.low * size) / trials);
  const highRank = ranks.high > trials ? size + 1 : Math.ceil((ranks.high * size) / trials);
  return {
    ...shared,
    low: lowRank < 1 ? 0 : valueOfRank(histogram, lowRank).low,
    high: valueOfRank(histogram, highRank).high,
  };
}

/**
 * Variance of the share of values below a point, relative to that of independent values, at least 1:
 * at the edge near the quantile whose share is closest to `p`. Where all are on one side of the edges
 * nothing is known; then the values of a run count as one.
 */
function designEffect(clustered: ClusteredHistogram, p: number, value: number): number {
  const { histogram, runs, squares } = clustered;
  const size = sizeOf(histogram);
  const edge = edgeAtOrBelow(value === 0 ? 0 : binOf(value));
  const sides = [-1, edge, edge + 1].map((each) => {
    const share = (each < 0 ? histogram.zeros : countBelow(histogram, each)) / size;
    return { share, ...below(clustered, each) };
  });
  const known = sides.filter(({ share }) => share > 0 && share < 1);
  if (known.length === 0) return size / runs;
  const near = known.reduce((a, b) => (Math.abs(b.share - p) < Math.abs(a.share - p) ? b : a));
  const { share } = near;
  const residuals = near.squares - 2 * share * near.products + share * share * squares;
  const variance = ((Math.max(0, residuals) / size) * runs) / (runs - 1) / size;
  return Math.max(1, variance / ((share * (1 - share)) / size));
}

function sizeOf({ zeros, counts }: SparseHistogram): number {
  return counts.reduce((sum, count) => sum + count, zeros);
}

/** Edge number at or below the lower end of a bin; -1 for bin 0, which has no lower edge. */
function edgeAtOrBelow(bin: number): number {
  return bin === 0 ? -1 : Math.floor((bin - 1) / binsPerEdge);
}

/** The bin that begins at an edge. */
function firstBinFrom(edge: number): number {
  return 1 + edge * binsPerEdge;
}

/** Number of values below an edge. */
function countBelow({ zeros, bins, counts }: SparseHistogram, edge: number): number {
  const end = firstBinFrom(edge);
  return bins.reduce((sum, bin, i) => (bin < end ? sum + counts[i]! : sum), zeros);
}

/** Sums over runs at an edge; at -1 those of zeros. */
function below(clustered: ClusteredHistogram, edge: number): { squares: number; products: number } {
  const { squares, zeroSquares, zeroProducts, firstEdge, belowSquares, belowProducts } = clustered;
  if (edge < firstEdge || edge < 0) return { squares: zeroSquares, products: zeroProducts };
  const index = edge - firstEdge;
  // Behind the last edge all values of a run are below.
  return { squares: belowSquares[index] ?? squares, products: belowProducts[index] ?? squares };
}

/** First edge and number of edges of two lists together; empty lists have no place. */
function union(a: ClusteredHistogram, b: ClusteredHistogram): readonly [number, number] {
  const ends = [a, b].filter(({ histogram }) => histogram.bins.length > 0);
  if (ends.length === 0) return [0, 0];
  const first = Math.min(...ends.map(({ firstEdge }) => firstEdge));
  const end = Math.max(
    ...ends.map(({ firstEdge, belowSquares: { length } }) => firstEdge + length),
  );
  return [first, end - first];
}
