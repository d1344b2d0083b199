import fc from "fast-check";
import { expect, test } from "vitest";
import type { DistributionSpec } from "../distribution.ts";
import { distributionFromJson } from "./registry.ts";

/** Logarithmically uniform in [10^from, 10^to]. */
const size = (from: number, to: number) =>
  fc.double({ min: from, max: to, noNaN: true }).map((exponent) => 10 ** exponent);

const latency = size(-3, 4);
const rising = fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }).map((values) => {
  return values.toSorted((a, b) => a - b);
});

/** Any distribution, mixtures and sums nested up to three deep, with parameters over decades. */
const { spec } = fc.letrec<{ spec: DistributionSpec }>((tie) => ({
  spec: fc.oneof(
    { maxDepth: 3 },
    latency.map((valueMs) => ({ kind: "constant", valueMs })),
    fc
      .tuple(fc.constantFrom(0, 1, 1000), latency)
      .map(([minMs, width]) => ({ kind: "uniform", minMs, maxMs: minMs + width })),
    latency.map((meanMs) => ({ kind: "exponential", meanMs })),
    fc
      .tuple(latency, size(-3, 3))
      .map(([shiftMs, ratePerMs]) => ({ kind: "shiftedExponential", shiftMs, ratePerMs })),
    // The mean from 25 standard deviations below the lower limit to 35 above it, the limits from a
    // millionth of one apart.
    fc
      .tuple(size(-3, 3), fc.double({ min: -25, max: 35, noNaN: true }), size(-6, 2))
      .map(([sdMs, score, width]) => ({
        ...{ kind: "truncatedNormal", meanMs: 1 + sdMs * score, sdMs },
        ...{ minMs: 1, maxMs: 1 + sdMs * width },
      })),
    fc
      .tuple(latency, size(-2, 1))
      .map(([medianMs, sigma]) => ({ kind: "logNormal", medianMs, sigma })),
    fc
      .tuple(latency, size(-1, 1.5))
      .map(([scaleMs, shape]) => ({ kind: "weibull", scaleMs, shape })),
    fc.tuple(latency, size(-3, 4)).map(([scaleMs, shape]) => ({ kind: "gamma", scaleMs, shape })),
    fc.tuple(latency, size(-1, 2)).map(([minMs, alpha]) => ({ kind: "pareto", minMs, alpha })),
    fc
      .array(fc.nat(20), { minLength: 1, maxLength: 20 })
      .map((samplesMs) => ({ kind: "empiricalFromSamples", samplesMs })),
    rising.map((values) => ({
      kind: "empiricalFromPercentiles",
      percentiles: [0, 50, 99.9, 100].map((percent, i) => ({ percent, valueMs: values[i] })),
    })),
    fc
      .tuple(latency, tie("spec"))
      .map(([byMs, distribution]) => ({ kind: "shifted", byMs, distribution })),
    fc.array(fc.tuple(size(-6, 0), tie("spec")), { minLength: 1, maxLength: 3 }).map((parts) => {
      const total = parts.reduce((sum, [weight]) => sum + weight, 0);
      return {
        kind: "mixture",
        parts: parts.map(([weight, distribution]) => ({ weight: weight / total, distribution })),
      };
    }),
  ),
}));

const level = fc.oneof(
  fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
  fc.double({ min: -600, max: -1, noNaN: true }).map(Math.exp),
);

// Run once over 90,000 distributions; what that found (quantiles beyond the largest double) has tests of
// its own.
test("quantiles of any distribution lie in its support, and are the first to reach their level", () => {
  fc.assert(
    fc.property(spec, level, (given, at) => {
      const { support, quantile, upperQuantile, cdf, survival } = distributionFromJson(given);
      const tolerance = 1e-11 + 1e-13 * Math.abs(Math.log(at));
      const [below, above] = [at * (1 - tolerance), at * (1 + tolerance)];
      for (const x of [quantile(at), upperQuantile(at)]) {
        expect(x).toBeGreaterThanOrEqual(support[0]);
        expect(x).toBeLessThanOrEqual(support[1]);
      }
      // Outside this range doubles have no digits to spare, and quantiles are 0 or infinite.
      const checkable = (x: number) => x > 1e-290 && x < 1e300;
      const [x, y] = [quantile(at), upperQuantile(at)];
      // Next to x: a shift by a constant rounds once more.
      if (checkable(x)) expect(cdf(x * (1 + 4e-16))).toBeGreaterThanOrEqual(below);
      if (checkable(y)) expect(survival(y * (1 + 4e-16))).toBeLessThanOrEqual(above);
      const [lessX, lessY] = [x, y].map((value) => value * (1 - 1e-6));
      if (checkable(x) && lessX! > support[0]) expect(cdf(lessX!)).toBeLessThanOrEqual(above);
      if (checkable(y) && lessY! > support[0])
        expect(survival(lessY!)).toBeGreaterThanOrEqual(below);
    }),
    { numRuns: 500 },
  );
});

test("mean and breakpoints of any distribution are in range and in order", () => {
  fc.assert(
    fc.property(spec, (given) => {
      const { support, mean, breakpoints } = distributionFromJson(given);
      expect(mean).toBeGreaterThanOrEqual(support[0] * (1 - 1e-12));
      expect(mean).toBeLessThanOrEqual(support[1] * (1 + 1e-12));
      const levels = [1, ...(breakpoints as readonly number[]), 0];
      for (let i = 1; i < levels.length; i++) expect(levels[i]!).toBeLessThan(levels[i - 1]!);
    }),
    { numRuns: 300 },
  );
});
