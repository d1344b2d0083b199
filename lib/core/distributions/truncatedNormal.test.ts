import { expect, test } from "vitest";
import { truncatedNormal } from "./truncatedNormal.ts";

test("a limit that is out of reach changes nothing", () => {
  const open = truncatedNormal({ meanMs: 10, sdMs: 1 });
  const closed = truncatedNormal({ meanMs: 10, sdMs: 1, minMs: 0, maxMs: "1 s" });
  expect([open.mean, closed.mean]).toEqual([10, 10]);
  for (const level of [1e-200, 1e-9, 0.2, 0.999]) {
    expect(closed.upperQuantile(level)).toBe(open.upperQuantile(level));
  }
});

test("limits alike on both sides leave mean and median in the middle", () => {
  const { mean, quantile } = truncatedNormal({ meanMs: 10, sdMs: 7, minMs: 6, maxMs: 14 });
  expect([mean, quantile(0.5)]).toEqual([expect.closeTo(10, 12), expect.closeTo(10, 12)]);
});

test("between limits close together it is nearly uniform, wherever they are", () => {
  for (const meanMs of [-30, 5, 5.0000005, 40]) {
    const narrow = truncatedNormal({ meanMs, sdMs: 2, minMs: 5, maxMs: 5.000001 });
    expect(narrow.mean).toBeCloseTo(5.0000005, 9);
    expect(narrow.cdf(5.00000025)).toBeCloseTo(0.25, 4);
    expect(narrow.quantile(0.25)).toBeCloseTo(5.00000025, 9);
  }
});

test("far from the mean it is nearly exponential", () => {
  // Beyond z = 30 the normal tail falls like exp(-z x / sd): mean z / (z^2 + 1) up to 1 / z^5.
  const far = truncatedNormal({ meanMs: -30, sdMs: 1 });
  expect(far.mean).toBeCloseTo(1 / 30 - 2 / 30 ** 3, 6);
  expect((far.quantile(1e-200) * far.pdf!(0)) / 1e-200).toBeCloseTo(1, 12);
  expect(far.survival(0.5) / Math.exp(-15 - 0.125)).toBeCloseTo(30 / 30.5, 3);
});
