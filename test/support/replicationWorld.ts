import type { Completion, NodeId, Operation } from "../../lib/core/protocol.ts";
import { randomStream } from "../../lib/core/random.ts";
import { client } from "../../lib/protocols/single-leader/client.ts";
import {
  type ClientOptions,
  defaultClientOptions,
  defaultSingleLeaderOptions,
  type SingleLeaderOptions,
} from "../../lib/protocols/single-leader/options.ts";
import { replica } from "../../lib/protocols/single-leader/replica.ts";
import type { ReplicaState } from "../../lib/protocols/single-leader/state.ts";
import { Simulator } from "../../lib/simulation/simulator.ts";
import type { Actor, Controls, OperationRequest, World } from "../../lib/simulation/world.ts";

/** What was told during a run. */
export interface Told {
  readonly name: string;
  readonly node: NodeId;
  readonly timeMs: number;
  // biome-ignore lint/suspicious/noExplicitAny: what observations say is for the test to know
  readonly value: any;
}

/** An operation and what became of it. */
export interface Done {
  readonly operation: Operation;
  readonly invokedMs: number;
  completedMs: number;
  completion: Completion | null;
}

/** What a test sets; the rest is as it is by default. */
export interface ReplicationSetting {
  readonly options?: Partial<SingleLeaderOptions>;
  readonly shipping?: Partial<SingleLeaderOptions["shipping"]>;
  readonly clients?: Partial<ClientOptions>;
  /** Replicas of each partition. */
  readonly replicas?: number;
  readonly partitions?: number;
  readonly clientNodes?: number;
  /** For each partition its replicas in the order of their distance from clients; absent: by number. */
  readonly nearest?: readonly (readonly NodeId[])[];
  readonly network?: World["network"];
  readonly disk?: World["disk"];
  readonly clocks?: World["clocks"];
  readonly serviceMs?: Readonly<Record<string, number>>;
  /** Software of each replica, now and after a restart; absent: all the same. */
  readonly software?: { readonly version: number; readonly afterRestart: number };
  /** Calls at times, in ms: operations and faults. */
  readonly script?: readonly Act[];
  readonly actors?: readonly Actor[];
  /** Another replica than the real one: a broken twin. */
  readonly protocol?: typeof replica;
  readonly isTold?: boolean;
}

/** Something that happens at a time. */
export type Act = readonly [timeMs: number, act: (controls: Controls) => void];

/** A world of one or several partitions, and what a run of it left behind. */
export interface Replication {
  readonly simulator: Simulator;
  readonly told: Told[];
  /** By number of the operation. */
  readonly done: Done[];
  /** Number of the first client node. */
  readonly client: NodeId;
  run(seed: number, durationMs: number): Replication;
  state(node: NodeId): ReplicaState;
  named(name: string): Told[];
  /** Messages sent, by name, counted if the world is told of. */
  readonly sent: Record<string, number>;
}

/** Replicas of all partitions in turn, numbered from 0, then client nodes. */
export function replicationWorld(setting: ReplicationSetting): Replication {
  const { replicas: count = 3, partitions = 1, clientNodes = 1, script = [] } = setting;
  const shipping = { ...defaultSingleLeaderOptions.shipping, ...setting.shipping };
  const options = { ...defaultSingleLeaderOptions, shipping, ...setting.options };
  const groups = Array.from({ length: partitions }, (_, partition) => ({
    ...{ partition, partitionCount: partitions },
    replicas: Array.from({ length: count }, (_, index) => partition * count + index),
  }));
  const clientNode = count * partitions;
  const told: Told[] = [];
  const done: Done[] = [];
  const sent: Record<string, number> = {};
  const clientConfig = {
    ...{ groups, nearest: setting.nearest ?? groups.map(({ replicas }) => replicas) },
    options: { ...defaultClientOptions, ...setting.clients },
    tokens: options.fencing.tokens,
  };
  const clientNumbers = Array.from({ length: clientNodes }, (_, index) => clientNode + index);
  const world: World = {
    nodes: [
      ...groups.flatMap((group) =>
        group.replicas.map((number) => ({
          ...{ name: `r${number}`, region: "here", protocol: setting.protocol ?? replica },
          ...(setting.serviceMs === undefined ? {} : { serviceMs: setting.serviceMs }),
          config: {
            ...{ group, controllers: [], options, clients: clientNumbers },
            ...(setting.software === undefined ? {} : { software: setting.software }),
          },
        })),
      ),
      ...clientNumbers.map((number) => ({
        ...{ name: `c${number}`, region: "here", protocol: client },
        config: { ...clientConfig, siblings: clientNumbers.filter((other) => other !== number) },
      })),
    ],
    network: setting.network ?? { latency: { kind: "constant", valueMs: 1 } },
    ...(setting.disk === undefined ? {} : { disk: setting.disk }),
    ...(setting.clocks === undefined ? {} : { clocks: setting.clocks }),
  };
  const actor: Actor = {
    begin(_, controls) {
      for (const [timeMs, act] of script) controls.wakeAt(timeMs, act);
    },
    wake(act, controls) {
      (act as Act[1])(controls);
    },
  };
  const simulator = new Simulator(world, {
    actors: [actor, ...(setting.actors ?? [])],
    observers: [
      {
        runBegan() {
          told.length = 0;
          done.length = 0;
        },
        invoked(operation, _, invokedMs) {
          done.push({ operation, invokedMs, completedMs: Infinity, completion: null });
        },
        completed({ id }, completion, _, timeMs) {
          const each = done[id]!;
          each.completion = completion;
          each.completedMs = timeMs;
        },
        observed(name, value, node, timeMs) {
          told.push({ name, node, timeMs, value });
        },
      },
    ],
    ...(setting.isTold === true && {
      steps: {
        sent: ({ name }) => {
          sent[name] = (sent[name] ?? 0) + 1;
        },
        delivered: () => {},
        missed: () => {},
        fired: () => {},
      },
    }),
  });
  return {
    ...{ simulator, told, done, sent, client: clientNode },
    run(seed, durationMs) {
      simulator.run(seed, durationMs);
      return this;
    },
    state: (node) => simulator.state(node) as ReplicaState,
    named: (name) => told.filter((each) => each.name === name),
  };
}

