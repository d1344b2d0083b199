import type { DistributionSpec } from "../core/distribution.ts";
import { distributionFromJson } from "../core/distributions/registry.ts";
import type { Scenario } from "./scenario.ts";

/**
 * About how many events a run has, to a factor of three or so: what decides how many runs make a piece of
 * work for a thread. Every operation takes a few messages to each replica, and every heartbeat two.
 */
export function roughEvents(scenario: Scenario): number {
  const { partitions, replicas, options } = scenario.protocol;
  const { durationMs, settleMs } = scenario;
  const followers = replicas.length - 1;
  const heartbeats = ((durationMs + settleMs) / options.shipping.heartbeatMs) * followers;
  const operations = roughOperations(scenario);
  return 100 + 3 * partitions * heartbeats + operations * (6 + 2 * followers);
}

/** About how many operations begin in a run. */
function roughOperations({ workload, clients, durationMs, script }: Scenario): number {
  if (script !== undefined) return script.length;
  const { arrivals, sessions } = workload;
  switch (arrivals.kind) {
    case "trace":
      return arrivals.timesMs.length;
    case "closed": {
      const thinkMs = Math.max(1, meanMs(arrivals.thinkMs as number | DistributionSpec));
      return (sessions.perClient * clients.length * durationMs) / thinkMs;
    }
    default: {
      const sites = arrivals.rate.kind === "total" ? 1 : clients.length;
      return (arrivals.rate.perS * sites * durationMs) / 1000;
    }
  }
}

function meanMs(time: number | DistributionSpec): number {
  return typeof time === "number" ? time : distributionFromJson(time).mean;
}
