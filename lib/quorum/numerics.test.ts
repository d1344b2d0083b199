import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponential } from "../core/distributions/exponential.ts";
import { mixture } from "../core/distributions/mixture.ts";
import { pareto } from "../core/distributions/pareto.ts";
import { shifted } from "../core/distributions/shifted.ts";
import { uniform } from "../core/distributions/uniform.ts";
import { proportion } from "../core/proportion.ts";
import { randomStream } from "../core/random.ts";
import { fallingRoot } from "./fallingRoot.ts";
import { fastSurvival } from "./fastSurvival.ts";
import { integrate } from "./integrate.ts";
import { productionLegs } from "./productionLatencies.ts";
import { skewedMeanInterval } from "./skewedMeanInterval.ts";

describe("fallingRoot", () => {
  const roots = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

  test("finds the roots of smooth functions, from any guess, in few steps", () => {
    let most = 0;
    fc.assert(
      fc.property(roots, roots, fc.constantFrom(0.5, 1, 3), (root, near, power) => {
        let calls = 0;
        const excess = (x: number) => {
          calls++;
          return power * Math.log(root / x);
        };
        expect(fallingRoot(excess, { near, step: near / 10 }) / root).toBeCloseTo(1, 10);
        most = Math.max(most, calls);
      }),
      { seed: 1 },
    );
    // About 40 doublings over twelve decades, then a dozen steps.
    expect(most).toBeLessThan(80);
  });

  test("finds jumps, also to and from infinity, from either side", () => {
    for (const [high, low] of [
      [1, -1],
      [1e-9, -Infinity],
      [Infinity, -1e-9],
      [Infinity, -Infinity],
      [1, 0],
    ] as const) {
      for (const near of [0, 0.1, 5]) {
        const root = fallingRoot((x) => (x < 2 ? high : low), { near, step: 0.3 });
        expect(root).toBeGreaterThanOrEqual(2);
        expect(root).toBeLessThan(2 * (1 + 1e-10));
      }
    }
  });

  test("is infinite if beyond the largest double", () => {
    expect(fallingRoot(() => 1, { near: 0, step: 1 })).toBe(Infinity);
    // A guess that overflowed is no reason to go on for ever.
    expect(fallingRoot(() => -1, { near: Infinity, step: Infinity })).toBe(Infinity);
    expect(fallingRoot((x) => 300 - Math.log10(x), { near: 0, step: 1 }) / 1e300).toBeCloseTo(1, 8);
  });

  test("is 0 where the function is not positive at 0", () => {
    expect(fallingRoot(() => -1, { near: 0, step: 1 })).toBe(0);
    expect(fallingRoot((x) => -x, { near: 3, step: 1 })).toBe(0);
  });
});

describe("fastSurvival", () => {
  const laws = [
    ["Pareto and exponential", productionLegs.lnkdDisk.w],
    ["a heavier body", productionLegs.ymmr.w],
    ["exponential by its mean", exponential({ meanMs: 3 })],
    ["Pareto alone", pareto({ minMs: 2, alpha: 0.7 })],
    ["uniform", uniform({ minMs: 1, maxMs: 2 })],
    [
      "a mixture of mixtures and others",
      mixture([
        { weight: 0.25, distribution: productionLegs.lnkdSsd.w },
        { weight: 0.75, distribution: shifted(exponential({ meanMs: 1 }), 4) },
      ]),
    ],
  ] as const;

  test.each(laws)("%s: is the survival function", (_, law) => {
    const fast = fastSurvival(law);
    for (const x of [-1, 0, 1e-9, 0.235, 0.5, 1.05, 1.5, 2, 3, 10, 100, 1e4, 1e9]) {
      const truth = law.survival(x);
      expect(Math.abs(fast(x) - truth)).toBeLessThanOrEqual(1e-13 * truth);
    }
  });
});

