import type { Estimate } from "../core/estimate.ts";
import { formatEstimateParts, formatNumber } from "../core/formatEstimate.ts";
import { metricDefinitions } from "../scenarios/metrics/metricDefinitions.ts";
import type { SimulatedMetric, SimulationResult } from "../scenarios/simulate.ts";

/** A readable table of the result: value and interval of every metric. */
export function simulateText(
  { name, seed, runs, confidence, metrics }: SimulationResult,
  seedName: "seed" | "runSeed" = "seed",
): string {
  const rows = [
    ["", "estimate", `${formatNumber(100 * confidence)} % interval`, "trials"],
    ...Object.entries(metrics).map(([metric, measured]) => row(metric, measured)),
  ];
  const heading =
    seedName === "seed" ? `${name}; ${runsText(runs)}, seed ${seed}` : `${name}; run seed ${seed}`;
  const isBounded = Object.values(metrics).some(({ estimate }) => isZeroWithBound(estimate));
  const notes = isBounded ? ["", zeroNote] : [];
  return [heading, "", ...aligned(rows), ...notes].join("\n");
}

const zeroNote = "zero in all runs: the bound counts each run as one trial; more runs narrow it";

/** Nothing was seen, and how often it may happen all the same is bounded. A quantile of 0 says less. */
function isZeroWithBound(estimate: Estimate | null): boolean {
  if (estimate === null || estimate.method === "woodruff") return false;
  return estimate.value === 0 && estimate.high > 0 && Number.isFinite(estimate.high);
}

/** `1 run`, `2 runs`. */
export function runsText(runs: number): string {
  return `${runs} ${runs === 1 ? "run" : "runs"}`;
}

/** All metrics with their units and what they are, a paragraph each. */
export function metricListText(): string {
  return metricDefinitions
    .map(({ name, unit, meaning }) => `${name}${isPlain(unit) ? "" : ` (${unit})`}\n    ${meaning}`)
    .join("\n");
}

function row(name: string, { estimate, unit: unitName }: SimulatedMetric): string[] {
  if (estimate === null) return [name, "not measured", "", ""];
  const { value, low, high } = formatEstimateParts(estimate);
  const unit = isPlain(unitName) ? "" : ` ${unitName}`;
  const interval = estimate.method === "exact" ? "exact" : `${low}, ${high}${unit}`;
  return [name, `${value}${unit}`, interval, formatNumber(estimate.trials)];
}

/** Shares are shown as plain numbers. */
function isPlain(unit: string): boolean {
  return unit === "" || unit === "share";
}

/** Names and intervals to the left, numbers to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]!.length)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => {
        const isNumber = column === 1 || column === 3;
        return isNumber ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
      })
      .join("  ")
      .trimEnd(),
  );
}
