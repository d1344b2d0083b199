import fc from "fast-check";
import { expect, test } from "vitest";
import { gammaQuantile } from "./gammaQuantile.ts";
import { gammaTerm, incompleteGamma } from "./incompleteGamma.ts";

// a, x, P(a, x), Q(a, x). Computed with mpmath 1.3, 60 digits: gammainc(a, 0, x, regularized=True)
// and gammainc(a, x, inf, regularized=True) of the doubles; for a >= 1000 the series of P.
const reference: readonly (readonly [number, number, number, number])[] = [
  [0.001, 1e-10, 0.9778006565986258, 0.022199343401374194],
  [0.001, 0.5, 0.9994399333435292, 0.0005600666564707498],
  [0.001, 1.49, 0.9998983455609799, 0.00010165443902007591],
  [0.001, 3.0, 0.9999869268601987, 0.000013073139801213742],
  [0.01, 0.3, 0.990927603578235, 0.009072396421765093],
  [0.1, 1e-5, 0.3323984050405033, 0.6676015949594967],
  [0.3, 1.2, 0.9366052804307409, 0.0633947195692591],
  [0.3, 1.6, 0.9631162600162466, 0.036883739983753355],
  [0.5, 0.5, 0.6826894921370859, 0.3173105078629141],
  [0.5, 2.0, 0.9544997361036416, 0.04550026389635842],
  [0.5, 700.0, 1.0, 2.1010145162642176e-306],
  [0.51, 0.9, 0.8159518175704046, 0.1840481824295954],
  [0.99, 1.4, 0.7568134221479955, 0.24318657785200443],
  [0.99, 1.99, 0.8655226275250666, 0.1344773724749334],
  [1.0, 0.5, 0.3934693402873666, 0.6065306597126334],
  [1.0, 1.9, 0.8504313807773649, 0.14956861922263506],
  [1.5, 0.1, 0.0224107022383506, 0.9775892977616494],
  [2.0, 3.0, 0.8008517265285442, 0.19914827347145578],
  [2.5, 1e-100, 3.0090111122547004e-251, 1.0],
  [2.5, 100.0, 1.0, 2.8406228986415315e-41],
  [2.5, 650.0, 1.0, 6.387375234473711e-279],
  [5.0, 5.9, 0.7013352132383804, 0.29866478676161956],
  [5.0, 6.1, 0.7281057346810453, 0.27189426531895466],
  [7.9, 3.0, 0.013267922085265976, 0.986732077914734],
  [8.1, 30.0, 0.9999993967807637, 6.032192363887151e-7],
  [20.0, 1.0, 1.5875276010732629e-19, 1.0],
  [20.0, 19.0, 0.4393926106084916, 0.5606073893915084],
  [50.0, 300.0, 1.0, 2.418828583346486e-72],
  [100.0, 50.0, 3.200065324585125e-10, 0.9999999996799934],
  [100.0, 99.0, 0.473304330399461, 0.526695669600539],
  [100.0, 102.0, 0.5917186345188439, 0.4082813654811562],
  [100.0, 150.0, 0.9999940754596646, 0.000005924540335483916],
  [1000.0, 700.0, 1.0158583345333217e-26, 1.0],
  [1000.0, 1001.5, 0.5231059038930829, 0.4768940961069171],
  [1000.0, 1300.0, 1, 1.8736155715785553e-18],
  [12345.6, 12000.0, 0.0008536917731160069, 0.999146308226884],
  [12345.6, 13000.0, 0.9999999965150108, 3.484989160229625e-9],
  [1000000.0, 999000.0, 0.15865521357430365, 0.8413447864256963],
  [1000000.0, 1001500.0, 0.9331388957641022, 0.06686110423589776],
];

/** Relative error allowed for a probability: 1e-14, and rounding in its exponent. */
const allowed = (probability: number) => 1e-14 + 2 ** -51 * Math.abs(Math.log(probability)) * 2;

/** Near x = a the exponent is a difference of terms of size a. */
const allowedNear = (a: number, x: number, probability: number) =>
  allowed(probability) + (Math.abs(x / a - 1) > 0.1 ? 2 ** -52 * (a + x) : 0);

test.each(reference)("P and Q of a = %d at x = %d", (a, x, lower, upper) => {
  const computed = incompleteGamma(a, x);
  expect(Math.abs(computed.lower / lower - 1)).toBeLessThan(allowedNear(a, x, lower));
  expect(Math.abs(computed.upper / upper - 1)).toBeLessThan(allowedNear(a, x, upper));
});

test.each(reference)("quantiles of a = %d find x = %d back", (a, x, lower, upper) => {
  // Only from a tail that is small: a level near 1 does not determine x.
  const error = (found: number) => Math.abs(found / x - 1);
  if (lower > 1e-300 && lower <= 0.5) {
    expect(error(gammaQuantile(a, { lower }))).toBeLessThan(1e-13);
  }
  if (upper > 1e-300 && upper <= 0.5) {
    expect(error(gammaQuantile(a, { upper }))).toBeLessThan(1e-13);
  }
  expect(Math.min(lower, upper)).toBeLessThan(0.5);
});

test("an integer shape is a Poisson sum", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0.01, max: 200, noNaN: true }),
      (k, x) => {
        let term = Math.exp(-x);
        let sum = term;
        for (let i = 1; i < k; i++) {
          term *= x / i;
          sum += term;
        }
        const { upper } = incompleteGamma(k, x);
        expect(Math.abs(upper / sum - 1)).toBeLessThan(allowed(Math.exp(-x)) + 1e-13);
      },
    ),
  );
});

test("quantiles and tails are inverse over shapes and levels", () => {
  const shape = fc.double({ min: -3, max: 4, noNaN: true }).map((exponent) => 10 ** exponent);
  const level = fc.double({ min: -600, max: -0.7, noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(shape, level, (a, s) => {
      const x = gammaQuantile(a, { upper: s });
      const fall = x > 0 ? (a * gammaTerm(a, x)) / incompleteGamma(a, x).upper : 0;
      // The smallest x that is far enough: one double lower is not.
      expect(incompleteGamma(a, x).upper).toBeLessThanOrEqual(s);
      expect(incompleteGamma(a, x).upper / s).toBeGreaterThan(1 - 1e-12 - 2 ** -51 * fall);
    }),
  );
});

test("at and beyond the ends", () => {
  expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 });
  expect(incompleteGamma(2, 1e4).upper).toBe(0);
  expect(incompleteGamma(2, Infinity)).toEqual({ lower: 1, upper: 0 });
  // The quantile is near 1e-10000: the smallest double is the first at which P is large enough.
  expect(gammaQuantile(0.001, { lower: 1e-10 })).toBe(Number.MIN_VALUE);
});
