import { needInteger, needNumber, refuse } from "../core/need.ts";
import { controllerCount } from "../protocols/single-leader/failover/controllerConfig.ts";
import { needClocks } from "../simulation/clockSpec.ts";
import { needFaults } from "../simulation/faults/needFaults.ts";
import { planLinks } from "../simulation/networkLinks.ts";
import { needWorkload } from "../simulation/workload/needWorkload.ts";
import { isRegional } from "./distance.ts";
import { scenarioNodes } from "./nodes.ts";
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
  needFaults(where, { faults: scenario.faults, healAllAtMs: durationMs }, placed(scenario));
}

/** Nodes as faults look for them. */
function placed(scenario: Scenario) {
  const roles = { replica: "replica", controller: "controller", client: "client" };
  return scenarioNodes(scenario).map(({ name, region, kind }) => ({
    ...{ name, region },
    protocol: { role: roles[kind] },
  }));
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
