import fc from "fast-check";
import { expect, test } from "vitest";
import { histogramQuantile } from "./histogramQuantile.ts";
import {
  addHistograms,
  emptyHistogram,
  highEdge,
  type LogHistogram,
  logBins,
  logHistogram,
  lowEdge,
  valueOfRank,
} from "./logHistogram.ts";
import { quantileEstimate } from "./quantileEstimate.ts";
import { rankInterval } from "./rankInterval.ts";

/** Bin of a value by search, the definition. */
function binOf(value: number): number {
  let low = 0;
  let high: number = logBins.count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lowEdge(middle) <= value) low = middle;
    else high = middle;
  }
  return low;
}

function histogramOf(values: readonly number[]): LogHistogram {
  const bins = new Float64Array(logBins.count);
  for (const value of values) bins[binOf(Math.max(0, value))]!++;
  return logHistogram(bins, values.filter((value) => value <= 0).length);
}

test("edges rise by at most a part in 1,024, from 2^-20 to 2^40, without gaps", () => {
  expect(lowEdge(0)).toBe(0);
  expect(lowEdge(1)).toBe(2 ** -20);
  expect(lowEdge(logBins.count - 1)).toBe(2 ** 40);
  expect(highEdge(logBins.count - 1)).toBe(Number.POSITIVE_INFINITY);
  let widest = 0;
  for (let bin = 1; bin < logBins.count - 1; bin++) {
    if (highEdge(bin) !== lowEdge(bin + 1)) expect.fail(`a gap after bin ${bin}`);
    widest = Math.max(widest, highEdge(bin) / lowEdge(bin) - 1);
  }
  expect(widest).toBeCloseTo(1 / 1024, 12);
});

// Few different values, so that ties, zeros and both outer bins occur.
const value = fc.oneof(
  fc.constantFrom(0, 1e-9, 1, 1.0005, 2 ** 41),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);
const sample = fc.array(value, { minLength: 1, maxLength: 60 });

test("every rank lies in the bin of its value", () => {
  fc.assert(
    fc.property(sample, (values) => {
      const histogram = histogramOf(values);
      [...values]
        .sort((a, b) => a - b)
        .forEach((x, i) => {
          const { low, high, middle } = valueOfRank(histogram, i + 1);
          expect(low <= x && (x < high || (x === 0 && high === 0))).toBe(true);
          expect(low <= middle && middle <= high).toBe(true);
        });
    }),
  );
});

test("histograms of parts add up to that of the whole", () => {
  // As text: histograms from 0 to 2^41 have 61,442 entries, which `toEqual` would take seconds for.
  const text = (histogram: LogHistogram) => JSON.stringify(histogram);
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const whole = text(histogramOf([...a, ...b]));
      expect(text(addHistograms(histogramOf(a), histogramOf(b))) === whole).toBe(true);
      expect(text(addHistograms(emptyHistogram, histogramOf([...a, ...b]))) === whole).toBe(true);
      expect(text(addHistograms(histogramOf([...a, ...b]), emptyHistogram)) === whole).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("a quantile's interval holds that of the sorted sample, and is no wider than a bin each way", () => {
  const p = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(sample, p, (values, p) => {
      const sorted = [...values].sort((a, b) => a - b);
      const expected = quantileEstimate(sorted, p);
      const { value, low, high, trials, method } = histogramQuantile(histogramOf(values), p);
      expect({ trials, method }).toEqual({ trials: values.length, method: "order-statistic" });
      const floor = Math.max(0, expected.low);
      expect(low).toBe(floor < 2 ** -20 ? 0 : lowEdge(binOf(floor)));
      const unbounded = expected.high === Number.POSITIVE_INFINITY;
      const ceiling = expected.high === 0 ? 0 : highEdge(binOf(expected.high));
      expect(high).toBe(unbounded ? Number.POSITIVE_INFINITY : ceiling);
      const bin = binOf(expected.value);
      const inside = lowEdge(bin) <= value && value <= highEdge(bin);
      expect(expected.value === 0 ? value === 0 : inside).toBe(true);
    }),
  );
});

test("ranks: too small a sample has none that bounds a quantile", () => {
  const rare = { p: 0.999, confidence: 0.95 };
  // 0.999^3687 > 0.025 >= 0.999^3688 (whole sample below the quantile).
  expect(rankInterval({ trials: 3687, ...rare }).high).toBe(3688);
  expect(rankInterval({ trials: 3688, ...rare }).high).toBeLessThanOrEqual(3688);
  expect(0.999 ** 3687).toBeGreaterThan(0.025);
  expect(0.999 ** 3688).toBeLessThanOrEqual(0.025);
  expect(rankInterval({ trials: 5, p: 0.5, confidence: 0.95 })).toEqual({
    low: 0,
    value: 3,
    high: 6,
  });
});

test("a histogram without values and a probability out of range are refused", () => {
  expect(() => histogramQuantile(emptyHistogram, 0.5)).toThrow(/number of values/);
  expect(() => histogramQuantile(histogramOf([1]), 1)).toThrow(/histogramQuantile: need p/);
  expect(() => histogramQuantile(histogramOf([1]), 0.5, { confidence: 2 })).toThrow(/confidence/);
});
