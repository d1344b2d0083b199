import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { histogramQuantile } from "../../core/histogramQuantile.ts";
import { highEdge, logBins, lowEdge } from "../../core/logHistogram.ts";
import { proportion } from "../../core/proportion.ts";
import { randomStream } from "../../core/random.ts";
import { BinCounter, binOf, logHistogramOf, type SparseHistogram } from "./binCounter.ts";
import { boundedMean, meanOfRun, mergeMeans, noMean } from "./boundedMean.ts";
import { clusteredProportion, ratioEstimate } from "./clusteredEstimates.ts";
import {
  type ClusteredHistogram,
  clusteredQuantile,
  histogramOfRun,
  mergeHistograms,
  noHistogram,
} from "./clusteredHistogram.ts";
import {
  mergeRatios,
  noRatio,
  type RatioMoments,
  ratioOfRun,
  ratioVariance,
} from "./ratioMoments.ts";

type Random = ReturnType<typeof randomStream>;

/** Four standard errors of a coverage of 95 %. */
const tolerance = (replications: number) => 4 * Math.sqrt((0.95 * 0.05) / replications);

function binomial(random: Random, trials: number, p: number): number {
  let hits = 0;
  for (let i = 0; i < trials; i++) if (random.nextUniform() < p) hits++;
  return hits;
}

/** Moments of runs, each of which is drawn by a function. */
function runs(count: number, draw: () => readonly [number, number]): RatioMoments {
  let moments = noRatio;
  for (let i = 0; i < count; i++) moments = mergeRatios(moments, ratioOfRun(...draw()));
  return moments;
}

/** Share of replications in which an interval covers. */
function coverage(
  replications: number,
  truth: number,
  interval: () => { readonly low: number; readonly high: number } | null,
): number {
  let covered = 0;
  for (let i = 0; i < replications; i++) {
    const estimate = interval();
    if (estimate !== null && estimate.low <= truth && truth <= estimate.high) covered++;
  }
  return covered / replications;
}

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 })), {
  ...{ minLength: 2, maxLength: 20 },
});

describe("moments of ratios", () => {
  test("merged in any way they are those of all runs, and the variance is that of the residuals", () => {
    fc.assert(
      fc.property(pairs, fc.nat(20), (list, cut) => {
        const of = (part: typeof list) =>
          part.reduce((all, [y, x]) => mergeRatios(all, ratioOfRun(y, x)), noRatio);
        const whole = of(list);
        const merged = mergeRatios(of(list.slice(0, cut)), of(list.slice(cut)));
        for (const key of ["count", "x", "y", "xx", "xy", "yy"] as const) {
          expect(merged[key]).toBeCloseTo(whole[key], 6);
        }
        const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        const ratio = sum(list.map(([y]) => y)) / sum(list.map(([, x]) => x));
        const residuals = sum(list.map(([y, x]) => (y - ratio * x) ** 2));
        const n = list.length;
        const mean = sum(list.map(([, x]) => x)) / n;
        expect(ratioVariance(whole)).toBeCloseTo(residuals / (n - 1) / n / mean ** 2, 8);
      }),
    );
  });

  test("without a denominator there is no ratio, and one run bounds nothing", () => {
    expect(ratioEstimate(ratioOfRun(0, 0))).toBeNull();
    expect(clusteredProportion(noRatio)).toBeNull();
    expect(ratioEstimate(ratioOfRun(3, 2))).toMatchObject({ value: 1.5, low: 0, high: Infinity });
    expect(clusteredProportion(ratioOfRun(1, 4))).toMatchObject({ value: 0.25, low: 0, high: 1 });
  });

  test("a confidence out of range is refused", () => {
    expect(() => ratioEstimate(ratioOfRun(1, 1), { confidence: 1 })).toThrow(RangeError);
    expect(() => clusteredProportion(ratioOfRun(1, 1), { confidence: 0 })).toThrow(RangeError);
    expect(() => boundedMean(meanOfRun(1, 1), { confidence: 2 })).toThrow(RangeError);
    expect(() => clusteredQuantile(noHistogram, 0)).toThrow(RangeError);
  });
});

