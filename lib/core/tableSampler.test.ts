import { expect, test } from "vitest";
import { tableValue } from "../../test/support/warsTwin.ts";
import { distributionFromJson } from "./distributions/registry.ts";
import { quantileTable, tableErrorMax } from "./quantileTable.ts";
import { randomStream, type UniformSource } from "./random.ts";
import { samplerOf, TableSampler } from "./tableSampler.ts";

const specs = [
  { kind: "exponential", meanMs: 5 },
  { kind: "uniform", minMs: 1, maxMs: 4 },
  { kind: "logNormal", medianMs: 5, sigma: 1.5 },
  { kind: "gamma", shape: 7, scaleMs: 3 },
  { kind: "empiricalFromSamples", samplesMs: [1, 2, 2, 3, 7, 50] },
];

/** Gives the words of a list and counts how many were taken. */
class Words implements UniformSource {
  taken = 0;
  private readonly words: readonly number[];

  constructor(words: readonly number[]) {
    this.words = words;
  }

  nextUint32(): number {
    return this.words[this.taken++]!;
  }

  nextUniform(): number {
    throw new Error("a table takes words");
  }
}

const edges = [
  0,
  1,
  2,
  2 ** 15 - 1,
  2 ** 15,
  2 ** 15 + 1,
  2 ** 16 - 1,
  2 ** 16,
  2 ** 30,
  2 ** 31 - 1,
];

// Words at the edges of octaves, and as many in every octave: 50,000, of which a quarter is refined.
test("values are those of the obvious reader, to the last bit", () => {
  const random = randomStream({ seed: 1, purpose: "words" });
  const octaved = Array.from({ length: 50_000 }, () => {
    const level = (random.nextUint32() >>> 1) >>> (random.nextUint32() % 24);
    return random.nextUint32() & 1 ? level : ~level >>> 0;
  });
  const words = [...edges, ...edges.map((word) => ~word >>> 0), ...octaved];
  for (const spec of specs) {
    const table = quantileTable(distributionFromJson(spec));
    const sampler = new TableSampler(table);
    const wrong = words.filter((word) => {
      const detail = random.nextUint32();
      const expected = tableValue(table, word, () => detail);
      return sampler.sample(new Words([word, detail])) !== expected;
    });
    expect(wrong).toEqual([]);
  }
});

test("a draw takes one word, two where it is refined", () => {
  const sampler = samplerOf(distributionFromJson(specs[0]));
  for (const word of edges) {
    for (const side of [word, ~word >>> 0]) {
      const words = new Words([side, 123]);
      sampler.sample(words);
      expect(words.taken, `${side}`).toBe(word < 2 ** 15 ? 2 : 1);
    }
  }
});

// Kolmogorov and Smirnov: 200,000 draws; sqrt(n) D exceeds 2.2 with probability 2 exp(-2 * 2.2^2) =
// 1.3e-4, to which the table adds at most tableErrorMax * sqrt(n) = 4.7e-7.
test.each(specs)("draws of $kind follow the distribution", (spec) => {
  const distribution = distributionFromJson(spec);
  const sampler = samplerOf(distribution);
  const random = randomStream({ seed: 7, purpose: "draws" });
  const count = 200_000;
  const values = Float64Array.from({ length: count }, () => sampler.sample(random)).sort();
  let distance = 0;
  for (let i = 0; i < count; i++) {
    const isLast = i + 1 === count || values[i + 1]! > values[i]!;
    if (isLast)
      distance = Math.max(distance, Math.abs((i + 1) / count - distribution.cdf(values[i]!)));
  }
  expect(Math.sqrt(count) * (distance - tableErrorMax)).toBeLessThan(2.2);
});

test("a constant and a large sample are drawn from directly", () => {
  const samplesMs = Array.from({ length: 5000 }, (_, i) => i);
  const large = distributionFromJson({ kind: "empiricalFromSamples", samplesMs });
  const constant = distributionFromJson({ kind: "constant", valueMs: 5 });
  for (const distribution of [large, constant]) {
    expect(samplerOf(distribution)).toBe(distribution);
  }
});
