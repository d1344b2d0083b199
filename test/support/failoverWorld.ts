import type { NodeId } from "../../lib/core/protocol.ts";
import { client } from "../../lib/protocols/single-leader/client.ts";
import { controllerProtocol } from "../../lib/protocols/single-leader/failover/controller.ts";
import { controllerCount } from "../../lib/protocols/single-leader/failover/controllerConfig.ts";
import {
  type ClientOptions,
  defaultClientOptions,
  defaultSingleLeaderOptions,
  type SingleLeaderOptions,
} from "../../lib/protocols/single-leader/options.ts";
import { replica } from "../../lib/protocols/single-leader/replica.ts";
import { type Company, Simulator } from "../../lib/simulation/simulator.ts";
import type { Actor, Controls, World } from "../../lib/simulation/world.ts";

/** What was told during a run. */
export interface Told {
  readonly name: string;
  readonly node: NodeId;
  readonly timeMs: number;
  // biome-ignore lint/suspicious/noExplicitAny: what observations say is for the test to know
  readonly value: any;
}

/** What a test sets; the rest is as it is by default. */
export interface FailoverSetting {
  readonly options: Partial<SingleLeaderOptions>;
  readonly replicas?: number;
  readonly clients?: Partial<ClientOptions>;
  readonly network?: World["network"];
  readonly disk?: World["disk"];
  readonly clocks?: World["clocks"];
  /** Calls at times, in ms: faults. */
  readonly script?: readonly (readonly [timeMs: number, act: (controls: Controls) => void])[];
  /** Writes of one client node, so many ms apart, to keys of their own. */
  readonly writeEveryMs?: number;
  readonly actors?: readonly Actor[];
  readonly replicaProtocol?: typeof replica;
  /** CPU time of messages at replicas, ms. */
  readonly serviceMs?: Readonly<Record<string, number>>;
}

/** What a run left behind. */
export interface FailoverRun {
  readonly told: Told[];
  /** Operations acknowledged to the client, and when. */
  readonly acknowledged: Map<number, number>;
  readonly simulator: Simulator;
  /** Numbers of the nodes. */
  readonly replicas: readonly NodeId[];
  readonly controllers: readonly NodeId[];
  readonly client: NodeId;
  run(seed: number, durationMs: number): FailoverRun;
  /** What was told under a name, in order. */
  named(name: string): Told[];
}

/** Replicas 0 to n - 1 of one partition, the controllers that failover needs, and one client node. */
export function failoverWorld(setting: FailoverSetting): FailoverRun {
  const { replicas: count = 3, script = [], writeEveryMs, actors = [] } = setting;
  const options = { ...defaultSingleLeaderOptions, ...setting.options };
  const replicas = Array.from({ length: count }, (_, i) => i);
  const controllers = Array.from({ length: controllerCount(options) }, (_, i) => count + i);
  const clientNode = count + controllers.length;
  const group = { partition: 0, replicas };
  const told: Told[] = [];
  const acknowledged = new Map<number, number>();
  const at = { region: "here" };
  const protocol = setting.replicaProtocol ?? replica;
  const world: World = {
    nodes: [
      ...replicas.map((i) => ({
        ...{ ...at, name: `r${i}`, protocol, config: { group, controllers, options } },
        ...(setting.serviceMs === undefined ? {} : { serviceMs: setting.serviceMs }),
      })),
      ...controllers.map((i) => ({
        ...{ ...at, name: `c${i}`, protocol: controllerProtocol(options) },
        config: { groups: [group], controllers, options },
      })),
      {
        ...{ ...at, name: "client", protocol: client },
        config: {
          ...{ groups: [group], nearest: [replicas] },
          options: { ...defaultClientOptions, ...setting.clients },
        },
      },
    ],
    network: setting.network ?? { latency: { kind: "constant", valueMs: 1 } },
    ...(setting.disk === undefined ? {} : { disk: setting.disk }),
    ...(setting.clocks === undefined ? {} : { clocks: setting.clocks }),
  };
  const writer: Actor = {
    begin(_, controls) {
      if (writeEveryMs !== undefined) controls.wakeAt(writeEveryMs, "write");
      for (const [timeMs, act] of script) controls.wakeAt(timeMs, act);
    },
    wake(reason, controls) {
      if (typeof reason === "function") return reason(controls);
      if (writeEveryMs === undefined) return;
      controls.invoke(clientNode, { kind: "write", key: 0, session: 0, device: 0 });
      controls.wakeAt(controls.nowMs + writeEveryMs, "write");
    },
  };
  const company: Company = {
    actors: [writer, ...actors],
    observers: [
      {
        runBegan: () => {
          told.length = 0;
          acknowledged.clear();
        },
        observed: (name, value, node, timeMs) => told.push({ name, node, timeMs, value }),
        completed: (operation, { outcome }, _, timeMs) => {
          if (outcome === "ok") acknowledged.set(operation.id, timeMs);
        },
      },
    ],
  };
  const simulator = new Simulator(world, company);
  return {
    ...{ told, acknowledged, simulator, replicas, controllers, client: clientNode },
    run(seed, durationMs) {
      simulator.run(seed, durationMs);
      return this;
    },
    named: (name) => told.filter((each) => each.name === name),
  };
}
