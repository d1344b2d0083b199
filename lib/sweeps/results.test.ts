import fc from "fast-check";
import { expect, test } from "vitest";
import { exactEstimate } from "../core/estimate.ts";
import type { RowPlan } from "./measure.ts";
import { fixedQuorumStaleness } from "./measures/fixedQuorumStaleness.ts";
import { SweepResults } from "./results.ts";
import { batchSize, chunkStarts, rangesAhead, rowOfChunk } from "./workList.ts";

/** A row whose total shows the order in which its parts were merged. */
const spelling = (chunks: number): RowPlan<string> => ({
  chunks,
  run: (index) => String.fromCharCode(97 + index),
  merge: (total, next) => total + next,
  finish: (total) => ({
    staleProbability: exactEstimate(Number.parseInt(total, 36)),
  }),
});

function resultsOf(plans: readonly RowPlan<string>[]) {
  const measure = fixedQuorumStaleness;
  const points = plans.map((_, k) => ({ k }));
  const rows = points.map((config) => ({ config, seed: 1 }));
  const work = { measure: measure.name, measuresFrom: undefined, rows, starts: chunkStarts(plans) };
  return new SweepResults({ measure, points, plans: plans as readonly RowPlan[], work });
}

const lengths = [3, 1, 6, 2];
const letters = lengths.flatMap((length) => [..."abcdef"].slice(0, length));
const words = lengths.map((length) => Number.parseInt("abcdef".slice(0, length), 36));

test("parts are merged in the order of their chunks, in whatever order they come", () => {
  const order = fc.shuffledSubarray(
    letters.map((_, index) => index),
    { minLength: letters.length },
  );
  fc.assert(
    fc.property(order, (chunks) => {
      const results = resultsOf(lengths.map(spelling));
      for (const chunk of chunks) results.take(chunk, [letters[chunk]]);
      expect(results.table().numbers("staleProbability")).toEqual(words);
      expect(results.counts()).toEqual({ done: 12, total: 12, rowsDone: 4, rowsTotal: 4 });
    }),
  );
});

test("parts may come in runs that cross rows; rows with a hole are not in the table", () => {
  const results = resultsOf(lengths.map(spelling));
  results.take(5, letters.slice(5, 12));
  expect(results.table().column("k")).toEqual([3]);
  expect(results.table().complete).toBe(false);
  results.take(0, letters.slice(0, 4));
  expect(results.table().column("k")).toEqual([0, 1, 3]);
  results.take(4, letters.slice(4, 5));
  expect(results.table().numbers("staleProbability")).toEqual(words);
  expect(results.table().complete).toBe(true);
});

test("chunks are found in their rows", () => {
  const starts = chunkStarts(lengths.map(spelling));
  expect(starts).toEqual([0, 3, 4, 10, 12]);
  const rows = letters.map((_, chunk) => rowOfChunk(starts, chunk));
  expect(rows).toEqual([0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
});

test("a worker has a second range at hand only while chunks are short", () => {
  expect([undefined, 1, 49, 50, 5000].map(rangesAhead)).toEqual([1, 2, 2, 1, 1]);
});

test("batches are worth 50 ms, and small at the end", () => {
  const left = 10_000;
  expect(batchSize(left, 2, undefined)).toBe(1);
  expect(batchSize(left, 2, 1)).toBe(50);
  expect(batchSize(left, 2, 200)).toBe(1);
  expect(batchSize(left, 2, 1e-6)).toBe(2500);
  expect(batchSize(10, 2, 1)).toBe(3);
  expect(batchSize(1, 2, 1)).toBe(1);
});
