import { expect, test } from "vitest";
import { randomStream } from "../../core/random.ts";
import { incompleteGamma } from "../../core/special/incompleteGamma.ts";
import { type Keys, needKeys } from "./keys.ts";

const draws = 200_000;

function frequencies(keys: Keys, size: number): number[] {
  const random = randomStream({ seed: 1, purpose: "test" });
  const counts = new Array(size).fill(0);
  for (let i = 0; i < draws; i++) counts[keys.pick(random.nextUniform(), "read")]++;
  return counts;
}

/** Probability that counts differ as much from what is expected, by chance; bins below 10 are joined. */
function chiSquareTail(counts: readonly number[], probabilities: readonly number[]): number {
  let [statistic, freedom, count, expected] = [0, -1, 0, 0];
  counts.forEach((each, i) => {
    count += each;
    expected += probabilities[i]! * draws;
    const rest = probabilities.slice(i + 1).reduce((sum, share) => sum + share, 0) * draws;
    if (expected < 10 || (rest < 10 && i < counts.length - 1)) return;
    statistic += (count - expected) ** 2 / expected;
    freedom++;
    count = 0;
    expected = 0;
  });
  expect(count).toBe(0);
  return incompleteGamma(freedom / 2, statistic / 2).upper;
}

function sumTo1(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

// 200,000 draws each; 6e-5 is the probability of 4 standard errors.
test.each([0, 0.5, 0.99, 1, 1.3, 3])("Zipf keys with exponent %d have its probabilities", (s) => {
  const keys = needKeys("f", "keys", { kind: "zipf", count: 60, exponent: s });
  const probabilities = sumTo1(Array.from({ length: 60 }, (_, k) => (k + 1) ** -s));
  expect(chiSquareTail(frequencies(keys, 60), probabilities)).toBeGreaterThan(6e-5);
  // Another exponent is caught: at 3 the first key's share moves by 0.007, eight standard errors.
  const other = sumTo1(Array.from({ length: 60 }, (_, k) => (k + 1) ** -(s + 0.05)));
  expect(chiSquareTail(frequencies(keys, 60), other)).toBeLessThan(6e-5);
});

test("Zipf keys: exact inversion, by a slower search, and a million keys", () => {
  const exponent = 1.2;
  const small = needKeys("f", "keys", { kind: "zipf", count: 7, exponent });
  const weights = Array.from({ length: 7 }, (_, k) => (k + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < 1000; i++) {
    const uniform = (i + 0.5) / 1000;
    let [key, sum] = [0, weights[0]!];
    while (sum <= uniform * total) sum += weights[++key]!;
    expect(small.pick(uniform, "read")).toBe(key);
  }
  const large = needKeys("f", "keys", { kind: "zipf", count: 1e6, exponent: 0.99 });
  expect(large.pick(1 - 2 ** -53, "read")).toBe(999_999);
  expect(large.pick(2 ** -53, "read")).toBe(0);
});

test("uniform keys", () => {
  const keys = needKeys("f", "keys", { kind: "uniform", count: 40 });
  const probabilities = new Array(40).fill(1 / 40);
  expect(chiSquareTail(frequencies(keys, 40), probabilities)).toBeGreaterThan(6e-5);
  expect(keys.pick(1 - 2 ** -53, "read")).toBe(39);
  expect(keys.pick(2 ** -53, "read")).toBe(0);
});

test("hot-spot keys: a share of the operations on a share of the keys", () => {
  const spec = { kind: "hotSpot", count: 50, shareOfKeys: 0.1, shareOfOperations: 0.8 };
  const probabilities = Array.from({ length: 50 }, (_, k) => (k < 5 ? 0.8 / 5 : 0.2 / 45));
  const counts = frequencies(needKeys("f", "keys", spec), 50);
  expect(chiSquareTail(counts, probabilities)).toBeGreaterThan(6e-5);
  const hot = counts.slice(0, 5).reduce((sum, count) => sum + count, 0) / draws;
  expect(Math.abs(hot - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / draws));
  for (const shareOfOperations of [0, 1]) {
    const keys = needKeys("f", "keys", { ...spec, shareOfOperations });
    const used = frequencies(keys, 50).flatMap((count, key) => (count > 0 ? [key] : []));
    expect(used).toEqual(
      Array.from({ length: 50 }, (_, k) => k).filter((k) => k < 5 === (shareOfOperations === 1)),
    );
  }
});

test("latest keys: reads prefer what was written last, the rest is uniform", () => {
  const spec = { kind: "latest", count: 1000, exponent: 1, window: 4 };
  const keys = needKeys("f", "keys", spec);
  // Nothing written: uniform.
  expect(keys.pick(0.5004, "read")).toBe(500);
  for (const key of [7, 100, 200, 100, 300, 400]) keys.wrote(key);
  // 12/25, 6/25, 4/25 and 3/25 for 400, 300, 100, 200.
  const picked = [0.47, 0.49, 0.71, 0.73, 0.87, 0.89].map((u) => keys.pick(u, "read"));
  expect(picked).toEqual([400, 300, 300, 100, 100, 200]);
  expect(keys.pick(0.5004, "write")).toBe(500);
  keys.reset();
  keys.wrote(7);
  expect(keys.pick(0.1, "read")).toBe(7);
  // The second latest is not there yet.
  expect(keys.pick(0.5004, "read")).toBe(500);
});

test.each([
  [{ kind: "normal" }, 'f: need keys.kind to be one of "uniform", "zipf", "hotSpot", "latest"'],
  [{ kind: "uniform", count: 0 }, "f: need keys.count to be an integer in [1, 4294967296], got 0"],
  [
    { kind: "zipf", count: 1e6 + 1, exponent: 1 },
    "f: need keys.count to be an integer in [1, 1000000]",
  ],
  [
    { kind: "zipf", count: 9, exponent: -1 },
    "f: need keys.exponent to be a number in [0, Infinity), got -1",
  ],
  [
    { kind: "zipf", count: 9, theta: 1 },
    'f: need fields of keys to be among kind, count, exponent, got "theta"',
  ],
  [
    { kind: "hotSpot", count: 9, shareOfKeys: 2, shareOfOperations: 1 },
    "f: need keys.shareOfKeys to be a number in [0, 1], got 2",
  ],
])("refuses %j", (value, message) => {
  expect(() => needKeys("f", "keys", value)).toThrow(RangeError);
  expect(() => needKeys("f", "keys", value)).toThrow(message);
});