describe("intervals cover as often as they say where operations of a run are alike", () => {
  const replications = 4000;

  test("a ratio of totals: 4,000 samples of 100 runs whose numerators depend on their sizes", () => {
    const random = randomStream({ seed: 1, purpose: "ratio coverage" });
    // E[y] / E[x] = E[x e] / E[x] with e uniform in [0, 2), independent of x: 1.
    const draw = () => {
      const x = 1 + Math.floor(20 * random.nextUniform());
      return [x * 2 * random.nextUniform(), x] as const;
    };
    const share = coverage(replications, 1, () => ratioEstimate(runs(100, draw)));
    expect(Math.abs(share - 0.95)).toBeLessThan(tolerance(replications));
  });

  /** Reads of a run are stale with a chance of its own: from 0 to 40 %. */
  const overdispersed = (random: Random) => () => {
    const size = 10 + Math.floor(90 * random.nextUniform());
    const p = 0.4 * random.nextUniform();
    return [binomial(random, size, p), size] as const;
  };

  test.each([5, 30])("a proportion: 4,000 samples of %i runs", (count) => {
    const random = randomStream({ seed: 2, purpose: "proportion coverage", entity: count });
    const draw = overdispersed(random);
    const share = coverage(replications, 0.2, () => clusteredProportion(runs(count, draw)));
    expect(share).toBeGreaterThan(0.95 - tolerance(replications));
    expect(share).toBeLessThan(0.99);
  });

  test("the same, as if all reads were independent, covers far too seldom", () => {
    const random = randomStream({ seed: 2, purpose: "proportion coverage", entity: 30 });
    const draw = overdispersed(random);
    const share = coverage(replications, 0.2, () => {
      const { count, x, y } = runs(30, draw);
      const [hits, trials] = [Math.round(y * count), Math.round(x * count)];
      return proportion({ hits, trials });
    });
    expect(share).toBeLessThan(0.75);
  });

  test("a rare proportion: 1 run in 25 has an episode; 4,000 samples of 50 runs", () => {
    const random = randomStream({ seed: 3, purpose: "rare coverage" });
    const draw = () => {
      const isEpisode = random.nextUniform() < 0.04;
      return [isEpisode ? binomial(random, 100, 0.2) : 0, 100] as const;
    };
    const share = coverage(replications, 0.008, () => clusteredProportion(runs(50, draw)));
    expect(share).toBeGreaterThan(0.95 - tolerance(replications));
  });

  test("independent reads: hardly wider than if that were known", () => {
    const random = randomStream({ seed: 4, purpose: "independent reads" });
    const draw = () => [binomial(random, 200, 0.1), 200] as const;
    const moments = runs(100, draw);
    const { low, high } = clusteredProportion(moments)!;
    const hits = Math.round(moments.y * 100);
    const known = proportion({ hits, trials: 20_000 });
    expect(high - low).toBeGreaterThan(0.99 * (known.high - known.low));
    expect(high - low).toBeLessThan(1.5 * (known.high - known.low));
  });

  test("no hit in 100 runs: as if each were one trial", () => {
    const none = clusteredProportion(runs(100, () => [0, 1000]))!;
    expect(none).toMatchObject({ value: 0, low: 0 });
    expect(none.high).toBeCloseTo(1 - 0.025 ** (1 / 100), 12);
    const all = clusteredProportion(runs(100, () => [1000, 1000]))!;
    expect(all).toMatchObject({ value: 1, high: 1 });
    expect(all.low).toBeCloseTo(0.025 ** (1 / 100), 12);
  });

  test("one run bounds nothing, whatever it gave", () => {
    expect(boundedMean(meanOfRun(3, 8))).toMatchObject({ value: 3, low: 0, high: 8 });
    expect(boundedMean(meanOfRun(0, 8))).toMatchObject({ value: 0, low: 0, high: 8 });
    expect(boundedMean(meanOfRun(1, Infinity))).toMatchObject({ low: 0, high: Infinity });
    // Lost writes of a run that acknowledged none; writes in a second, of which no bound is known.
    expect(boundedMean(meanOfRun(0, 0))).toMatchObject({ low: 0, high: Infinity });
    expect(boundedMean(meanOfRun(7, 0))).toMatchObject({ value: 7, low: 0, high: Infinity });
  });

  test("runs that all agree may have been lucky", () => {
    const all = (runs: number, value: number, bound: number) => {
      const each = Array.from({ length: runs }, () => meanOfRun(value, bound));
      return boundedMean(each.reduce(mergeMeans, noMean))!;
    };
    // Garwood's interval of 2 events: 0.2422 to 7.2247.
    const failovers = all(2, 1, Infinity);
    expect(failovers).toMatchObject({ value: 1, trials: 2, method: "bounded" });
    expect(failovers.low).toBeCloseTo(0.2422 / 2, 4);
    expect(failovers.high).toBeCloseTo(7.2247 / 2, 4);
    const otherShare = 1 - 0.025 ** (1 / 10);
    expect(all(10, 4, 20).low).toBeCloseTo(4 * (1 - otherShare), 12);
    expect(all(10, 4, 20).high).toBeCloseTo(4 * (1 - otherShare) + 20 * otherShare, 12);
    expect(all(10, 4, 0)).toMatchObject({ value: 4, high: Infinity });
    expect(all(10, 0, 0)).toMatchObject({ low: 0, high: Infinity });
  });

  test("counts of few runs, whether they agree or not, are covered as often as Garwood says", () => {
    const random = randomStream({ seed: 11, purpose: "counts of two runs" });
    // Two runs of Poisson counts with mean 1, by inversion; where they differ it is Student's concern.
    const draw = () => {
      const level = random.nextUniform();
      let [count, term, sum] = [0, Math.exp(-1), Math.exp(-1)];
      while (sum < level && count < 50) sum += term /= ++count;
      return count;
    };
    let misses = 0;
    for (let i = 0; i < 4000; i++) {
      const moments = mergeMeans(meanOfRun(draw(), Infinity), meanOfRun(draw(), Infinity));
      if (moments.squares > 0) continue;
      const { low, high } = boundedMean(moments)!;
      if (low > 1 || high < 1) misses++;
    }
    expect(misses / 4000).toBeLessThan(0.05);
  });

  test("a mean of which all are 0 reaches to the bound times the chance of a run with more", () => {
    const none = (bound: number) =>
      Array.from({ length: 20 }).reduce<typeof noMean>(
        (all) => mergeMeans(all, meanOfRun(0, bound)),
        noMean,
      );
    expect(boundedMean(none(1000))!.high).toBeCloseTo(1000 * (1 - 0.025 ** (1 / 20)), 9);
    expect(boundedMean(none(Infinity))!.high).toBeCloseTo(-Math.log(0.025) / 20, 12);
    expect(boundedMean(noMean)).toBeNull();
    expect(
      ratioEstimate(
        runs(20, () => [0, 3]),
        { bound: 2 },
      )!.high,
    ).toBeCloseTo(2 * (1 - 0.025 ** (1 / 20)), 12);
    // At the edge, where a run is at the bound with the chance that the interval just excludes.
    const random = randomStream({ seed: 5, purpose: "bounded" });
    const p = 0.05;
    const share = coverage(4000, p, () => {
      let moments = noMean;
      for (let i = 0; i < 20; i++) {
        moments = mergeMeans(moments, meanOfRun(random.nextUniform() < p ? 1 : 0, 1));
      }
      return moments.mean === 0 ? boundedMean(moments) : { low: 0, high: 1 };
    });
    expect(share).toBe(1);
  });
});

