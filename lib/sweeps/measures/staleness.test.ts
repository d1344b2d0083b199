import { expect, test } from "vitest";
import { exponential } from "../../core/distributions/exponential.ts";
import { staleness } from "../../quorum/staleness.ts";
import { stalenessMeasure } from "./staleness.ts";

const leg = exponential({ meanMs: 1 });
const slow = exponential({ meanMs: 10 });
const latency = {
  kind: "identical",
  name: "slow",
  legs: { w: slow, a: leg, r: leg, s: leg },
} as const;
const common = { n: 3, r: 1, w: 1, visibility: 0.99, confidence: 0.9 };

/** What a sweep does with one row, without threads. */
function rowOf(config: object, seed: number) {
  const plan = stalenessMeasure.plan({ ...stalenessMeasure.defaults, ...config }, seed);
  let total = plan.run(0);
  for (let index = 1; index < plan.chunks; index++) total = plan.merge(total, plan.run(index));
  return { chunks: plan.chunks, result: plan.finish(total) };
}

test.each([
  ["exact", 5000, 1],
  // 39 blocks of 65,536 trials, three a chunk to make about 16 of them.
  ["count", 2_500_000, 13],
] as const)("a row is the answer of staleness() (%s)", (method, trials, chunks) => {
  const question = { ...common, method, trials };
  const answer = staleness({ ...question, latency, atMs: [2], seed: 5 });
  // As it comes out of a message to a thread: plain data.
  const config = { ...question, latency: JSON.parse(JSON.stringify(latency)), atMs: 2 };
  const row = rowOf(config, 5);
  expect(row.chunks).toBe(chunks);
  expect(row.result).toEqual({
    staleProbability: answer.stale[0]!.probability,
    visibilityMs: answer.visibilityMs,
    readLatencyMsP50: answer.readLatencyMs.p50,
    readLatencyMsP99: answer.readLatencyMs.p99,
    readLatencyMsP999: answer.readLatencyMs.p999,
    writeLatencyMsP50: answer.writeLatencyMs.p50,
    writeLatencyMsP99: answer.writeLatencyMs.p99,
    writeLatencyMsP999: answer.writeLatencyMs.p999,
  });
  expect(Object.keys(row.result)).toEqual(stalenessMeasure.outputs.map(({ name }) => name));
  const other = rowOf(config, 6).result;
  expect(other.staleProbability!.value).not.toBe(row.result.staleProbability!.value);
});

test("a long row has chunks of 64 blocks with three replicas, of one with a hundred", () => {
  const chunks = (config: object) =>
    stalenessMeasure.plan({ ...stalenessMeasure.defaults, method: "count", ...config }, 1).chunks;
  expect(chunks({ n: 3, trials: 65_536 * 6400 })).toBe(100);
  expect(chunks({ n: 100, trials: 65_536 * 6400 })).toBe(6400);
  expect(chunks({ n: 3, trials: 10 })).toBe(1);
});

test.each(["exact", "count"])("strict quorums are never stale (%s)", (method) => {
  const { result } = rowOf({ ...common, r: 2, w: 2, method, trials: 1000 }, 1);
  expect(result.staleProbability).toMatchObject({ value: 0, method: "exact" });
  expect(result.visibilityMs).toMatchObject({ value: 0, method: "exact" });
});

test.each([
  [{ r: 4 }, "need r to be an integer in [1, 3], got 4"],
  [{ atMs: -1 }, "need atMs to be a number in [0, Infinity) ms, got -1"],
  [{ visibility: 1 }, "need visibility to be a number in (0, 1), got 1"],
  [{ confidence: 0 }, "need confidence to be a number in (0, 1), got 0"],
  [{ method: "guess" }, 'need method to be one of "exact", "count", got "guess"'],
  [{ method: "count", trials: 0 }, "need trials to be an integer >= 1, got 0"],
  [{ latency: "lnkd" }, '"lnkd"'],
])("a wrong configuration is refused before any work: %j", (config, message) => {
  const plan = () => stalenessMeasure.plan({ ...stalenessMeasure.defaults, ...config }, 1);
  expect(plan).toThrow(RangeError);
  expect(plan).toThrow(message);
});
