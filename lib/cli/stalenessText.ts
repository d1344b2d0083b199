import type { Estimate } from "../core/estimate.ts";
import { formatEstimateParts, formatNumber } from "../core/formatEstimate.ts";
import type { LatencyEstimates, StalenessAnswer } from "../quorum/question.ts";

/** A readable table of the answer: value and interval of every quantity. */
export function stalenessText(answer: StalenessAnswer): string {
  const { n, r, w, latency, method, trials, seed, confidence, visibility } = answer.question;
  return [
    `${latency}, N=${n} R=${r} W=${w}; method ${method}, ${trials} trials, seed ${seed}`,
    "",
    ...aligned([
      ["", "estimate", `${formatNumber(100 * confidence)} % interval`],
      ...answer.stale.map(({ atMs, probability }) =>
        row(`stale reads, ${atMs} ms after commit`, probability),
      ),
      row(
        `${formatNumber(100 * visibility, 12)} % of reads fresh after`,
        answer.visibilityMs,
        " ms",
      ),
      ...latencies("read", answer.readLatencyMs),
      ...latencies("write", answer.writeLatencyMs),
    ]),
  ].join("\n");
}

function latencies(name: string, { p50, p99, p999 }: LatencyEstimates): string[][] {
  return [
    row(`${name} latency, 50 %`, p50, " ms"),
    row(`${name} latency, 99 %`, p99, " ms"),
    row(`${name} latency, 99.9 %`, p999, " ms"),
  ];
}

function row(name: string, estimate: Estimate, unit = ""): string[] {
  const { value, low, high } = formatEstimateParts(estimate);
  const interval = estimate.method === "exact" ? "exact" : `${low}, ${high}${unit}`;
  return [name, `${value}${unit}`, interval];
}

/** Names to the left, estimates to the right, intervals behind them. */
function aligned(rows: string[][]): string[] {
  const [names, values] = [0, 1].map((column) =>
    Math.max(...rows.map((cells) => cells[column]!.length)),
  );
  return rows.map(([name, value, interval]) =>
    `${name!.padEnd(names!)}  ${value!.padStart(values!)}  ${interval}`.trimEnd(),
  );
}
