import type { ClientGroup, WorkloadSpec } from "../simulation/workload/workloadSpec.ts";
import { scenarioNodes } from "./nodes.ts";
import type { Scenario } from "./scenario.ts";

/** The workload of a scenario with its clients, until `durationMs`. */
export function workloadOf(scenario: Scenario): WorkloadSpec {
  const isClosed = scenario.workload.arrivals.kind === "closed";
  const groups = scenarioNodes(scenario).flatMap((node): ClientGroup[] => {
    if (node.kind !== "client") return [];
    const nodes = { kind: "node", node: node.name } as const;
    return [isClosed ? { nodes } : { nodes, share: node.site.share }];
  });
  return { ...scenario.workload, clients: groups, stopAtMs: scenario.durationMs };
}
