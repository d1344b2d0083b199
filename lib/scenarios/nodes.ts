import { controllerCount } from "../protocols/single-leader/failover/controllerConfig.ts";
import type { ClientSite, Deployment, ReplicaSite, Scenario } from "./scenario.ts";

/** A node of a scenario and what it is for. */
export type ScenarioNode = { readonly name: string; readonly region: string } & (
  | { readonly kind: "replica"; readonly partition: number; readonly site: ReplicaSite }
  | { readonly kind: "controller" }
  | { readonly kind: "client"; readonly site: ClientSite }
);

/** All nodes in the order of their numbers: replicas by partition, controllers, clients. */
export function scenarioNodes({
  protocol,
  clients,
}: Pick<Scenario, "protocol" | "clients">): readonly ScenarioNode[] {
  return [
    ...Array.from({ length: protocol.partitions }, (_, i) => replicasOf(protocol, i)).flat(),
    ...controllerRegions(protocol).map(
      (region, i): ScenarioNode => ({ kind: "controller", name: `controller-${i + 1}`, region }),
    ),
    ...clients.map(
      (site, i): ScenarioNode => ({
        ...{ kind: "client", name: site.name ?? `client-${i + 1}` },
        ...{ region: site.region, site },
      }),
    ),
  ];
}

/** Where the controllers stand: where the scenario says, or each beside a replica. */
function controllerRegions({ controllers, replicas, options }: Deployment): readonly string[] {
  if (controllers.length > 0) return controllers;
  const count = controllerCount(options);
  return Array.from({ length: count }, (_, i) => replicas[i % replicas.length]!.region);
}

function replicasOf({ partitions, replicas }: Deployment, partition: number): ScenarioNode[] {
  const prefix = partitions === 1 ? "" : `p${partition}/`;
  return replicas.map((site, i) => ({
    ...{ kind: "replica", name: `${prefix}${site.name ?? `replica-${i + 1}`}` },
    ...{ region: site.region, partition, site },
  }));
}
