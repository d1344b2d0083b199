import type { SimulationResult } from "../scenarios/simulate.ts";

/**
 * One line of JSON. `seedName`: `runSeed` if it is of the one run of that seed. An infinite bound is null, and so are the numbers of what was not measured.
 */
export function simulateJson(
  { seed, runs, metrics }: SimulationResult,
  seedName: "seed" | "runSeed" = "seed",
): string {
  const shown = Object.entries(metrics).map(([name, { estimate, unit }]) => {
    const { value = null, low = null, high = null, trials = 0 } = estimate ?? {};
    return [name, { estimate: value, low, high, trials, unit }];
  });
  return JSON.stringify({ [seedName]: seed, runs, metrics: Object.fromEntries(shown) });
}
