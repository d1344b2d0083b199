import fc from "fast-check";
import { expect, test } from "vitest";
import type { Distribution } from "../distribution.ts";
import { constant } from "./constant.ts";
import { empiricalFromPercentiles } from "./empiricalFromPercentiles.ts";
import { empiricalFromSamples } from "./empiricalFromSamples.ts";
import { exponential } from "./exponential.ts";
import { mixture } from "./mixture.ts";
import { pareto } from "./pareto.ts";
import { shifted } from "./shifted.ts";
import { uniform } from "./uniform.ts";

const body = pareto({ minMs: 0.235, alpha: 10 });
const tail = exponential({ ratePerMs: 1.66 });
const halves = (one: Distribution, other: Distribution) =>
  mixture([
    { weight: 0.5, distribution: one },
    { weight: 0.5, distribution: other },
  ]);

/** The obvious version: halve between two neighbouring doubles. */
function bisectUpper({ survival, support }: Distribution, s: number, top: number): number {
  let low = support[0];
  let high = top;
  if (survival(low) <= s) return low;
  for (;;) {
    const x = low + (high - low) / 2;
    if (x === low || x === high) return high;
    if (survival(x) <= s) high = x;
    else low = x;
  }
}

const part = fc.oneof(
  fc.double({ min: 0.01, max: 100, noNaN: true }).map((meanMs) => exponential({ meanMs })),
  fc.double({ min: 0.01, max: 100, noNaN: true }).map((minMs) => pareto({ minMs, alpha: 2 })),
  fc.double({ min: 0, max: 100, noNaN: true }).map((valueMs) => constant({ valueMs })),
  fc.double({ min: 0, max: 99, noNaN: true }).map((minMs) => uniform({ minMs, maxMs: 100 })),
);

test("upper quantiles agree with plain bisection to the last bit", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 4 });
  const level = fc.double({ min: -40, max: -0.7, noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(
      weights,
      fc.array(part, { minLength: 4, maxLength: 4 }),
      level,
      (counts, parts, s) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const mixed = mixture(
          counts.map((count, i) => ({ weight: count / total, distribution: parts[i]! })),
        );
        // Only beyond the median, and to rounding where survival does not fall at every double.
        const exact = bisectUpper(mixed, s, 1e12);
        expect(Math.abs(mixed.upperQuantile(s) - exact)).toBeLessThanOrEqual(4 * 2 ** -52 * exact);
      },
    ),
  );
});

test("a mixture of one part is that part", () => {
  const one = mixture([{ weight: 1, distribution: tail }]);
  for (const level of [1e-200, 1e-9, 0.3, 0.9]) {
    expect(one.survival(tail.upperQuantile(level))).toBe(tail.survival(tail.upperQuantile(level)));
    expect(one.quantile(level) / tail.quantile(level)).toBeCloseTo(1, 13);
    expect(one.upperQuantile(level) / tail.upperQuantile(level)).toBeCloseTo(1, 13);
  }
});

test("a part of weight zero changes nothing but the printed form", () => {
  const with0 = mixture([
    { weight: 1, distribution: tail },
    { weight: 0, distribution: pareto({ minMs: 100, alpha: 0.5 }) },
  ]);
  expect([with0.mean, with0.support, with0.breakpoints]).toEqual([tail.mean, tail.support, []]);
  expect(String(with0)).toBe(
    "mixture(100 % exponential(rate 1.66 per ms) + 0 % pareto(min 100 ms, alpha 0.5))",
  );
});

test("an atom is found exactly, on its whole stretch of levels", () => {
  const mixed = halves(constant({ valueMs: 3 }), exponential({ meanMs: 3 }));
  const after = mixed.survival(3);
  for (const s of [after, after + 0.1, after + 0.4999]) expect(mixed.upperQuantile(s)).toBe(3);
  expect(mixed.upperQuantile(after * 0.999)).toBeGreaterThan(3);
  expect(mixed.pdf).toBeUndefined();
});

test("a quantile beyond the largest double is infinite", () => {
  const heavy = halves(pareto({ minMs: 1, alpha: 0.1 }), tail);
  expect(heavy.upperQuantile(1e-200)).toBe(Infinity);
  expect(heavy.upperQuantile(1e-20) / 2e-20 ** -10).toBeCloseTo(1, 10);
});

