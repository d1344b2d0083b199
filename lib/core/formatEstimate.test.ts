import { expect, test } from "vitest";
import { exactEstimate, isEstimate } from "./estimate.ts";
import { formatEstimate, formatNumber } from "./formatEstimate.ts";
import { meanEstimate } from "./meanEstimate.ts";
import { proportion } from "./proportion.ts";

test.each([
  [181_870, 1e6, "0.1819 [0.1811, 0.1826]"],
  [0, 1000, "0 [0, 0.0037]"],
  [0, 1e6, "0 [0, 3.7e-6]"],
  [1e6, 1e6, "1 [0.9999963, 1]"],
  [3, 1e6, "3.0e-6 [6e-7, 8.8e-6]"],
  [1, 10, "0.10 [0.003, 0.45]"],
  [5, 10, "0.50 [0.19, 0.81]"],
])("%i hits in %i trials", (hits, trials, text) => {
  expect(formatEstimate(proportion({ hits, trials }))).toBe(text);
});

test("exact values say so", () => {
  expect(formatEstimate(exactEstimate(4 / 9))).toBe("0.444444 (exact)");
  expect(formatEstimate(exactEstimate(9.99499e-7))).toBe("9.99499e-7 (exact)");
  expect(formatEstimate(exactEstimate(0))).toBe("0 (exact)");
  expect(formatEstimate(exactEstimate(Infinity))).toBe("∞ (exact)");
});

test("open ends show as such", () => {
  const base = { ...meanEstimate([4]), trials: 100 };
  expect(formatEstimate(base)).toBe("4 (-∞, ∞)");
  expect(formatEstimate({ ...base, low: 3.62 })).toBe("4.00 [3.62, ∞)");
  expect(formatEstimate({ ...base, high: 17.2 })).toBe("4 (-∞, 17]");
});

test("values of any size keep the digits that the interval warrants", () => {
  const base = meanEstimate([4]);
  const text = (value: number, half: number) =>
    formatEstimate({ ...base, value, low: value - half, high: value + half });
  expect(text(1234.5678, 20)).toBe("1235 [1215, 1255]");
  expect(text(1234.5678, 0.02)).toBe("1234.568 [1234.548, 1234.588]");
  expect(text(3.3e11, 1e9)).toBe("3.300e+11 [3.290e+11, 3.310e+11]");
  expect(text(-2.5e-9, 1e-10)).toBe("-2.50e-9 [-2.60e-9, -2.40e-9]");
  expect(text(4, 0)).toBe("4 [4, 4]");
});

test("what is not 0 does not read as 0, and 0 does", () => {
  const base = meanEstimate([4]);
  const text = (value: number, low: number, high: number) =>
    formatEstimate({ ...base, value, low, high });
  expect(text(0.02496, 0, 1)).toBe("0.02 [0, 1]");
  expect(text(0.3, -0.4, 250)).toBe("0.3 [-0.4, 250]");
  expect(text(0.6, 0, 250)).toBe("1 [0, 250]");
  expect(text(0.00101, 0, 1)).toBe("0.001 [0, 1]");
  expect(text(0, 0, 1)).toBe("0 [0, 1]");
  // Of a numeric method: next to what the interval leaves open, nothing.
  expect(text(1.5e-22, 1.4e-22, 1.8e-4)).toBe("0.00000 [0.00000, 0.00018]");
});

test("numbers without an interval", () => {
  expect(formatNumber(0.1 + 0.2)).toBe("0.3");
  expect(formatNumber(1_000_000)).toBe("1000000");
  expect(formatNumber(0.000123456789)).toBe("0.000123457");
  expect(formatNumber(Number.NaN)).toBe("NaN");
  expect(formatNumber(-Infinity)).toBe("-∞");
});

test("an estimate is told from other data", () => {
  expect(isEstimate(exactEstimate(1))).toBe(true);
  expect([1, "x", null, undefined, {}, { value: 1, low: 1, high: 1 }].some(isEstimate)).toBe(false);
  expect(() => exactEstimate(Number.NaN)).toThrow("exactEstimate: need value");
});
