import fc from "fast-check";
import { expect, test } from "vitest";
import { logGamma, logGamma1p, stirlingError } from "./logGamma.ts";

// Computed with mpmath 1.3, 60 digits: mp.loggamma(mpf(x)) of the double x.
const reference: readonly (readonly [number, number])[] = [
  [1e-300, 690.7755278982137],
  [1e-10, 23.025850929882736],
  [0.1, 2.252712651734206],
  [0.49, 0.592249629335267],
  [0.5, 0.5723649429247001],
  [0.9, 0.06637623973474295],
  [0.99999, 0.000005772238896093089],
  [1.00001, -0.0000057720744027504825],
  [1.3, -0.10817480950786047],
  [1.4999, -0.12078588195849393],
  [1.5001, -0.12077858396397449],
  [1.9999, -0.00004227520877215346],
  [2.0001, 0.000042281658112919945],
  [2.4999, 0.28461255726068263],
  [2.5001, 0.2847531885887332],
  [3.7, 1.428072326665388],
  [7.99, 8.50501160608848],
  [8.0, 8.525161361065415],
  [9.5, 11.689333420797269],
  [12.3, 18.238983407092245],
  [100.0, 359.1342053695754],
  [1234.5, 7550.550901077895],
  [100000000.0, 1742068066.1038346],
  [1000000000000000, 33538776394910668],
  [1e300, 6.897755278982137e302],
];

test.each(reference)("logGamma(%d) is %d", (x, expected) => {
  expect(Math.abs(logGamma(x) / expected - 1)).toBeLessThan(1e-14);
});

test("logGamma is zero at 1 and 2, infinite at infinity, not a number outside its domain", () => {
  expect([logGamma(1), logGamma(2), logGamma(Infinity)]).toEqual([0, 0, Infinity]);
  expect([logGamma(0), logGamma(-1.5), logGamma(Number.NaN)]).toEqual([NaN, NaN, NaN]);
});

test("logGamma(x + 1) = logGamma(x) + log x", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (x) => {
      const scale = Math.max(1, Math.abs(logGamma(x + 1)));
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x)) / scale).toBeLessThan(1e-14);
    }),
  );
});

test("logGamma1p keeps its relative accuracy where 1 + z would round", () => {
  // log gamma(1 + z) = -euler z + O(z^2).
  expect(logGamma1p(1e-18) / -5.772156649015329e-19).toBeCloseTo(1, 13);
  expect(logGamma1p(0.25)).toBe(logGamma(1.25));
});

test("stirlingError agrees with its asymptotic series and its definition", () => {
  expect(stirlingError(1e6) * 12e6).toBeCloseTo(1, 12);
  // stirlingError(1) = 1 - log(2 pi) / 2.
  expect(stirlingError(1)).toBeCloseTo(0.08106146679532726, 15);
  // mpmath: loggamma(8) - 7.5 log 8 + 8 - log(2 pi) / 2.
  expect(stirlingError(8)).toBeCloseTo(0.010411265261972096, 16);
});
