import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Distribution, DistributionSpec } from "../distribution.ts";
import { randomStream, type UniformSource } from "../random.ts";
import { distributionFamilies, distributionFromJson } from "./registry.ts";

const exponentialPart = { kind: "exponential", ratePerMs: 1.66 };
const paretoPart = { kind: "pareto", minMs: 0.235, alpha: 10 };

/** At least one of every family; `hasAtoms` where single values have a probability. */
const examples: readonly { spec: DistributionSpec; hasAtoms?: true }[] = [
  { spec: { kind: "constant", valueMs: 5 }, hasAtoms: true },
  { spec: { kind: "uniform", minMs: 150, maxMs: 300 } },
  { spec: exponentialPart },
  { spec: { kind: "exponential", meanMs: 5 } },
  { spec: { kind: "shiftedExponential", shiftMs: 2, meanMs: 3 } },
  { spec: { kind: "truncatedNormal", meanMs: 1, sdMs: 2 } },
  { spec: { kind: "truncatedNormal", meanMs: 50, sdMs: 5 } },
  {
    spec: { kind: "truncatedNormal", meanMs: 9, sdMs: 2, minMs: 8, maxMs: 13 },
  },
  { spec: { kind: "logNormal", medianMs: 2, sigma: 0.7 } },
  { spec: { kind: "weibull", scaleMs: 2, shape: 0.7 } },
  { spec: { kind: "weibull", scaleMs: 2, shape: 3 } },
  { spec: { kind: "gamma", shape: 0.3, scaleMs: 4 } },
  { spec: { kind: "gamma", shape: 7.5, scaleMs: 0.4 } },
  { spec: paretoPart },
  {
    spec: { kind: "empiricalFromSamples", samplesMs: [3, 1, 2, 2, 10] },
    hasAtoms: true,
  },
  {
    spec: {
      kind: "empiricalFromPercentiles",
      percentiles: [
        { percent: 0, valueMs: 1 },
        { percent: 50, valueMs: 2 },
        { percent: 99, valueMs: 4 },
        { percent: 100, valueMs: 20 },
      ],
    },
  },
  {
    spec: {
      kind: "mixture",
      parts: [
        { weight: 0.9122, distribution: paretoPart },
        { weight: 0.0878, distribution: exponentialPart },
      ],
    },
  },
  {
    spec: {
      kind: "mixture",
      parts: [
        { weight: 0.25, distribution: { kind: "constant", valueMs: 3 } },
        { weight: 0.25, distribution: { kind: "uniform", minMs: 1, maxMs: 2 } },
        { weight: 0.5, distribution: { kind: "gamma", shape: 2, scaleMs: 3 } },
      ],
    },
    hasAtoms: true,
  },
  { spec: { kind: "shifted", byMs: 7.5, distribution: exponentialPart } },
];

const eps = 2 ** -52;
const openLevel = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
const deepLevel = fc.double({ min: -600, max: -1e-9, noNaN: true }).map(Math.exp);

/** A source that counts, and gives fixed uniforms. */
function countingSource(uniforms: readonly number[]): UniformSource & { taken: number } {
  const source = {
    taken: 0,
    nextUniform: () => uniforms[source.taken++]!,
    nextUint32: (): number => {
      throw new Error("a sample takes nextUniform");
    },
  };
  return source;
}

/**
 * Kolmogorov's distance between a sample and a distribution, times the root of the sample's size.
 * It exceeds 2.5 with probability 2 exp(-2 * 2.5^2) = 7e-6, with atoms less.
 */
function kolmogorov(samples: readonly number[], distribution: Distribution): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; ) {
    const x = sorted[i]!;
    const before = i;
    while (i < n && sorted[i] === x) i++;
    const atAndBelow = Math.abs(i / n - distribution.cdf(x));
    const below = Math.abs(before / n - distribution.cdf(x - Math.abs(x) * eps));
    distance = Math.max(distance, atAndBelow, below);
  }
  return distance * Math.sqrt(n);
}