/** Values of runs, with a mean of 1 or 4 for each run. */
function mixedRuns(random: Random, count: number): ClusteredHistogram {
  let all = noHistogram;
  const counter = new BinCounter();
  for (let run = 0; run < count; run++) {
    counter.reset();
    const mean = random.nextUniform() < 0.5 ? 1 : 4;
    for (let i = 0; i < 40; i++) counter.add(-mean * Math.log(random.nextUniform()));
    all = mergeHistograms(all, histogramOfRun(counter.histogram()));
  }
  return all;
}

describe("quantiles over runs", () => {
  test("400 samples of 30 runs: the interval covers, one for independent values does not", () => {
    // 0.5 e^-q + 0.5 e^(-q/4) = 0.1: with z = e^(-q/4), z^4 + z = 0.2.
    let z = 0.2;
    for (let i = 0; i < 50; i++) z = 0.2 - z ** 4;
    const truth = -4 * Math.log(z);
    const random = randomStream({ seed: 6, purpose: "quantile coverage" });
    const samples = Array.from({ length: 400 }, () => mixedRuns(random, 30));
    let next = 0;
    const share = coverage(400, truth, () => clusteredQuantile(samples[next++]!, 0.9));
    expect(share).toBeGreaterThan(0.95 - tolerance(400));
    expect(share).toBeLessThan(0.995);
    next = 0;
    const naive = coverage(400, truth, () =>
      histogramQuantile(logHistogramOf(samples[next++]!.histogram), 0.9),
    );
    expect(naive).toBeLessThan(0.75);
  });

  test("merged in any way, and where runs have nothing or zeros only, they are those of all runs", () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-8, max: 1e6, noNaN: true }));
    const sample = fc.array(fc.array(value, { maxLength: 8 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(sample, fc.nat(6), (list, cut) => {
        const of = (part: readonly (readonly number[])[]) =>
          part.reduce(
            (all, values) => mergeHistograms(all, histogramOfRun(histogramOf(values))),
            noHistogram,
          );
        const merged = mergeHistograms(of(list.slice(0, cut)), of(list.slice(cut)));
        for (const bin of [1, 129, 5000 - (4999 % 128), 20481, 40961 + 128 * 20]) {
          const below = list.map((values) => values.filter((v) => v < lowEdge(bin)).length);
          const squares = below.reduce((sum, y) => sum + y * y, 0);
          const products = below.reduce((sum, y, i) => sum + y * list[i]!.length, 0);
          expect(sumsAt(merged, (bin - 1) / 128)).toEqual([squares, products]);
        }
        expect(clusteredQuantile(merged, 0.5)?.trials ?? list.length).toBe(list.length);
      }),
    );
  });

  test("a value is at the quantile, within a bin; one run bounds nothing", () => {
    const one = histogramOfRun(histogramOf([1, 2, 3, 4, 5]));
    const { value, low, high } = clusteredQuantile(one, 0.5)!;
    expect(Math.abs(value - 3)).toBeLessThan(0.003);
    expect([low, high]).toEqual([0, Infinity]);
    expect(clusteredQuantile(noHistogram, 0.5)).toBeNull();
  });

  test("where all values are 0 each run is one trial", () => {
    const zeros = (count: number) =>
      Array.from({ length: count }).reduce<ClusteredHistogram>(
        (all) => mergeHistograms(all, histogramOfRun({ zeros: 50, bins: [], counts: [] })),
        noHistogram,
      );
    expect(clusteredQuantile(zeros(1000), 0.99)).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(clusteredQuantile(zeros(50), 0.99)).toMatchObject({ value: 0, low: 0, high: Infinity });
  });

  test("the bin of a value is the one whose edges are around it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e13, noNaN: true }), (value) => {
        const bin = binOf(value);
        expect(value).toBeGreaterThanOrEqual(lowEdge(bin));
        expect(value).toBeLessThan(highEdge(bin));
      }),
    );
    expect(binOf(Infinity)).toBe(logBins.count - 1);
  });
});

/** The histogram of some values. */
function histogramOf(values: readonly number[]): SparseHistogram {
  const counter = new BinCounter();
  for (const value of values) counter.add(value);
  return counter.histogram();
}

/** Sums over runs of squares and products at an edge, from the lists. */
function sumsAt(all: ClusteredHistogram, edge: number): [number, number] {
  const index = edge - all.firstEdge;
  if (index < 0) return [all.zeroSquares, all.zeroProducts];
  return [all.belowSquares[index] ?? all.squares, all.belowProducts[index] ?? all.squares];
}
