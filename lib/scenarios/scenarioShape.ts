import {
  defaultClientOptions,
  defaultSingleLeaderOptions,
} from "../protocols/single-leader/options.ts";
import { clientOptions } from "./clientShape.ts";
import { fault } from "./faultShape.ts";
import { clocks, disk } from "./machineShapes.ts";
import { network } from "./networkShape.ts";
import type { ClientSite, Deployment, ReplicaSite, Scenario } from "./scenario.ts";
import { scriptedOperation } from "./scriptActor.ts";
import { byName, list, record } from "./shapes/compoundShapes.ts";
import { duration, integer, number, oneOf, text } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { singleLeaderOptions } from "./singleLeaderShape.ts";
import { defaultWorkload, workload } from "./workloadShape.ts";

/** Region of nodes that do not say where they stand. */
const here = { region: "here" };

const replicaSite: Shape<ReplicaSite> = record<ReplicaSite>(
  {
    name: optional(text(), "Name of the node; absent: `replica-1` and so on."),
    region: field(text(), "Region of the network in which it stands."),
    serviceMs: optional(
      byName(duration()),
      "CPU time that a message costs here, by its name; what is missing costs nothing.",
    ),
    software: optional(
      record({
        version: field(integer({ min: 1 }), "At the start."),
        afterRestart: field(integer({ min: 1 }), "After its first restart."),
      }),
      "Version of its software, to which a physical log is bound; absent: 1 for ever.",
    ),
  },
  here,
);

const clientSite: Shape<ClientSite> = record<ClientSite>(
  {
    name: optional(text(), "Name of the node; absent: `client-1` and so on."),
    region: field(text(), "Region of the network in which its sessions are."),
    share: field(number({ min: 0, exclusiveMin: true }), "Weight of the site among all sites."),
  },
  { ...here, share: 1 },
);

const deployment: Shape<Deployment> = record<Deployment>(
  {
    kind: field(oneOf<"single-leader">(["single-leader"]), "The protocol."),
    partitions: field(integer({ min: 1, max: 1000 }), "Partitions, each with its own leader."),
    replicas: field(
      list(replicaSite, { min: 1 }),
      "Replicas of each partition; the first leads at the start.",
    ),
    controllers: field(
      list(text()),
      "Regions of the monitors or of the store of the lease; empty: beside the replicas.",
    ),
    options: field(singleLeaderOptions, "What can be chosen about replication."),
  },
  {
    ...{ kind: "single-leader", partitions: 1, replicas: [here, here, here], controllers: [] },
    options: defaultSingleLeaderOptions,
  },
);

/**
 * Three replicas of one machine room, asynchronous and without failover, and one site of clients; nothing
 * breaks.
 */
export const defaultScenario: Scenario = {
  ...{ name: "scenario", description: "" },
  protocol: {
    ...{ kind: "single-leader", partitions: 1, replicas: [here, here, here], controllers: [] },
    options: defaultSingleLeaderOptions,
  },
  clients: [{ ...here, share: 1 }],
  clientOptions: defaultClientOptions,
  network: { latency: { kind: "exponential", meanMs: 1 } },
  faults: [],
  workload: defaultWorkload,
  ...{ durationMs: 60_000, warmUpMs: 0, settleMs: 30_000 },
};

/** All fields of a scenario: what checks a scenario and what its JSON Schema is made from. */
export const scenarioShape: Shape<Scenario> = record<Scenario>(
  {
    name: field(text(), "Short name."),
    description: field(text({ mayBeEmpty: true }), "What it is about."),
    protocol: field(deployment, "What runs where."),
    clients: field(list(clientSite, { min: 1 }), "Where clients stand."),
    clientOptions: field(clientOptions, "How clients behave."),
    network: field(network, "What connects the nodes."),
    disk: optional(disk, "Disks of all nodes; absent: writes are durable at once."),
    clocks: optional(clocks, "Clocks of all nodes; absent: all show true time."),
    faults: field(list(fault), "What breaks, and when."),
    workload: field(workload, "Who asks what, and how often."),
    script: optional(
      list(scriptedOperation),
      "Present: these operations begin, by rising time, and no others.",
    ),
    durationMs: field(duration({ positive: true }), "When clients stop asking, and faults heal."),
    warmUpMs: field(duration(), "What begins before is not measured; less than `durationMs`."),
    settleMs: field(duration(), "How long the run goes on after `durationMs`."),
  },
  defaultScenario,
);
