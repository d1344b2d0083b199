import { client } from "../protocols/single-leader/client.ts";
import { controllerProtocol } from "../protocols/single-leader/failover/controller.ts";
import type { ControllerConfig } from "../protocols/single-leader/failover/controllerConfig.ts";
import type {
  ClientConfig,
  ReplicaConfig,
  ReplicaGroup,
} from "../protocols/single-leader/options.ts";
import { replica } from "../protocols/single-leader/replica.ts";
import { faultActor } from "../simulation/faults/faultActor.ts";
import { workloadActor } from "../simulation/workload/workloadActor.ts";
import type { Actor, World, WorldNode } from "../simulation/world.ts";
import { meanDelayMs } from "./distance.ts";
import { type ScenarioNode, scenarioNodes } from "./nodes.ts";
import type { Scenario } from "./scenario.ts";
import { scriptActor } from "./scriptActor.ts";
import { workloadOf } from "./workloadOf.ts";

/** What the simulator needs to run a scenario. */
export interface ScenarioWorld {
  readonly world: World;
  /** Clients that ask, then faults that strike. */
  readonly actors: readonly Actor[];
  /** By partition, the nodes that hold it; the first leads at the start. */
  readonly groups: readonly ReplicaGroup[];
  /** Nodes of the clients, in the order of their sites. */
  readonly clients: readonly number[];
}

/**
 * The machines of a scenario, what runs on them, and who acts.
 *
 * @param scenario as `scenarioFromJson` returns it
 */
export function buildWorld(scenario: Scenario): ScenarioWorld {
  const nodes = scenarioNodes(scenario);
  const groups = groupsOf(nodes, scenario.protocol.partitions);
  const clients = numbersOf(nodes, "client");
  const controllers = numbersOf(nodes, "controller");
  const plan: Plan = { scenario, nodes, groups, clients, controllers };
  const { network, disk, clocks, faults, durationMs } = scenario;
  const world: World = {
    nodes: nodes.map((node, number) => worldNode(plan, node, number)),
    network,
    ...(disk !== undefined && { disk }),
    ...(clocks !== undefined && { clocks }),
  };
  const actors = [
    scenario.script === undefined
      ? workloadActor(workloadOf(scenario), world)
      : scriptActor(scenario.script, clients),
    faultActor({ faults, healAllAtMs: durationMs }, world),
  ];
  return { world, actors, groups, clients };
}

interface Plan {
  readonly scenario: Scenario;
  readonly nodes: readonly ScenarioNode[];
  readonly groups: readonly ReplicaGroup[];
  readonly clients: readonly number[];
  readonly controllers: readonly number[];
}

function worldNode(plan: Plan, node: ScenarioNode, number: number): WorldNode {
  const { name, region } = node;
  const { options } = plan.scenario.protocol;
  switch (node.kind) {
    case "replica": {
      const { serviceMs, software } = node.site;
      const group = plan.groups[node.partition]!;
      const { clients, controllers, scenario } = plan;
      const tells = scenario.clientOptions.discovery.kind === "directory";
      const config: ReplicaConfig = {
        ...{ group, controllers, options },
        ...(tells && { clients }),
        ...(software && { software }),
      };
      return { name, region, protocol: replica, config, ...(serviceMs && { serviceMs }) };
    }
    case "client":
      return { name, region, protocol: client, config: clientConfig(plan, number) };
    case "controller": {
      const { groups, controllers } = plan;
      const config: ControllerConfig = { groups, controllers, options };
      return { name, region, protocol: controllerProtocol(options), config };
    }
  }
}

function clientConfig(plan: Plan, number: number): ClientConfig {
  const { scenario, nodes, groups, clients } = plan;
  const from = { node: number, region: nodes[number]!.region };
  const delayMs = (node: number): number =>
    meanDelayMs(scenario.network, from, { node, region: nodes[node]!.region });
  return {
    groups,
    nearest: groups.map(({ replicas }) =>
      [...replicas].sort((a, b) => delayMs(a) - delayMs(b) || a - b),
    ),
    options: scenario.clientOptions,
    tokens: scenario.protocol.options.fencing.tokens,
    // Devices of a session that sit at several client nodes may share what the session remembers.
    ...(scenario.workload.sessions.deviceSites === "spread" && {
      siblings: clients.filter((client) => client !== number),
    }),
  };
}

function groupsOf(nodes: readonly ScenarioNode[], partitions: number): readonly ReplicaGroup[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    partitionCount: partitions,
    replicas: nodes.flatMap((node, number) =>
      node.kind === "replica" && node.partition === partition ? [number] : [],
    ),
  }));
}

function numbersOf(nodes: readonly ScenarioNode[], kind: ScenarioNode["kind"]): readonly number[] {
  return nodes.flatMap((node, number) => (node.kind === kind ? [number] : []));
}
