import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { Distribution } from "../distribution.ts";
import { constant } from "./constant.ts";
import { exponential } from "./exponential.ts";
import { gamma } from "./gamma.ts";
import { logNormal } from "./logNormal.ts";
import { pareto } from "./pareto.ts";
import { distributionFamilies, distributionFromJson } from "./registry.ts";
import { shifted } from "./shifted.ts";
import { shiftedExponential } from "./shiftedExponential.ts";
import { truncatedNormal } from "./truncatedNormal.ts";
import { uniform } from "./uniform.ts";
import { weibull } from "./weibull.ts";

const printed: readonly (readonly [Distribution, string])[] = [
  [constant({ valueMs: "5 ms" }), "constant(5 ms)"],
  [uniform({ minMs: 150, maxMs: "0.3 s" }), "uniform(150 ms to 300 ms)"],
  [exponential({ meanMs: 5 }), "exponential(mean 5 ms)"],
  [exponential({ ratePerMs: 0.183 }), "exponential(rate 0.183 per ms)"],
  [
    shiftedExponential({ shiftMs: "1 ms", meanMs: "2 s" }),
    "shiftedExponential(shift 1 ms, mean 2 s)",
  ],
  [pareto({ minMs: 0.235, alpha: 10 }), "pareto(min 235 us, alpha 10)"],
  [weibull({ scaleMs: 2, shape: 0.7 }), "weibull(scale 2 ms, shape 0.7)"],
  [gamma({ shape: 2, scaleMs: 5 }), "gamma(shape 2, scale 5 ms)"],
  [logNormal({ medianMs: 2, sigma: 0.5 }), "logNormal(median 2 ms, sigma 0.5)"],
  [truncatedNormal({ meanMs: 5, sdMs: 2 }), "truncatedNormal(mean 5 ms, sd 2 ms, from 0 ms)"],
  [
    truncatedNormal({ meanMs: -5, sdMs: 2, minMs: 1, maxMs: "9 ms" }),
    "truncatedNormal(mean -5 ms, sd 2 ms, 1 ms to 9 ms)",
  ],
  [shifted(constant({ valueMs: 1 }), "2 ms"), "shifted(constant(1 ms), by 2 ms)"],
];

test.each(printed)("%s prints, also as the last expression of a cell", (distribution, text) => {
  expect(String(distribution)).toBe(text);
  expect(inspect(distribution)).toBe(text);
});

test("a distribution cannot be changed", () => {
  const distribution = exponential({ meanMs: 5 });
  expect(Object.isFrozen(distribution)).toBe(true);
});

test("plain data with texts of durations is read, and written as numbers of ms", () => {
  const read = distributionFromJson({
    kind: "mixture",
    parts: [
      { weight: 0.5, distribution: { kind: "exponential", meanMs: "5 ms" } },
      {
        weight: 0.5,
        distribution: {
          kind: "shifted",
          byMs: "1 s",
          distribution: { kind: "pareto", minMs: "150 us", alpha: 2 },
        },
      },
    ],
  });
  expect(read.toJSON()).toEqual({
    kind: "mixture",
    parts: [
      { weight: 0.5, distribution: { kind: "exponential", meanMs: 5 } },
      {
        weight: 0.5,
        distribution: {
          kind: "shifted",
          byMs: 1000,
          distribution: { kind: "pareto", minMs: 0.15, alpha: 2 },
        },
      },
    ],
  });
});

const kinds =
  'one of "constant", "uniform", "exponential", "shiftedExponential", "truncatedNormal", ' +
  '"logNormal", "weibull", "gamma", "pareto", "empiricalFromSamples", "empiricalFromPercentiles", ' +
  '"mixture", "shifted"';

const nested = (distribution: unknown) => ({
  kind: "mixture",
  parts: [
    { weight: 0.5, distribution: { kind: "constant", valueMs: 1 } },
    { weight: 0.5, distribution },
  ],
});

