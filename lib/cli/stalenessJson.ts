import type { Estimate } from "../core/estimate.ts";
import type { LatencyEstimates, StalenessAnswer } from "../quorum/question.ts";

/** One line of JSON; `JSON.stringify` writes an infinite bound as null. */
export function stalenessJson({ question, ...answer }: StalenessAnswer): string {
  const { n, r, w, latency, method, trials, seed, visibility } = question;
  return JSON.stringify({
    ...{ n, r, w, latency, method, trials, seed },
    stale: answer.stale.map(({ atMs, probability: { value, low, high } }) => ({
      ...{ atMs, estimate: value, low, high },
    })),
    visibility: {
      probability: visibility,
      ms: answer.visibilityMs.value,
      low: answer.visibilityMs.low,
      high: answer.visibilityMs.high,
    },
    readLatencyMs: percentiles(answer.readLatencyMs),
    writeLatencyMs: percentiles(answer.writeLatencyMs),
  });
}

function percentiles(latency: LatencyEstimates): Record<string, unknown> {
  const part = (end: "value" | "low" | "high") => ({
    p50: latency.p50[end],
    p99: latency.p99[end],
    p999: latency.p999[end],
  });
  const numbers: Record<string, Estimate["value"]> = part("value");
  return { ...numbers, low: part("low"), high: part("high") };
}
