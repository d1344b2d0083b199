import type { Estimate } from "../../core/estimate.ts";
import { needNumber } from "../../core/need.ts";
import { chunkCount, chunkTrials, countPlan } from "../../quorum/countPlan.ts";
import { addCounts, countChunks, type StalenessCounts } from "../../quorum/countStaleness.ts";
import type { LatencyEstimates, StalenessQuestion } from "../../quorum/question.ts";
import { defaultStaleness, staleness, stalenessOfCounts } from "../../quorum/staleness.ts";
import { type CheckedStaleness, needStaleness } from "../../quorum/stalenessRequest.ts";
import { warsLatencyFromJson } from "../../quorum/warsLatencyFromJson.ts";
import {
  defineMeasure,
  type Measure,
  type MeasureResult,
  type RowPlan,
  wholeRow,
} from "../measure.ts";

/** Configuration of the measure `staleness`: the question, at one time after commit. */
export interface StalenessConfig extends Omit<StalenessQuestion, "atMs" | "seed"> {
  /** Time after the commit of a write at which a read starts, ms, >= 0. */
  readonly atMs: number;
}

const { seed: _seed, ...settings } = defaultStaleness;

/**
 * How often reads are stale, from when on they are fresh, and how long operations take: `staleness()`
 * at one time. Rows of the method `count` are cut into chunks, so that many threads share one row.
 */
export const stalenessMeasure: Measure = defineMeasure<StalenessConfig, unknown>({
  name: "staleness",
  description: "Stale reads, t-visibility and latencies of operations under partial quorums.",
  defaults: { ...settings, n: 3, r: 1, w: 1, latency: "lnkd-disk", atMs: 0 },
  outputs: [
    { name: "staleProbability", label: "stale reads" },
    { name: "visibilityMs", label: "t-visibility", unit: "ms" },
    ...latencyOutputs("read"),
    ...latencyOutputs("write"),
  ],
  plan(config, seed) {
    const { atMs, latency, ...others } = config;
    needNumber("staleness", "atMs", atMs, { min: 0, exclusiveMax: true, unit: "ms" });
    const parsed = warsLatencyFromJson(latency);
    const request = { ...others, latency: parsed, atMs: [atMs], seed };
    const checked = needStaleness(request);
    if (checked.question.method === "count") return countedRow(checked);
    return wholeRow(() => {
      const { stale, ...rest } = staleness(request);
      return row({ ...rest, staleProbability: stale[0]!.probability });
    });
  },
});

/** Most trials of a chunk times replicas: a fifth of a second of counting, beside 2 ms of merging. */
const chunkReplicas = 12 * 2 ** 20;

/** Chunks that even a short row is cut into, so that several workers can share it. */
const chunksMin = 16;

function countedRow({ question, model }: CheckedStaleness): RowPlan<StalenessCounts> {
  const plan = countPlan(model, question);
  const total = chunkCount(plan);
  const longest = Math.max(1, Math.floor(chunkReplicas / plan.n / chunkTrials));
  const span = Math.min(longest, Math.ceil(total / chunksMin));
  return {
    chunks: Math.ceil(total / span),
    run: (index) =>
      countChunks(plan, { start: index * span, end: Math.min(total, (index + 1) * span) }),
    merge: addCounts,
    finish(counts) {
      const { stale, ...rest } = stalenessOfCounts(counts, question);
      return row({ ...rest, staleProbability: stale[0]! });
    },
  };
}

interface RowParts {
  readonly staleProbability: Estimate;
  readonly visibilityMs: Estimate;
  readonly readLatencyMs: LatencyEstimates;
  readonly writeLatencyMs: LatencyEstimates;
}

function row({ staleProbability, visibilityMs, ...latencies }: RowParts): MeasureResult {
  return {
    staleProbability,
    visibilityMs,
    ...latencyResults("read", latencies.readLatencyMs),
    ...latencyResults("write", latencies.writeLatencyMs),
  };
}

function latencyOutputs(operation: string) {
  return (["50", "99", "99.9"] as const).map((percent) => ({
    name: `${operation}LatencyMsP${percent.replace(".", "")}`,
    label: `${operation} p${percent}`,
    unit: "ms",
  }));
}

function latencyResults(operation: string, { p50, p99, p999 }: LatencyEstimates): MeasureResult {
  return {
    [`${operation}LatencyMsP50`]: p50,
    [`${operation}LatencyMsP99`]: p99,
    [`${operation}LatencyMsP999`]: p999,
  };
}
