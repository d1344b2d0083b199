import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfidence } from "./estimate.ts";
import { differenceEstimate, meanEstimate } from "./meanEstimate.ts";
import { Moments } from "./moments.ts";
import { randomStream } from "./random.ts";

const exponential = (uniform: number) => -Math.log(uniform);

/** A standard normal draw by Box and Muller: for the tests only, it takes two uniforms. */
function normal(random: { nextUniform(): number }): number {
  const radius = Math.sqrt(2 * exponential(random.nextUniform()));
  return radius * Math.cos(2 * Math.PI * random.nextUniform());
}

const replications = 20_000;
/** Four standard errors of a coverage of 95 % over that many replications: 0.0062. */
const tolerance = 4 * Math.sqrt((0.95 * 0.05) / replications);

/** Share of replications in which an interval from `size` normal values covers their mean, 10. */
function coverage(size: number, standardErrors?: number): number {
  const random = randomStream({ seed: 1, purpose: "coverage", entity: size });
  let covered = 0;
  for (let replication = 0; replication < replications; replication++) {
    const moments = new Moments();
    for (let i = 0; i < size; i++) moments.add(10 + 3 * normal(random));
    const { value, low, high } = meanEstimate(moments);
    const standardError = Math.sqrt(moments.squares / (size - 1) / size);
    const half = standardErrors === undefined ? high - value : standardErrors * standardError;
    expect(low).toBeLessThanOrEqual(value);
    if (Math.abs(value - 10) <= half) covered += 1;
  }
  return covered / replications;
}

test("Student's interval covers the mean of normal values as often as it says", () => {
  for (const size of [2, 5, 30]) {
    expect(Math.abs(coverage(size) - defaultConfidence)).toBeLessThan(tolerance);
  }
});

test("the coverage check sees the normal quantile in Student's place", () => {
  // With 5 values, 1.96 standard errors cover 87.8 % (scipy: 2 * t.cdf(1.96, 4) - 1 = 0.8784).
  expect(Math.abs(coverage(5, 1.96) - 0.8784)).toBeLessThan(2 * tolerance);
  expect(coverage(5, 1.96)).toBeLessThan(0.95 - tolerance);
});

test("a paired difference covers, and is far narrower than its members", () => {
  const random = randomStream({ seed: 1, purpose: "coverage", entity: "pairs" });
  let covered = 0;
  for (let replication = 0; replication < replications; replication++) {
    const pairs = Array.from({ length: 6 }, () => {
      const shared = 10 * normal(random);
      return [shared + 1 + normal(random), shared + normal(random)] as const;
    });
    const difference = differenceEstimate(pairs);
    if (difference.low <= 1 && 1 <= difference.high) covered += 1;
    if (replication === 0) {
      const first = meanEstimate(pairs.map(([value]) => value));
      expect(first.high - first.low).toBeGreaterThan(2 * (difference.high - difference.low));
      expect(difference.method).toBe("paired-student");
    }
  }
  expect(Math.abs(covered / replications - 0.95)).toBeLessThan(tolerance);
});

test("worked example", () => {
  // scipy 1.17.1: stats.t.interval(0.95, 4, loc=mean, scale=sem) of these five values.
  const estimate = meanEstimate([2.1, 3.4, 1.9, 4.4, 2.7]);
  expect(estimate).toMatchObject({ trials: 5, method: "student", confidence: 0.95 });
  expect(estimate.value).toBeCloseTo(2.9, 12);
  expect(estimate.low).toBeCloseTo(1.6307059792014504, 9);
  expect(estimate.high).toBeCloseTo(4.169294020798549, 9);
});

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 40,
});

test("moments agree with the two-pass estimate, however the sample was split", () => {
  fc.assert(
    fc.property(values, fc.nat(40), (sample, cut) => {
      const parts = [sample.slice(0, cut), sample.slice(cut)].map((part) => {
        const moments = new Moments();
        for (const value of part) moments.add(value);
        return moments;
      });
      const whole = new Moments();
      for (const part of parts) whole.merge(structuredClone(part));
      const expected = meanEstimate(sample);
      const actual = meanEstimate(whole);
      // Rounding of up to 40 additions of numbers up to 1e6.
      expect(Math.abs(actual.value - expected.value)).toBeLessThan(1e-8);
      expect(Math.abs(actual.high - expected.high)).toBeLessThan(1e-6);
    }),
  );
});

test("a small spread around a large mean does not cancel", () => {
  const moments = new Moments();
  for (const value of [1, 2, 3, 4]) moments.add(1e9 + value);
  expect(moments.squares).toBe(5);
});

test("one value bounds nothing", () => {
  expect(meanEstimate([7])).toMatchObject({ value: 7, low: -Infinity, high: Infinity, trials: 1 });
});

test("nonsense is refused", () => {
  expect(() => meanEstimate([])).toThrow("need sample to be at least one value");
  expect(() => meanEstimate(new Moments())).toThrow("need count to be an integer >= 1, got 0");
  expect(() => meanEstimate([1, Number.NaN])).toThrow(
    "need sample[1] to be a finite number, got NaN",
  );
  expect(() => meanEstimate([1, 2], { confidence: 0 })).toThrow("need confidence");
  expect(() => differenceEstimate([])).toThrow("differenceEstimate: need sample");
  const diverged = { count: 3, mean: Infinity, squares: 0 };
  expect(() => meanEstimate(diverged)).toThrow("need mean to be a finite number");
});
