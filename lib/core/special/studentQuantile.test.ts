import { expect, test } from "vitest";
import { studentQuantile, twoSidedStudent } from "./studentQuantile.ts";

/** scipy 1.17.1: stats.t.ppf(p, degrees), and stats.norm.ppf(p) for infinite degrees. */
const golden: readonly (readonly [number, number, number])[] = [
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749462],
  [0.975, 4, 2.7764451051977934],
  [0.975, 9, 2.262157162798205],
  [0.995, 30, 2.7499956535672254],
  [0.95, 2.5, 2.5582186141359355],
  [0.975, 1e3, 1.9623390808264083],
  [0.975, 1e6, 1.959966356814107],
  [0.9995, 10, 4.586893858702708],
  [0.6, 7, 0.2631668613520229],
  [0.975, Infinity, 1.959963984540054],
  [0.9999995, Infinity, 4.89163847571478],
  [1e-10, Infinity, -6.361340902404056],
];

test("quantiles agree with scipy to 1e-14", () => {
  for (const [p, degrees, quantile] of golden) {
    expect(Math.abs(studentQuantile(p, degrees) / quantile - 1)).toBeLessThan(1e-14);
  }
});

test("the distribution is symmetric around 0", () => {
  expect(studentQuantile(0.5, 3)).toBe(0);
  expect(studentQuantile(0.25, 3)).toBe(-studentQuantile(0.75, 3));
  expect(twoSidedStudent(0.95, 9)).toBeCloseTo(studentQuantile(0.975, 9), 12);
});
