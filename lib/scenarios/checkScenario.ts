import { needInteger, needNumber, refuse } from "../core/need.ts";
import { client } from "../protocols/single-leader/client.ts";
import { controllerProtocol } from "../protocols/single-leader/failover/controller.ts";
import { controllerCount } from "../protocols/single-leader/failover/controllerConfig.ts";
import { replica } from "../protocols/single-leader/replica.ts";
import { needClocks } from "../simulation/clockSpec.ts";
import { needFaults } from "../simulation/faults/needFaults.ts";
import { planLinks } from "../simulation/networkLinks.ts";
import type { PlacedNode } from "../simulation/nodeSet.ts";
import { needWorkload } from "../simulation/workload/needWorkload.ts";
import { isRegional } from "./distance.ts";
import { type ScenarioNode, scenarioNodes } from "./nodes.ts";
import type { Scenario } from "./scenario.ts";
import { suggestion } from "./shapes/nearest.ts";
import { workloadOf } from "./workloadOf.ts";

/** Checks what fields mean together; `where` is the function that errors name. */
export function checkScenario(scenario: Scenario, where: string): void {
  const { durationMs, warmUpMs } = scenario;
  needNumber(where, "warmUpMs", warmUpMs, { min: 0, max: durationMs, exclusiveMax: true });
  needRegions(where, scenario);
  needDistinctNames(where, scenario);
  needCounts(where, scenario);
  needControllers(where, scenario);
  const nodes = scenarioNodes(scenario);
  planLinks(
    where,
    scenario.network,
    nodes.map(({ region }) => region),
  );
  if (scenario.clocks !== undefined) needClocks(where, scenario.clocks, nodes.length);
  needWorkload(where, workloadOf(scenario), placed(scenario));
  needScript(where, scenario);
  needMessages(where, scenario);
  needPartitions(where, "faults", scenario.faults, scenario.protocol.partitions);
  needFaults(where, { faults: scenario.faults, healAllAtMs: durationMs }, placed(scenario));
}

/** Nodes as faults look for them. */
function placed(scenario: Scenario): readonly PlacedNode[] {
  const roleOf = (kind: ScenarioNode["kind"]): string =>
    kind === "replica"
      ? replica.role
      : kind === "client"
        ? client.role
        : controllerProtocol(scenario.protocol.options).role;
  return scenarioNodes(scenario).map(({ name, region, kind }) => ({
    ...{ name, region },
    protocol: { role: roleOf(kind) },
  }));
}

/** CPU time is given by the names of messages that replicas handle. */
function needMessages(where: string, { protocol }: Scenario): void {
  const names = Object.keys(replica.on);
  for (const [index, { serviceMs = {} }] of protocol.replicas.entries()) {
    const stray = Object.keys(serviceMs).find((name) => !names.includes(name));
    if (stray === undefined) continue;
    const what = `messages of replicas: ${names.join(", ")}${suggestion(stray, names)}`;
    refuse(where, `names in protocol.replicas[${index}].serviceMs`, what, stray);
  }
}

/** A leader of a partition that there is not would never be hit, which nobody wants. */
function needPartitions(where: string, path: string, part: unknown, partitions: number): void {
  if (typeof part !== "object" || part === null) return;
  for (const [key, value] of Object.entries(part)) {
    const inner = Array.isArray(part) ? `${path}[${key}]` : `${path}.${key}`;
    if (key === "partition") needInteger(where, inner, value, { min: 0, max: partitions - 1 });
    else needPartitions(where, inner, value, partitions);
  }
}

function needRegions(where: string, scenario: Scenario): void {
  const { latency } = scenario.network;
  if (!isRegional(latency)) return;
  const { regions } = latency;
  const { replicas, controllers } = scenario.protocol;
  const sites = [
    ...replicas.map(({ region }, i) => [`protocol.replicas[${i}].region`, region] as const),
    ...controllers.map((region, i) => [`protocol.controllers[${i}]`, region] as const),
    ...scenario.clients.map(({ region }, i) => [`clients[${i}].region`, region] as const),
  ];
  for (const [field, region] of sites) {
    if (regions.includes(region)) continue;
    const names = regions.map((name) => `"${name}"`).join(", ");
    refuse(
      where,
      field,
      `a region of the network (${names})${suggestion(region, regions)}`,
      region,
    );
  }
}

function needDistinctNames(where: string, scenario: Scenario): void {
  const names = scenarioNodes(scenario).map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) refuse(where, "names of nodes", "different from each other", twice);
}

function needCounts(where: string, { protocol }: Scenario): void {
  const { acknowledgement, fencing } = protocol.options;
  const range = { min: 1, max: protocol.replicas.length - 1 };
  const options = "protocol.options";
  if (acknowledgement.kind === "semi-synchronous") {
    needInteger(where, `${options}.acknowledgement.followers`, acknowledgement.followers, range);
  }
  if (fencing.minFollowers !== null) {
    const { count } = fencing.minFollowers;
    needInteger(where, `${options}.fencing.minFollowers.count`, count, range);
  }
}

function needScript(where: string, { script = [], clients, durationMs }: Scenario): void {
  let beforeMs = 0;
  for (const [index, { atMs, client, after }] of script.entries()) {
    const path = `script[${index}]`;
    needNumber(where, `${path}.atMs`, atMs, { min: beforeMs, max: durationMs, unit: "ms" });
    needInteger(where, `${path}.client`, client, { min: 0, max: clients.length - 1 });
    if (after !== undefined) needInteger(where, `${path}.after`, after, { min: 0, max: index - 1 });
    beforeMs = atMs;
  }
}

/** Nodes that a failover needs beside the replicas, and the rules of its times. */
function needControllers(where: string, { protocol }: Scenario): void {
  const { controllers, options } = protocol;
  const { failover } = options;
  const path = "protocol.options.failover";
  const count = controllerCount(options);
  if (controllers.length > 0 && controllers.length !== count) {
    const what = `empty, or a list of ${count}: so many nodes has failover "${failover.kind}"`;
    refuse(where, "protocol.controllers", what, controllers);
  }
  if (failover.kind === "lease") {
    const least = failover.loopMs + 2 * failover.retryMs;
    const ttlMs = { min: least, unit: "ms (loopMs + 2 retryMs)" };
    needNumber(where, `${path}.ttlMs`, failover.ttlMs, ttlMs);
  } else if (failover.kind === "controller") {
    needInteger(where, `${path}.quorum`, failover.quorum, { min: 1, max: failover.monitors });
  }
}