/** A request of session 0 on device 0. */
export function request(
  kind: OperationRequest["kind"],
  key: number,
  of: { readonly session?: number; readonly device?: number } = {},
): OperationRequest {
  return { kind, key, session: of.session ?? 0, device: of.device ?? 0 };
}

/** Requests of one client node at the times of a Poisson process. */
export function poisson(
  node: NodeId,
  ratePerMs: number,
  make: (index: number) => OperationRequest,
  endMs: number = Infinity,
): Actor {
  let random = randomStream({ seed: 0, purpose: "arrivals" });
  let index = 0;
  const gapMs = (): number => -Math.log1p(-random.nextUniform()) / ratePerMs;
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: `arrivals of ${make(0).kind}`, entity: node });
      index = 0;
      controls.wakeAt(gapMs(), null);
    },
    wake(_, controls) {
      controls.invoke(node, make(index++));
      const nextMs = controls.nowMs + gapMs();
      if (nextMs < endMs) controls.wakeAt(nextMs, null);
    },
  };
}

/** Cuts a node off from others, both ways. */
export function isolate(controls: Controls, node: NodeId, others: readonly NodeId[]): void {
  for (const other of others) {
    controls.cut(node, other);
    controls.cut(other, node);
  }
}

/** Undoes `isolate`. */
export function rejoin(controls: Controls, node: NodeId, others: readonly NodeId[]): void {
  for (const other of others) {
    controls.heal(node, other);
    controls.heal(other, node);
  }
}

/**
 * Crashes of the first nodes, and cuts of single links between them (one way, so that partitions are
 * partial), each repaired within 420 ms, all until a time.
 *
 * @param powerFailures all nodes crash together
 */
export function strikes(count: number, powerFailures: boolean, untilMs: number): Actor {
  let random = randomStream({ seed: 0, purpose: "faults" });
  const below = (n: number): number => Math.floor(random.nextUniform() * n);
  function strike(controls: Controls): void {
    const repairMs = 20 + 400 * random.nextUniform();
    const node = below(count);
    if (random.nextUniform() < 0.4) {
      const nodes = powerFailures ? Array.from({ length: count }, (_, i) => i) : [node];
      for (const each of nodes) controls.crash(each);
      controls.wakeAt(controls.nowMs + repairMs, () => {
        for (const each of nodes) controls.restart(each);
      });
      return;
    }
    for (let to = 0; to < count; to++) {
      if (to === node || random.nextUniform() < 0.3) continue;
      controls.cut(node, to);
      if (random.nextUniform() < 0.7) {
        controls.cut(to, node);
        controls.wakeAt(controls.nowMs + repairMs, () => controls.heal(to, node));
      }
      controls.wakeAt(controls.nowMs + repairMs, () => controls.heal(node, to));
    }
  }
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "faults" });
      controls.wakeAt(100, null);
    },
    wake(reason, controls) {
      if (typeof reason === "function") return reason();
      strike(controls);
      const nextMs = controls.nowMs + 300 * random.nextUniform();
      if (nextMs < untilMs - 450) controls.wakeAt(nextMs, null);
    },
  };
}