const sampleSize = 20_000;
const kolmogorovLimit = 2.5;

function draw(distribution: Distribution, count: number): number[] {
  const random = randomStream({ seed: 2024, purpose: String(distribution) });
  return Array.from({ length: count }, () => distribution.sample(random));
}

test("every family has an example", () => {
  const kinds = new Set(examples.map(({ spec }) => spec.kind));
  expect([...kinds].sort()).toEqual(distributionFamilies.map(({ kind }) => kind).sort());
});

describe.each(examples)("$spec", ({ spec, hasAtoms }) => {
  const distribution = distributionFromJson(spec);
  const [low, high] = distribution.support;
  const { cdf, survival, quantile, upperQuantile, pdf } = distribution;

  /**
   * How much of its logarithm the rounding of a tail may be, in units of the last place.
   *
   * A log-normal goes through its score z: the normal quantile and its tail (four units, measured),
   * times sigma, the logarithm of x, divided by sigma (two units). Six units of z are 6 z^2 of the tail,
   * and z^2 is at most twice the logarithm. The other families needed 1.02 at most.
   */
  const roundings = spec.kind === "logNormal" ? 12 : 2;

  /** Relative error of a tail that two units in the last place of x make, and its own rounding. */
  const allowed = (x: number, tail: number) =>
    eps * (8 + roundings * Math.abs(Math.log(tail)) + (2 * x * (pdf?.(x) ?? 0)) / tail);

  test("quantile and upperQuantile are the first values to reach a level", () => {
    fc.assert(
      fc.property(fc.oneof(openLevel, deepLevel), (level) => {
        const x = quantile(level);
        // Below the smallest doubles with all digits nothing can be said.
        if (x < 1e-300) return;
        expect(cdf(x)).toBeGreaterThanOrEqual(level * (1 - allowed(x, level)));
        const y = upperQuantile(level);
        expect(survival(y)).toBeLessThanOrEqual(level * (1 + allowed(y, level)));
        // A little below, the level is not reached, unless there is nothing below.
        const little = 1e-9;
        if (x > low) expect(cdf(x - x * little)).toBeLessThan(level * (1 + allowed(x, level)));
        if (y > low)
          expect(survival(y - y * little)).toBeGreaterThan(level * (1 - allowed(y, level)));
      }),
    );
  });

  test("quantile(cdf(x)) gives x back", () => {
    if (hasAtoms) return;
    fc.assert(
      fc.property(openLevel, (level) => {
        const x = upperQuantile(level);
        const density = pdf!(x);
        // The tail is known to a few units in the last place; the density turns them into ms.
        const error = (tail: number) =>
          16 * eps * (x + (tail * (1 + Math.abs(Math.log(tail)))) / density);
        if (cdf(x) < 1) expect(Math.abs(quantile(cdf(x)) - x)).toBeLessThan(error(cdf(x)));
        if (survival(x) < 1) {
          expect(Math.abs(upperQuantile(survival(x)) - x)).toBeLessThan(error(survival(x)));
        }
      }),
    );
  });

  test("quantiles do not fall as the level rises, and between neighbouring doubles not by more than rounding", () => {
    fc.assert(
      fc.property(openLevel, openLevel, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(quantile(less)).toBeLessThanOrEqual(quantile(more));
        expect(upperQuantile(less)).toBeGreaterThanOrEqual(upperQuantile(more));
        // Logarithms and powers of neighbouring doubles may be off by a last place either way; where the
        // density is low, an error of the level in its last places is more of the value.
        const x = quantile(a);
        const byLevel = (8 * eps * a) / (pdf?.(x) || Infinity);
        expect(quantile(a * (1 - eps))).toBeLessThanOrEqual(x * (1 + 4 * eps) + byLevel);
      }),
    );
    expect(quantile(0.5)).toBeLessThanOrEqual(quantile(0.5 + eps));
  });

  test("tails add up to 1 and stay within [0, 1]", () => {
    fc.assert(
      fc.property(openLevel, (level) => {
        const x = quantile(level);
        expect(Math.abs(cdf(x) + survival(x) - 1)).toBeLessThan(8 * eps);
        expect(Math.min(cdf(x), survival(x), 1 - cdf(x), 1 - survival(x))).toBeGreaterThanOrEqual(
          0,
        );
      }),
    );
  });

  test("the ends of the support", () => {
    expect([quantile(0), quantile(1)]).toEqual([low, high]);
    expect([upperQuantile(1), upperQuantile(0)]).toEqual([low, high]);
    expect([cdf(low - 1), survival(low - 1), cdf(high), survival(high)]).toEqual([0, 1, 1, 0]);
    if (pdf) expect([pdf(low - 1), pdf(high + 1)]).toEqual([0, 0]);
  });

  test("the density is the slope of the distribution function", () => {
    expect(pdf === undefined).toBe(hasAtoms === true);
    if (!pdf) return;
    for (const level of [0.011, 0.2, 0.51, 0.9, 0.995]) {
      const x = quantile(level);
      const step = 1e-5 * (x - low);
      const slope = (cdf(x + step) - cdf(x - step)) / (2 * step);
      // Error of the central difference: 1e-10 of the third derivative; rounding: 1e-11.
      expect(Math.abs(slope / pdf(x) - 1)).toBeLessThan(1e-7);
    }
  });

  test("a sample is the upper quantile of exactly one uniform", () => {
    const uniforms = [2 ** -53, 0.1, 0.5, 0.77, 1 - 2 ** -53];
    const source = countingSource(uniforms);
    uniforms.forEach((uniform, i) => {
      expect(distribution.sample(source)).toBe(upperQuantile(uniform));
      expect(source.taken).toBe(i + 1);
    });
  });

  test("samples follow the distribution, and have its mean", () => {
    const samples = draw(distribution, sampleSize);
    expect(kolmogorov(samples, distribution)).toBeLessThan(kolmogorovLimit);
    const mean = samples.reduce((sum, x) => sum + x, 0) / sampleSize;
    const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sampleSize - 1);
    // Five standard errors: 6e-7 each for a normal mean; all examples have a finite variance.
    const standardError = Math.sqrt(variance / sampleSize);
    expect(Math.abs(mean - distribution.mean)).toBeLessThanOrEqual(
      5 * standardError + 1e-12 * mean,
    );
  });

  test("plain data and back is exact", () => {
    const back = distributionFromJson(JSON.parse(JSON.stringify(distribution)));
    expect(back.spec).toEqual(distribution.spec);
    expect(JSON.stringify(back)).toBe(JSON.stringify(distribution));
    expect(back.mean).toBe(distribution.mean);
    for (const level of [1e-9, 0.3, 0.999]) {
      expect(back.upperQuantile(level)).toBe(upperQuantile(level));
    }
  });

  test("arguments out of range are refused", () => {
    expect(() => quantile(-1e-300)).toThrow(
      "quantile: need p to be a number in [0, 1], got -1e-300",
    );
    expect(() => upperQuantile(1.1)).toThrow("upperQuantile: need s to be a number in [0, 1]");
    expect(() => quantile(Number.NaN)).toThrow(RangeError);
    expect(() => cdf(Number.NaN)).toThrow("cdf: need x to be a number, got NaN");
    expect(() => survival("1" as unknown as number)).toThrow(RangeError);
  });
});

test("the test of samples sees a mean that is 10 % off, and a draw of the wrong tail", () => {
  // The two distribution functions differ by 0.035, or 5 in units of Kolmogorov's distance.
  const five = distributionFromJson({ kind: "exponential", meanMs: 5 });
  const more = distributionFromJson({ kind: "exponential", meanMs: 5.5 });
  expect(kolmogorov(draw(more, sampleSize), five)).toBeGreaterThan(kolmogorovLimit);
  const min = draw(five, sampleSize).map((x, i, all) => Math.min(x, all[(i + 1) % sampleSize]!));
  expect(kolmogorov(min, five)).toBeGreaterThan(kolmogorovLimit);
});
