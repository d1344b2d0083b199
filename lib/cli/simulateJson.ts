import type { SimulationResult } from "../scenarios/simulate.ts";

/** One line of JSON; an infinite bound is null, and so are the numbers of what was not measured. */
export function simulateJson({ seed, runs, metrics }: SimulationResult): string {
  const shown = Object.entries(metrics).map(([name, { estimate, unit }]) => {
    const { value = null, low = null, high = null, trials = 0 } = estimate ?? {};
    return [name, { estimate: value, low, high, trials, unit }];
  });
  return JSON.stringify({ seed, runs, metrics: Object.fromEntries(shown) });
}