test.each([
  [{ kind: "normal" }, `distributionFromJson: need kind to be ${kinds}, got "normal"`],
  [{}, `need kind to be ${kinds}, got undefined`],
  [null, "distributionFromJson: need value to be an object, got null"],
  ["exponential", 'need value to be an object, got "exponential"'],
  [[], "need value to be an object, got []"],
  [nested({ kind: "expo" }), 'need parts[1].distribution.kind to be one of "constant"'],
  [nested(5), "need parts[1].distribution to be an object, got 5"],
  [
    nested({ kind: "shifted", byMs: 1, distribution: { kind: "?" } }),
    "need parts[1].distribution.distribution.kind to be one of",
  ],
  [
    { kind: "exponential", mean: 5 },
    'need parameters of exponential to be among meanMs, ratePerMs, got "mean"',
  ],
  [
    nested({ kind: "pareto", minMs: 1, alpha: 2, beta: 3 }),
    "need parts[1].distribution.parameters of pareto to be among minMs, alpha",
  ],
  [{ kind: "exponential" }, "exponential: need parameters to be given either meanMs or ratePerMs"],
  [{ kind: "exponential", meanMs: 5, ratePerMs: 1 }, "given either meanMs or ratePerMs, got {"],
  [{ kind: "exponential", meanMs: 0 }, "exponential: need meanMs to be a duration"],
  [{ kind: "exponential", meanMs: "5 kg" }, '"3 h", > 0, got "5 kg"'],
  [{ kind: "exponential", ratePerMs: 0 }, "need ratePerMs to be a number in (0, Infinity) per ms"],
  [{ kind: "exponential", ratePerMs: null }, "got null"],
  [{ kind: "shiftedExponential", meanMs: 5 }, "shiftedExponential: need shiftMs to be a duration"],
  [{ kind: "constant", valueMs: -1 }, "constant: need valueMs to be a duration"],
  [
    { kind: "uniform", minMs: 5, maxMs: 5 },
    "uniform: need maxMs to be > minMs, which is 5 ms, got 5",
  ],
  [{ kind: "pareto", minMs: 0, alpha: 1 }, "pareto: need minMs to be a duration"],
  [
    { kind: "pareto", minMs: 1, alpha: 0 },
    "pareto: need alpha to be a number in [0.1, Infinity), got 0",
  ],
  [{ kind: "pareto", minMs: 1, alpha: Number.NaN }, "got NaN"],
  [{ kind: "weibull", scaleMs: 1, shape: 0.001 }, "need shape to be a number in [0.01, 1000]"],
  [{ kind: "gamma", scaleMs: 1, shape: 2e6 }, "need shape to be a number in [0.001, 1000000]"],
  [{ kind: "logNormal", medianMs: 1, sigma: 0 }, "need sigma to be a number in (0, 100], got 0"],
  [{ kind: "truncatedNormal", meanMs: 1, sdMs: 0 }, "need sdMs to be a duration"],
  [{ kind: "truncatedNormal", meanMs: Infinity, sdMs: 1 }, "need meanMs to be a number in"],
  [
    { kind: "truncatedNormal", meanMs: 1, sdMs: 1, minMs: 3, maxMs: 2 },
    "need maxMs to be > minMs, which is 3 ms, got 2",
  ],
  [
    { kind: "truncatedNormal", meanMs: -100, sdMs: 1 },
    "need the limits to be within 37 sdMs of meanMs",
  ],
  [{ kind: "shifted", byMs: -1, distribution: { kind: "constant", valueMs: 1 } }, "need byMs"],
  [{ kind: "shifted", byMs: 1 }, "distributionFromJson: need distribution to be an object"],
])("%o is refused", (value, message) => {
  expect(() => distributionFromJson(value)).toThrow(RangeError);
  expect(() => distributionFromJson(value)).toThrow(message);
});

test("every family names its kind once and says what it is", () => {
  const names = distributionFamilies.map(({ kind }) => kind);
  expect(new Set(names).size).toBe(names.length);
  for (const { summary, parameters } of distributionFamilies) {
    expect(summary).toMatch(/\w/);
    expect(parameters.length).toBeGreaterThan(0);
  }
});
