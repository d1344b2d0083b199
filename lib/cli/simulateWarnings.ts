import { formatDuration } from "../core/duration.ts";
import type { Scenario } from "../scenarios/scenario.ts";

type FaultTimes = Scenario["faults"][number]["when"];

/** A line for each fault that cannot strike: it begins only when the run is over and all is healed. */
export function lateFaultWarnings({ faults, durationMs }: Scenario): readonly string[] {
  return faults.flatMap(({ name, disabled, when }, index) => {
    const fromMs = earliestMs(when);
    if (disabled || fromMs < durationMs) return [];
    const [from, end] = [fromMs, durationMs].map((ms) => formatDuration(ms));
    const title = name === undefined ? "" : ` ("${name}")`;
    return [
      `warning: faults[${index}]${title} never strikes: it begins at ${from}, the run ends at ${end}`,
    ];
  });
}

/** Before this it surely does not strike, in ms. */
function earliestMs(when: FaultTimes): number {
  const least = (time: unknown): number => (typeof time === "number" ? time : 0);
  switch (when.kind) {
    case "at":
      return Math.min(...[when.atMs].flat().map(least));
    case "every":
      return least(when.fromMs ?? when.everyMs);
    case "observed":
      return least(when.afterMs);
    default:
      return least(when.fromMs);
  }
}
