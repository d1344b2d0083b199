import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTails, binomialCdf, inverseIncompleteBeta } from "./incompleteBeta.ts";

const point = (x: number) => ({ x, complement: 1 - x });

/** mpmath 1.4.1 with 40 digits: betainc(a, b, 0, x) and betainc(a, b, x, 1), regularised; the row
 * with b = 1e9 as 1 minus the binomial sum of five terms, 50 digits. */
const golden: readonly (readonly [number, number, number, number, number])[] = [
  [0.5, 0.5, 0.1, 0.20483276469913347, 0.7951672353008665],
  [2, 3, 0.25, 0.26171875, 0.73828125],
  [1, 1e6, 1e-6, 0.6321207427683548, 0.3678792572316451],
  [10.5, 0.5, 0.999, 0.8861042420864682, 0.11389575791353182],
  [50, 50, 0.3, 1.5547799761443295e-5, 0.9999844522002386],
  [1e4, 1e4, 0.49, 0.0023370593301101496, 0.9976629406698898],
  [300, 1e6, 2e-4, 2.7812761317711623e-11, 0.9999999999721872],
  [5, 1e9, 1e-8, 0.9707473132472035, 0.02925268675279647],
];

test("tails agree with a multiprecision library to 1e-13", () => {
  for (const [a, b, x, lower, upper] of golden) {
    const tails = betaTails(point(x), { a, b });
    expect(Math.abs(tails.lower / lower - 1)).toBeLessThan(1e-13);
    expect(Math.abs(tails.upper / upper - 1)).toBeLessThan(1e-13);
  }
});

test("the inverse undoes the function", () => {
  const logUniform = fc.double({ min: -2, max: 18, noNaN: true }).map(Math.exp);
  const probability = fc.double({ min: -30, max: -0.01, noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(logUniform, logUniform, probability, (a, b, p) => {
      const { lower, upper } = betaTails(inverseIncompleteBeta(p, { a, b }), { a, b });
      // One rounding of x or 1 - x is a relative error of up to 1e-16 * max(a, b) in a tail.
      const tolerance = 1e-12 + 1e-15 * Math.max(a, b);
      expect(Math.abs(lower - p)).toBeLessThan(tolerance * Math.min(p, 1) + 1e-300);
      expect(Math.abs(upper - (1 - p))).toBeLessThan(tolerance);
    }),
  );
});

test("the binomial distribution agrees with the sum of its terms", () => {
  for (const trials of [1, 2, 7, 40]) {
    for (const p of [0.01, 0.3, 0.5, 0.97]) {
      let term = (1 - p) ** trials;
      let sum = 0;
      for (let hits = 0; hits <= trials; hits++) {
        sum += term;
        term *= ((trials - hits) / (hits + 1)) * (p / (1 - p));
        expect(binomialCdf(hits, { trials, p })).toBeCloseTo(sum, 12);
      }
      expect(binomialCdf(-1, { trials, p })).toBe(0);
    }
  }
});
