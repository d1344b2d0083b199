import { expect, test } from "vitest";
import { quantileEstimate } from "./quantileEstimate.ts";
import { randomStream } from "./random.ts";

const ranks = (trials: number) => Array.from({ length: trials }, (_, index) => index + 1);

/** P(X = hits) for all hits, by multiplying up from 0: independent of the code under test. */
function binomialTerms(trials: number, p: number): number[] {
  const terms = [Math.exp(trials * Math.log1p(-p))];
  for (let hits = 1; hits <= trials; hits++) {
    terms.push(terms[hits - 1]! * ((trials - hits + 1) / hits) * (p / (1 - p)));
  }
  return terms;
}

/** Exact coverage of the interval between two ranks: P(low <= number below the quantile < high). */
function coverage(low: number, high: number, trials: number, p: number): number {
  const first = Math.max(0, low);
  return binomialTerms(trials, p)
    .slice(first, Math.min(trials + 1, high))
    .reduce((sum, term) => sum + term, 0);
}

test("the ranks cover at least as often as they say, and no shorter ones do", () => {
  for (const trials of [1, 5, 20, 100, 600]) {
    for (const p of [0.01, 0.3, 0.5, 0.99]) {
      if (trials * Math.log1p(-p) < -700) continue; // the first term would underflow
      const { low, high } = quantileEstimate(ranks(trials), p);
      expect(coverage(low, high, trials, p)).toBeGreaterThanOrEqual(0.95);
      // One rank further in, that side leaves out more than 2.5 %.
      const outsideLow = 1 - coverage(Math.max(0, low) + 1, Infinity, trials, p);
      const outsideHigh = 1 - coverage(0, Math.min(high, trials + 1) - 1, trials, p);
      expect(outsideLow).toBeGreaterThan(0.025);
      expect(outsideHigh).toBeGreaterThan(0.025);
    }
  }
});

test("the interval covers the quantile of a skewed distribution in simulation", () => {
  const replications = 4000;
  const random = randomStream({ seed: 1, purpose: "coverage", entity: "quantile" });
  const median = Math.log(2);
  let covered = 0;
  for (let replication = 0; replication < replications; replication++) {
    const sample = Float64Array.from({ length: 40 }, () => -Math.log(random.nextUniform())).sort();
    const { low, high } = quantileEstimate(sample, 0.5);
    if (low <= median && median <= high) covered += 1;
  }
  // Ranks 14 and 27 of 40: exact coverage 0.9615 (sum of binomial terms); four standard errors.
  const { low, high } = quantileEstimate(ranks(40), 0.5);
  const exact = coverage(low, high, 40, 0.5);
  const tolerance = 4 * Math.sqrt((exact * (1 - exact)) / replications);
  expect([low, high]).toEqual([14, 27]);
  expect(Math.abs(covered / replications - exact)).toBeLessThan(tolerance);
});

test("where the sample is too small, an end is open", () => {
  // The largest of n values lies below the 99.9 % quantile with probability 0.999^n: 2.5 % at 3688.
  expect(quantileEstimate(ranks(3687), 0.999).high).toBe(Infinity);
  expect(quantileEstimate(ranks(3688), 0.999).high).toBe(3688);
  expect(quantileEstimate(ranks(3687), 0.001).low).toBe(-Infinity);
  expect(quantileEstimate([3], 0.5)).toMatchObject({ value: 3, low: -Infinity, high: Infinity });
});

test("the value is the smallest one with a share p of the sample at or below it", () => {
  // Exhaustive, since trials * p rounds up past a whole number in a few places, as 100 * 0.07 does.
  for (const trials of [1, 7, 100, 1000]) {
    const sample = ranks(trials);
    for (let mille = 1; mille < 1000; mille++) {
      const value = Math.ceil((mille * trials) / 1000);
      expect(quantileEstimate(sample, mille / 1000).value).toBe(value);
    }
  }
});

test("nonsense is refused", () => {
  expect(() => quantileEstimate([], 0.5)).toThrow("need sorted to be at least one value");
  expect(() => quantileEstimate([1, 2], 0)).toThrow("need p to be a number in (0, 1), got 0");
  expect(() => quantileEstimate([2, 1], 0.5)).toThrow("need sorted[1] to be at least 2, got 1");
  expect(() => quantileEstimate([1, Number.NaN], 0.5)).toThrow("got NaN");
  expect(() => quantileEstimate([1, 2], 0.5, { confidence: 2 })).toThrow("need confidence");
});