describe("integrate", () => {
  test("polynomials, exponentials, a root singularity, a jump at a cut and one elsewhere", () => {
    expect(integrate((x) => x ** 5, [0, 2])).toBeCloseTo(64 / 6, 10);
    expect(integrate(Math.exp, [-700, 0])).toBeCloseTo(1, 11);
    expect(integrate(Math.sqrt, [0, 1])).toBeCloseTo(2 / 3, 11);
    expect(integrate((x) => -Math.log(x), [0, 1])).toBeCloseTo(1, 9);
    expect(integrate((x) => (x < 0.3 ? 1 : 5), [0, 0.3, 1])).toBeCloseTo(3.8, 11);
    expect(integrate((x) => (x < 0.3 ? 1 : 5), [0, 1])).toBeCloseTo(3.8, 9);
  });

  test("costs a bounded time on functions with jumps everywhere", () => {
    let calls = 0;
    const comb = (x: number) => {
      calls++;
      return Math.floor(x * 1e6) % 2;
    };
    expect(integrate(comb, [0, 1])).toBeCloseTo(0.5, 1);
    expect(calls).toBeLessThan(20_000);
  });

  test("an empty range", () => {
    expect(integrate(Math.exp, [1])).toBe(0);
  });
});

describe("skewedMeanInterval", () => {
  const zeros = { mean: 0, variance: 0, skewness: 0, smallest: 0, largest: 0 };

  test("without a success is Clopper and Pearson's", () => {
    for (const trials of [1, 10, 1000]) {
      const [low, high] = skewedMeanInterval({ ...zeros, trials }, 0.95);
      const exact = proportion({ hits: 0, trials, confidence: 0.95, method: "clopper-pearson" });
      expect(low).toBe(0);
      expect(high).toBeCloseTo(exact.high, 12);
    }
  });

  test("holds the mean, grows with confidence, and stays in [0, 1]", () => {
    const sample = {
      mean: 0.01,
      variance: 0.004,
      skewness: 9,
      smallest: 0,
      largest: 0.9,
      trials: 50,
    };
    const [low, high] = skewedMeanInterval(sample, 0.9);
    const [lower, higher] = skewedMeanInterval(sample, 0.99);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeGreaterThan(0.01);
    expect(lower).toBeLessThanOrEqual(low);
    expect(higher).toBeGreaterThan(high);
    expect(lower).toBeGreaterThanOrEqual(0);
    expect(higher).toBeLessThanOrEqual(1);
  });

  test("inverts Hall's transformation of Student's quantiles", () => {
    for (const skewness of [-30, -2, 0, 1e-9, 0.4, 5, 80]) {
      const sample = { mean: 0.5, variance: 1e-4, skewness, smallest: 0, largest: 1, trials: 100 };
      const [low, high] = skewedMeanInterval(sample, 0.95);
      // T + skewness (T^2 / 3 + 1/6) / sqrt(n) + skewness^2 T^3 / (27 n), in Hall's notation.
      const transformed = (edge: number) => {
        const t = (0.5 - edge) / 1e-3;
        const bend = skewness / 10;
        return t + bend * (t ** 2 / 3 + 1 / 6) + (bend ** 2 * t ** 3) / 27;
      };
      // 97.5 % quantile of Student's distribution with 99 degrees of freedom.
      expect(transformed(low)).toBeCloseTo(1.984216952, 6);
      expect(transformed(high)).toBeCloseTo(-1.984216952, 6);
    }
  });

  test("covers the mean of ninth powers of uniforms", () => {
    const random = randomStream({ seed: 1, purpose: "test", entity: 0 });
    const trials = 30;
    const runs = 2000;
    let misses = 0;
    for (let run = 0; run < runs; run++) {
      const draws = Array.from({ length: trials }, () => random.nextUniform() ** 9);
      const [low, high] = skewedMeanInterval({ ...momentsOf(draws), trials }, 0.95);
      if (low > 0.1 || high < 0.1) misses++;
    }
    // Four standard errors of 5 % in 2,000 runs; Student's interval misses 10 %.
    expect(misses / runs).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs));
  });
});

function momentsOf(draws: readonly number[]) {
  const n = draws.length;
  const mean = draws.reduce((sum, x) => sum + x, 0) / n;
  const central = (power: number) => draws.reduce((sum, x) => sum + (x - mean) ** power, 0) / n;
  return {
    mean,
    variance: (central(2) * n) / (n - 1),
    skewness: central(3) / central(2) ** 1.5,
    smallest: Math.min(...draws),
    largest: Math.max(...draws),
  };
}
