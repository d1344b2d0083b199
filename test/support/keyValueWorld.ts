import type { Completion, Operation, Protocol } from "../../lib/core/protocol.ts";
import { Simulator } from "../../lib/simulation/simulator.ts";
import { workloadActor } from "../../lib/simulation/workload/workloadActor.ts";
import type { WorkloadSpec } from "../../lib/simulation/workload/workloadSpec.ts";
import type { Actor, World, WorldNode } from "../../lib/simulation/world.ts";

interface Messages {
  ask: { readonly operation: Operation };
  answer: { readonly id: number; readonly completion: Completion };
}
interface Timers {
  never: null;
}
type Values = Record<number, number>;

/** How the server answers: `null`, not at all. */
export type Answer = (operation: Operation, completion: Completion) => Completion | null;

/** An operation as an observer saw it. */
export interface Asked {
  readonly operation: Operation;
  readonly node: number;
  readonly timeMs: number;
  completedMs: number;
  completion: Completion | null;
}

const server = 0;

function serverRole(answer: Answer): Protocol<Values, Messages, Timers, null> {
  return {
    role: "server",
    init: () => ({}),
    on: {
      ask(values, { operation }, from, effects) {
        const { id, key, value } = operation;
        if (value !== null) values[key] = value;
        const found = { value: values[key] ?? null, version: (values[key] ?? -1) + 1 };
        const completion = answer(operation, { outcome: "ok", servedBy: server, ...found });
        if (completion !== null) effects.send(from, "answer", { id, completion });
      },
    },
    timers: {},
  };
}

const clientRole: Protocol<null, Messages, Timers, null> = {
  role: "client",
  init: () => null,
  invoke: (_, operation, effects) => effects.send(server, "ask", { operation }),
  on: { answer: (_, { id, completion }, _from, effects) => effects.complete(id, completion) },
  timers: {},
};

/** Answers on the spot, before `invoke` has returned. */
const hastyRole: typeof clientRole = {
  ...clientRole,
  invoke: (_, { id }, effects) =>
    effects.complete(id, { outcome: "ok", value: id, version: id, servedBy: server }),
};

/** A server and clients in two regions; each message takes 1 ms. */
export function keyValueNodes(
  clientCount: number,
  { answer = (_, completion) => completion, isHasty = false }: KeyValueOptions = {},
): WorldNode[] {
  const node = (name: string, region: string, protocol: unknown): WorldNode => ({
    ...{ name, region, protocol: protocol as WorldNode["protocol"], config: null },
  });
  return [
    node("server", "north", serverRole(answer)),
    ...Array.from({ length: clientCount }, (_, i) =>
      node(`c${i}`, i % 2 === 0 ? "north" : "south", isHasty ? hastyRole : clientRole),
    ),
  ];
}

interface KeyValueOptions {
  readonly answer?: Answer;
  readonly isHasty?: boolean;
}

/** All operations of a run of a workload (or several), in the order of their numbers. */
export function operationsOf(
  specs: WorkloadSpec | readonly WorkloadSpec[],
  {
    clients = 2,
    seed = 1,
    durationMs = 1000,
    others = [],
    isFresh = false,
    ...options
  }: KeyValueOptions & {
    clients?: number;
    seed?: number;
    durationMs?: number;
    others?: readonly Actor[];
    /** Not run before: it must not matter. */
    isFresh?: boolean;
  } = {},
): readonly Asked[] {
  const world: World = {
    nodes: keyValueNodes(clients, options),
    network: { latency: { kind: "constant", valueMs: 1 } },
  };
  const asked: Asked[] = [];
  const actors = [specs].flat().map((spec) => workloadActor(spec, world));
  const simulator = new Simulator(world, {
    actors: [...actors, ...others],
    observers: [
      {
        runBegan: () => asked.splice(0),
        invoked: (operation, node, timeMs) =>
          asked.push({ operation, node, timeMs, completedMs: Number.NaN, completion: null }),
        completed(operation, completion, _, timeMs) {
          Object.assign(asked[operation.id]!, { completion, completedMs: timeMs });
        },
      },
    ],
  });
  if (!isFresh) simulator.run(seed + 1, Math.min(durationMs, 100));
  simulator.run(seed, durationMs);
  return asked;
}
