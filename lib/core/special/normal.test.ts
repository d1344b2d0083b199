import fc from "fast-check";
import { expect, test } from "vitest";
import { normalDensity, normalSurvival, normalUpperQuantile } from "./normal.ts";
import { normalInterval } from "./normalInterval.ts";

// Computed with mpmath 1.3, 60 digits: erfc(z / sqrt(2)) / 2 of the double z.
const survival: readonly (readonly [number, number])[] = [
  [-38.0, 1.0],
  [-37.5, 1.0],
  [-20.0, 1.0],
  [-8.0, 0.9999999999999993],
  [-5.7, 0.9999999940096286],
  [-5.6, 0.9999999892824097],
  [-3.0, 0.9986501019683699],
  [-1.0, 0.8413447460685429],
  [-0.7, 0.758036347776927],
  [-0.6, 0.7257468822499265],
  [-0.1, 0.539827837277029],
  [-1e-10, 0.5000000000398942],
  [0.0, 0.5],
  [1e-5, 0.49999601057719606],
  [0.3, 0.3820885778110474],
  [0.66, 0.25462691467133614],
  [0.68, 0.2482522304535705],
  [1.5, 0.06680720126885807],
  [3.3, 0.0004834241423837775],
  [5.65, 8.022391850663497e-9],
  [5.66, 7.568649751997714e-9],
  [7.0, 1.279812543885835e-12],
  [12.0, 1.776482112077679e-33],
  [25.0, 3.056696706382561e-138],
  [37.0, 5.725571222524577e-300],
  [38.4, 6.4e-323],
];

// Computed with mpmath: the root z of erfc(z / sqrt(2)) / 2 = s of the double s.
const upperQuantile: readonly (readonly [number, number])[] = [
  [1e-310, 37.663060331949524],
  [1e-300, 37.0470962993612],
  [1e-200, 30.20559417957964],
  [1e-100, 21.273453560965326],
  [1e-50, 14.933337534788489],
  [1e-20, 9.262340089798407],
  [1e-12, 7.034483825301132],
  [1e-7, 5.1993375821928165],
  [0.0001, 3.7190164854556804],
  [0.01, 2.326347874040841],
  [0.02425, 1.972961051311885],
  [0.07, 1.4757910281791706],
  [0.08, 1.4050715603096327],
  [0.3, 0.5244005127080408],
  [0.42, 0.20189347914185088],
  [0.43, 0.17637416478086135],
  [0.499999999, 2.5066283428845328e-9],
  [0.5, 0.0],
  [0.6, -0.2533471031357997],
  [0.9, -1.2815515655446006],
  [0.99, -2.3263478740408408],
  [0.999999, -4.753424308817087],
];

// Ten units in the last place.
const tolerance = 10 * 2 ** -52;

test.each(survival)("P(Z > %d) = %d", (z, expected) => {
  // The smallest doubles, below 2.2e-308, have fewer digits.
  const allowed = Math.max(tolerance * expected, Number.MIN_VALUE);
  expect(Math.abs(normalSurvival(z) - expected)).toBeLessThanOrEqual(allowed);
});

test.each(upperQuantile)("P(Z > z) = %d at z = %d", (s, expected) => {
  expect(Math.abs(normalUpperQuantile(s) - expected)).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
});

test("limits of the survival function", () => {
  expect([-Infinity, 0, Infinity].map(normalSurvival)).toEqual([1, 0.5, 0]);
});

test("quantile and survival are inverse, as far as the rounding of z allows", () => {
  const level = fc.double({ min: -690, max: -1e-3, noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(level, (s) => {
      const z = normalUpperQuantile(s);
      // A relative error e of z changes the survival by z^2 e at most.
      const allowed = tolerance * (1 + z * z);
      expect(Math.abs(normalSurvival(z) / s - 1)).toBeLessThan(allowed);
    }),
  );
});

// Computed with mpmath: differences of erfc of the doubles given.
const intervals: readonly (readonly [number, number, number])[] = [
  [-1.0, 1.0, 0.6826894921370859],
  [0.0, 0.001, 0.0003989422139110626],
  [0.3, 1.2, 0.2670189075893391],
  [-0.4, 0.5, 0.3468842028843373],
  [5.0, 5.1, 1.1682483116443376e-7],
  [5.0, 5.3, 2.2875023147954797e-7],
  [10.0, 11.0, 7.619661958203076e-24],
  [30.0, 30.01, 1.2731211121828332e-198],
  [30.0, 31.0, 4.9067139271479176e-198],
  [-3.0, 8.0, 0.9986501019683692],
  [36.5, 37, 5.5447256558191323e-292],
  [1.0, 1.0000000001, 2.4197074452779234e-11],
];

test.each(intervals)("P(%d < Z < %d) = %d", (from, to, expected) => {
  const interval = { from, to, width: to - from, per: 1 };
  const mirrored = { from: -to, to: -from, width: to - from, per: 1 };
  // The exponent z^2 / 2 is itself rounded: an error of z^2 units in the last place.
  const allowed = tolerance * (1 + Math.max(Math.abs(from), Math.abs(to)) ** 2);
  expect(Math.abs(normalInterval(interval) / expected - 1)).toBeLessThan(allowed);
  expect(normalInterval(mirrored)).toBe(normalInterval(interval));
});

test("a tiny interval has its width times the density, where tails would cancel to nothing", () => {
  const width = 1e-18;
  expect(
    normalInterval({ from: 1, to: 1, width, per: 1 }) / (width * normalDensity(1)),
  ).toBeCloseTo(1, 14);
  expect(normalSurvival(1) - normalSurvival(1 + width)).toBe(0);
  // Width and density are 1e-200 each; their product is not.
  const far = normalInterval({ from: 30, to: 30, width: 1e-200, per: normalSurvival(30) });
  expect(far / (1e-200 * (normalDensity(30) / normalSurvival(30)))).toBeCloseTo(1, 13);
  expect(normalInterval({ from: -Infinity, to: Infinity, width: Infinity, per: 1 })).toBe(1);
  expect(normalInterval({ from: 2, to: 1, width: -1, per: 1 })).toBe(0);
});
