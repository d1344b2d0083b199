import fc from "fast-check";
import { expect, test } from "vitest";
import { empiricalFromPercentiles } from "./empiricalFromPercentiles.ts";
import { empiricalFromSamples } from "./empiricalFromSamples.ts";

const samples = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });

test("samples: agrees with counting", () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: -1, max: 21 }), (samplesMs, x) => {
      const { cdf, survival, mean } = empiricalFromSamples({ samplesMs });
      const n = samplesMs.length;
      expect(cdf(x)).toBe(samplesMs.filter((value) => value <= x).length / n);
      expect(survival(x)).toBe(samplesMs.filter((value) => value > x).length / n);
      expect(mean).toBeCloseTo(samplesMs.reduce((sum, value) => sum + value, 0) / n, 12);
    }),
  );
});

test("samples: a quantile is the smallest sample that reaches the level, also at k / n", () => {
  const exactLevel = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 30 })).map(([k, n]) => k / n);
  const level = fc.oneof(exactLevel, fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(samples, level, (samplesMs, p) => {
      if (!(p > 0 && p < 1)) return;
      const { cdf, survival, quantile, upperQuantile } = empiricalFromSamples({ samplesMs });
      const sorted = samplesMs.toSorted((a, b) => a - b);
      expect(quantile(p)).toBe(sorted.find((value) => cdf(value) >= p));
      expect(upperQuantile(p)).toBe(sorted.find((value) => survival(value) <= p));
    }),
  );
});

test("samples: breakpoints are the levels at which the quantile jumps", () => {
  expect(empiricalFromSamples({ samplesMs: [1, 2, 2, 4] }).breakpoints).toEqual([0.75, 0.25]);
  expect(empiricalFromSamples({ samplesMs: [7] }).breakpoints).toEqual([]);
});

test("samples: levels k / n and their neighbours, all of them up to n = 60", () => {
  for (let n = 1; n <= 60; n++) {
    const samplesMs = Array.from({ length: n }, (_, i) => i);
    const { quantile, upperQuantile } = empiricalFromSamples({ samplesMs });
    for (let k = 1; k < n; k++) {
      const level = k / n;
      expect([quantile(level), quantile(level * (1 + 2 ** -52))]).toEqual([k - 1, k]);
      const upper = (n - k) / n;
      expect([upperQuantile(upper), upperQuantile(upper * (1 - 2 ** -52))]).toEqual([k - 1, k]);
    }
  }
});

test("samples: the mean keeps its digits over many samples", () => {
  const samplesMs = new Float64Array(100_000).fill(0.1);
  expect(samplesMs.reduce((sum, x) => sum + x) / samplesMs.length).not.toBe(0.1);
  expect(empiricalFromSamples({ samplesMs }).mean).toBe(0.1);
});

test("samples: changing the input afterwards changes nothing; texts are read", () => {
  const values = Float64Array.of(3, 1, 2);
  const distribution = empiricalFromSamples({ samplesMs: values });
  values[0] = 99;
  expect(distribution.support).toEqual([1, 3]);
  expect(empiricalFromSamples({ samplesMs: ["2 s", 5] }).support).toEqual([5, 2000]);
  expect(String(distribution)).toBe("empirical(3 samples, median 2 ms)");
});

test.each([
  [[], "empiricalFromSamples: need samplesMs to be a list that is not empty, got []"],
  [undefined, "need samplesMs to be a list that is not empty, got undefined"],
  ["5 ms", 'need samplesMs to be a list that is not empty, got "5 ms"'],
  [[1, -1], "need samplesMs[1] to be a duration"],
  [[Number.NaN], "got NaN"],
  [[1, Infinity], "got Infinity"],
])("samples: refuses %o", (samplesMs, message) => {
  expect(() => empiricalFromSamples({ samplesMs: samplesMs as never })).toThrow(RangeError);
  expect(() => empiricalFromSamples({ samplesMs: samplesMs as never })).toThrow(message);
});

const table = (...lines: readonly (readonly [number, number])[]) =>
  empiricalFromPercentiles({
    percentiles: lines.map(([percent, valueMs]) => ({ percent, valueMs })),
  });

test("percentiles: the table's own lines, and straight lines between", () => {
  const distribution = table([0, 1], [50, 2], [99, 4], [99.9, 10], [100, 30]);
  expect([0, 0.5, 0.99, 0.999, 1].map(distribution.quantile)).toEqual([1, 2, 4, 10, 30]);
  expect(distribution.quantile(0.25)).toBe(1.5);
  expect(distribution.upperQuantile(0.0005)).toBeCloseTo(20, 10);
  expect(distribution.survival(20)).toBeCloseTo(0.0005, 15);
  expect(distribution.mean).toBeCloseTo(0.5 * 1.5 + 0.49 * 3 + 0.009 * 7 + 0.001 * 20, 12);
  expect(distribution.pdf!(1.2)).toBeCloseTo(0.5, 15);
  expect(distribution.breakpoints).toEqual([0.5, 0.01, 0.001]);
});

test("percentiles: equal neighbours are an atom", () => {
  const distribution = table([0, 1], [20, 3], [70, 3], [100, 5]);
  expect(distribution.pdf).toBeUndefined();
  expect([2.9999999, 3].map(distribution.cdf)).toEqual([expect.closeTo(0.2, 6), 0.7]);
  expect(distribution.survival(3)).toBe(0.3);
  expect([0.21, 0.5, 0.7].map(distribution.quantile)).toEqual([3, 3, 3]);
  expect([0.79, 0.5, 0.3].map(distribution.upperQuantile)).toEqual([3, 3, 3]);
  expect(table([0, 2], [100, 2]).cdf(2)).toBe(1);
});

test("percentiles: accurate far in the tail of a table that goes there", () => {
  const distribution = table([0, 1], [99.9999, 10], [100, 1000]);
  expect(distribution.survival(999.999) / ((1e-6 * 0.001) / 990)).toBeCloseTo(1, 6);
  expect(distribution.upperQuantile(1e-300)).toBe(1000);
});

test.each([
  [[], "need percentiles to be a list that is not empty"],
  [
    [
      [50, 1],
      [100, 2],
    ],
    "need the first percent to be 0, so that the table has an end, got 50",
  ],
  [
    [
      [0, 1],
      [99, 2],
    ],
    "need the last percent to be 100, so that the table has an end, got 99",
  ],
  [
    [
      [0, 1],
      [50, 2],
      [50, 3],
      [100, 4],
    ],
    "percentiles[2].percent to be > the one before, 50, got 50",
  ],
  [
    [
      [0, 1],
      [50, 2],
      [100, 1.5],
    ],
    "percentiles[2].valueMs to be >= the one before, 2, got 1.5",
  ],
  [
    [
      [0, 1],
      [101, 2],
    ],
    "need percentiles[1].percent to be a number in [0, 100], got 101",
  ],
  [
    [
      [0, -1],
      [100, 2],
    ],
    "need percentiles[0].valueMs to be a duration",
  ],
] as const)("percentiles: refuses %j", (lines, message) => {
  const wrong = () => table(...(lines as readonly (readonly [number, number])[]));
  expect(wrong).toThrow(RangeError);
  expect(wrong).toThrow(message);
});
