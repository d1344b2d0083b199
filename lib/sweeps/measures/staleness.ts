import type { LatencyEstimates, StalenessQuestion } from "../../quorum/question.ts";
import { needQuorumSizes } from "../../quorum/quorumSizes.ts";
import { defaultStaleness, staleness } from "../../quorum/staleness.ts";
import { warsLatencyFromJson } from "../../quorum/warsLatencyFromJson.ts";
import { defineMeasure, type Measure, type MeasureResult, wholeRow } from "../measure.ts";

/** Configuration of the measure `staleness`: the question, at one time after commit. */
export interface StalenessConfig extends Omit<StalenessQuestion, "atMs" | "seed"> {
  /** Time after the commit of a write at which a read starts, ms, >= 0. */
  readonly atMs: number;
}

const { seed: _seed, ...settings } = defaultStaleness;

/** How often reads are stale, from when on they are fresh, and how long operations take. */
export const stalenessMeasure: Measure = defineMeasure<StalenessConfig, MeasureResult>({
  name: "staleness",
  description: "Stale reads, t-visibility and latencies of operations under partial quorums.",
  defaults: { ...settings, n: 3, r: 1, w: 1, latency: "lnkd-disk", atMs: 0 },
  outputs: [
    { name: "staleProbability", label: "stale reads" },
    { name: "visibilityMs", label: "t-visibility", unit: "ms" },
    ...latencyOutputs("read"),
    ...latencyOutputs("write"),
  ],
  plan: ({ atMs, latency, ...question }, seed) => {
    needQuorumSizes("staleness", question);
    const parsed = warsLatencyFromJson(latency);
    return wholeRow(() => {
      const answer = staleness({ ...question, latency: parsed, atMs: [atMs], seed });
      return {
        staleProbability: answer.stale[0]!.probability,
        visibilityMs: answer.visibilityMs,
        ...latencyResults("read", answer.readLatencyMs),
        ...latencyResults("write", answer.writeLatencyMs),
      };
    });
  },
});

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