test("breakpoints: where a part begins, at both sides of an atom, once at a gap", () => {
  const near = (levels: unknown, expected: readonly number[]) => {
    expect(levels).toHaveLength(expected.length);
    expected.forEach((level, i) => {
      expect((levels as number[])[i]).toBeCloseTo(level, 13);
    });
  };
  const fit = mixture([
    { weight: 0.9122, distribution: body },
    { weight: 0.0878, distribution: tail },
  ]);
  near(fit.breakpoints, [0.9122 + 0.0878 * Math.exp(-1.66 * 0.235)]);
  near(halves(tail, exponential({ meanMs: 9 })).breakpoints, []);
  const rest = Math.exp(-1) / 2;
  near(halves(constant({ valueMs: 3 }), exponential({ meanMs: 3 })).breakpoints, [
    0.5 + rest,
    rest,
  ]);
  const gap = halves(uniform({ minMs: 0, maxMs: 1 }), uniform({ minMs: 5, maxMs: 6 }));
  near(gap.breakpoints, [0.5]);
  near(shifted(fit, 7).breakpoints, fit.breakpoints as number[]);
  // A gap inside a part, bridged by the other part: a kink at either end of it.
  near(halves(gap, uniform({ minMs: 0, maxMs: 10 })).breakpoints, [0.7, 0.5, 0.2]);
});

test("breakpoints of a table inside a mixture move with the other parts", () => {
  const table = empiricalFromPercentiles({
    percentiles: [
      { percent: 0, valueMs: 1 },
      { percent: 50, valueMs: 2 },
      { percent: 100, valueMs: 10 },
    ],
  });
  const levels = halves(table, tail).breakpoints as readonly number[];
  const expected = [0.5 + Math.exp(-1.66) / 2, 0.25 + Math.exp(-3.32) / 2, Math.exp(-16.6) / 2];
  expect(levels).toHaveLength(3);
  levels.forEach((level, i) => {
    expect(level).toBeCloseTo(expected[i]!, 13);
  });
});

test("where a part has too many breakpoints to list, so has the mixture", () => {
  const samples = empiricalFromSamples({
    samplesMs: Float64Array.from({ length: 2000 }, (_, i) => i),
  });
  expect(samples.breakpoints).toBe("everywhere");
  expect(halves(samples, tail).breakpoints).toBe("everywhere");
});

test("the quantile function is smooth between breakpoints, and not at them", () => {
  // Second difference of the quantile over equal steps of the level: of order step^2 where smooth; at
  // the kink where the Pareto part begins, the slope changes from 10 to 0.03.
  const fit = mixture([
    { weight: 0.9122, distribution: body },
    { weight: 0.0878, distribution: tail },
  ]);
  const [kink] = fit.breakpoints as readonly number[];
  const step = 1e-4;
  const roughness = (level: number) => {
    const [before, at, after] = [-1, 0, 1].map((i) => fit.upperQuantile(level + i * step));
    return Math.abs(before! - 2 * at! + after!);
  };
  expect(roughness(kink!)).toBeGreaterThan(5e-4);
  for (const level of [0.99, kink! + 2 * step, kink! - 2 * step, 0.9, 0.3, 0.1]) {
    expect(roughness(level)).toBeLessThan(1e-5);
  }
});

test.each([
  [[], "mixture: need parts to be a list that is not empty, got []"],
  [[{ weight: 0.5, distribution: tail }], "mixture: need the sum of the weights to be 1, got 0.5"],
  [
    [
      { weight: 1.5, distribution: tail },
      { weight: -0.5, distribution: tail },
    ],
    "mixture: need parts[0].weight to be a number in [0, 1], got 1.5",
  ],
  [
    [
      { weight: 1, distribution: tail },
      { weight: Number.NaN, distribution: tail },
    ],
    "mixture: need parts[1].weight to be a number in [0, 1], got NaN",
  ],
  [[{ weight: 1 }], "mixture: need parts[0].distribution to be a distribution, got undefined"],
  [[{ weight: 1, distribution: tail.spec }], "parts[0].distribution to be a distribution, got {"],
])("refuses parts %#", (parts, message) => {
  expect(() => mixture(parts as never)).toThrow(RangeError);
  expect(() => mixture(parts as never)).toThrow(message);
});

test("weights may add up to 1 but for rounding", () => {
  const tenths = Array.from({ length: 10 }, () => ({ weight: 0.1, distribution: tail }));
  expect(mixture(tenths).cdf(1e9)).toBe(1);
  expect(() => mixture(tenths.slice(1).concat({ weight: 0.1 + 2e-9, distribution: tail }))).toThrow(
    "sum of the weights",
  );
});
