import { expect, test } from "vitest";
import { tableValue } from "../../test/support/warsTwin.ts";
import { productionLegs } from "../quorum/productionLatencies.ts";
import type { Distribution } from "./distribution.ts";
import { distributionFromJson } from "./distributions/registry.ts";
import { type QuantileTable, quantileTable, tableErrorMax } from "./quantileTable.ts";
import { type RandomStream, randomStream } from "./random.ts";

const specs = [
  { kind: "constant", valueMs: 5 },
  { kind: "uniform", minMs: 1, maxMs: 4 },
  { kind: "exponential", meanMs: 5 },
  { kind: "shiftedExponential", shiftMs: 2, meanMs: 5 },
  { kind: "truncatedNormal", meanMs: 1, sdMs: 2 },
  { kind: "logNormal", medianMs: 5, sigma: 1.5 },
  { kind: "weibull", shape: 0.5, scaleMs: 3 },
  { kind: "weibull", shape: 3, scaleMs: 3 },
  { kind: "gamma", shape: 0.5, scaleMs: 3 },
  { kind: "gamma", shape: 7, scaleMs: 3 },
  { kind: "pareto", minMs: 1, alpha: 1.2 },
  { kind: "empiricalFromSamples", samplesMs: [1, 2, 2, 3, 7, 50] },
];

const distributions: [string, Distribution][] = [
  ...specs.map((spec): [string, Distribution] => [
    JSON.stringify(spec),
    distributionFromJson(spec),
  ]),
  ["LNKD-SSD", productionLegs.lnkdSsd.w],
  ["LNKD-DISK W", productionLegs.lnkdDisk.w],
  ["YMMR W", productionLegs.ymmr.w],
  ["YMMR A", productionLegs.ymmr.a],
];

/**
 * How far the table's value for a draw is from one that has the probability `level` beyond it: 0 if
 * x with P(X > x) <= level + d and P(X >= x) >= level - d for d = 0. In units of probability.
 */
function excess(distribution: Distribution, word: number, x: number): number {
  const upper = (word | 0) >= 0;
  const level = Math.abs((word | 0) + 0.5) / 2 ** 32;
  const beyond = (y: number) => (upper ? distribution.survival(y) : distribution.cdf(y));
  const outside = upper ? x * (1 + 2 ** -48) : x * (1 - 2 ** -48);
  const inside = upper ? x * (1 - 2 ** -48) : x * (1 + 2 ** -48);
  return Math.max(beyond(outside) - level, level - beyond(inside), 0);
}

/** Draws whose levels are uniform within octaves, so that tails are looked at as closely as bodies. */
function spreadWord(random: RandomStream): number {
  const shift = random.nextUint32() % 17;
  const word = random.nextUint32();
  const level = (word >>> 1) >>> shift;
  return word & 1 ? level : ~level >>> 0;
}

/** Largest error of many draws: in probability, and relative to the mass beyond the value. */
function worst(distribution: Distribution, table: QuantileTable, draws: number) {
  const random = randomStream({ seed: 5, purpose: "words" });
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < draws; i++) {
    const word = spreadWord(random);
    // Refined draws are looked at below: here the middle of the refinement.
    if (Math.abs(word | 0) < 2 ** 16) continue;
    const value = tableValue(table, word, () => 2 ** 31);
    const error = excess(distribution, word, value);
    absolute = Math.max(absolute, error);
    relative = Math.max(relative, error / (Math.abs((word | 0) + 0.5) / 2 ** 32));
  }
  return { absolute, relative };
}

// 20,000 draws look at each of the 2,048 cells ten times, at random places, while construction looks
// at five. The error of a cubic exceeds half its maximum on more than half of a cell, so that a cell
// twice worse than claimed is missed with probability 2^-10.
test.each(distributions)("%s: values differ by at most 2^-30 in probability", (_, distribution) => {
  const { absolute, relative } = worst(distribution, quantileTable(distribution), 20_000);
  expect(absolute).toBeLessThanOrEqual(2 ** -30);
  expect(relative).toBeLessThanOrEqual(2 ** -24);
  expect(tableErrorMax).toBeGreaterThan(2 ** -30);
});

test("the check sees a table of lines instead of cubics", () => {
  const distribution = productionLegs.lnkdDisk.w;
  const table = quantileTable(distribution);
  const cells = table.cells.slice();
  for (let i = 0; i < cells.length; i += 4) {
    if (Number.isNaN(cells[i])) continue;
    const at = (t: number) =>
      ((cells[i + 3]! * t + cells[i + 2]!) * t + cells[i + 1]!) * t + cells[i]!;
    const start = 1 + ((i / 4) % 64) / 64;
    const slope = (at(start + 1 / 64) - at(start)) * 64;
    cells.set([at(start) - slope * start, slope, 0, 0], i);
  }
  expect(worst(distribution, { ...table, cells }, 20_000).absolute).toBeGreaterThan(2 ** -30);
});

test("refined draws reach levels of 2^-60 in both tails", () => {
  for (const [, distribution] of distributions) {
    const table = quantileTable(distribution);
    for (const word of [0, 1, 77, 20_000, ~0, ~1, ~77, ~20_000]) {
      for (const detail of [0, 12345, 2 ** 31, 2 ** 32 - 1]) {
        const whole = word >= 0 ? word : ~word;
        const level = (whole + (detail + 0.5) / 2 ** 32) / 2 ** 32;
        const x = tableValue(table, word, () => detail);
        const at = word >= 0 ? distribution.upperQuantile : distribution.quantile;
        const low = at.call(distribution, level * (1 - 2 ** -19));
        const high = at.call(distribution, level * (1 + 2 ** -19));
        const slack = 1e-12 * Math.abs(x);
        expect(x).toBeGreaterThanOrEqual(Math.min(low, high) - slack);
        expect(x).toBeLessThanOrEqual(Math.max(low, high) + slack);
      }
    }
  }
});

test("steps and atoms are exact: a sample's values occur with their shares, and nothing else", () => {
  const table = quantileTable(distributionFromJson(specs.at(-1)!));
  // 2^16 words spread evenly over all: each share k/6 is met to one word.
  const counts = new Map<number, number>();
  for (let i = 0; i < 2 ** 16; i++) {
    const x = tableValue(table, (i * 2 ** 16 + 2 ** 15) >>> 0, () => 2 ** 31);
    counts.set(x, (counts.get(x) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 7, 50]);
  for (const [x, count] of counts) {
    expect(Math.abs(count / 2 ** 16 - (x === 2 ? 2 : 1) / 6)).toBeLessThanOrEqual(2 ** -16);
  }
});

test("many steps: 'everywhere' is looked for and found", () => {
  const samplesMs = Array.from({ length: 5000 }, (_, i) => (i + 1) ** 2 / 100);
  const distribution = distributionFromJson({ kind: "empiricalFromSamples", samplesMs });
  expect(distribution.breakpoints).toBe("everywhere");
  const { absolute } = worst(distribution, quantileTable(distribution), 2000);
  expect(absolute).toBeLessThanOrEqual(2 ** -30);
});

test("the same plain data give the same table, made once", () => {
  const again = distributionFromJson(JSON.parse(JSON.stringify(productionLegs.lnkdSsd.w)));
  expect(quantileTable(again)).toBe(quantileTable(productionLegs.lnkdSsd.w));
});
