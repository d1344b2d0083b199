import type { Protocol } from "../../lib/core/protocol.ts";
import { faultActor } from "../../lib/simulation/faults/faultActor.ts";
import type {
  FaultSchedule,
  FaultSpec,
  FaultTarget,
  FaultTimes,
} from "../../lib/simulation/faults/faultSpec.ts";
import { Simulator } from "../../lib/simulation/simulator.ts";
import type { Actor, WorldNode } from "../../lib/simulation/world.ts";
import { type Seen, worldOf } from "./idleWorld.ts";

interface Messages {
  beat: { readonly count: number };
  request: { readonly id: number };
  reply: { readonly id: number };
}
interface Timers {
  tick: null;
  say: { readonly name: string; readonly epoch: number };
}
export interface State {
  /** Beats received, by sender. */
  heard: number[];
  replies: number[];
  ticks: number;
}
/** What the node tells at given times. */
export interface Config {
  readonly says: readonly { atMs: number; name: string; epoch: number }[];
  readonly count: number;
}

/** The node that asks, and the one that answers. */
export const client = 0;
/** The node that answers. */
export const server = 1;

/** Sends a beat to all each ms; answers requests, and tells so before it does. */
export const beating: Protocol<State, Messages, Timers, Config, Record<string, unknown>> = {
  role: "replica",
  init: ({ count }) => ({ heard: new Array(count).fill(0), replies: [], ticks: 0 }),
  start(_state, effects) {
    effects.setTimer("tick", null, 0.5);
  },
  invoke: (_state, { id }, effects) => effects.send(server, "request", { id }),
  on: {
    beat(state, _, from) {
      state.heard[from]!++;
    },
    request(state, { id }, from, effects) {
      state.replies.push(id);
      effects.send(from, "reply", { id });
      effects.observe("acknowledged", { id });
      effects.send(from, "reply", { id: id + 100 });
      effects.setTimer("tick", null, 0);
    },
    reply(state, { id }) {
      state.replies.push(id);
    },
  },
  timers: {
    tick(state, _, effects) {
      state.ticks++;
      for (let to = 0; to < state.heard.length; to++) effects.send(to, "beat", { count: 0 });
      effects.setTimer("tick", null, 1);
    },
    say: (_state, { name, epoch }, effects) => effects.observe(name, { partition: 0, epoch }),
  },
};

/** As `beating`, silent, but telling what its configuration says. */
export const telling: typeof beating = {
  ...beating,
  init: (config) => ({ ...beating.init(config, 0), says: config.says }) as State,
  start(state, effects) {
    const { says } = state as State & Config;
    for (const { atMs, ...said } of says) effects.setTimer("say", said, atMs);
  },
  restart: (_, config) => telling.init({ ...config, says: [] }, 0),
};

/** Runs nodes under a schedule: what was done to them, and their states. */
export function run(
  schedule: FaultSchedule,
  {
    protocol = beating,
    says = [],
    durationMs = 100,
    count = 5,
    others = [],
  }: {
    protocol?: typeof beating;
    says?: readonly Config["says"][];
    durationMs?: number;
    count?: number;
    others?: readonly Actor[];
  } = {},
): {
  readonly seen: Seen[];
  readonly simulator: Simulator;
  state(node: number): State;
  /** What was done, of these names, as `time name node`. */
  steps(...names: string[]): string[];
} {
  const nodes = Array.from({ length: count }, (_, id): WorldNode => {
    const config: Config = { count, says: says[id] ?? [] };
    return { name: `r${id}`, region: "here", protocol, config };
  });
  const seen: Seen[] = [];
  const world = worldOf(nodes);
  const simulator = new Simulator(world, {
    actors: [faultActor(schedule, world), ...others],
    observers: [
      { faulted: (name, node, value, timeMs) => seen.push({ name, node, value, timeMs }) },
    ],
  });
  simulator.run(1, durationMs);
  return {
    ...{ seen, simulator },
    state: (node: number) => simulator.state(node) as State,
    steps: (...names: string[]) =>
      seen
        .filter(({ name }) => names.includes(name))
        .map(({ name, node, timeMs }) => `${timeMs} ${name} ${node}`),
  };
}

/** One node. */
export const node = (id: number): FaultTarget => ({ kind: "node", node: id });
/** Some nodes. */
export const nodesOf = (...ids: number[]): FaultTarget[] => [{ kind: "nodes", nodes: ids }];
/** At given times. */
export const at = (atMs: number | number[]): FaultTimes & { readonly kind: "at" } => ({
  ...{ kind: "at", atMs },
});
/** A crash of one node. */
export const crash = (id: number, atMs: number, lastsMs: number | "forever"): FaultSpec => ({
  ...{ what: { kind: "crash", target: node(id), lastsMs }, when: at(atMs) },
});

/** By node, what it says: 1 leads from 10 to 60 ms, 2 from 30 ms on. */
export const leading: readonly Config["says"][] = [
  [],
  [
    { atMs: 10, name: "leads", epoch: 1 },
    { atMs: 60, name: "yields", epoch: 1 },
  ],
  [{ atMs: 30, name: "leads", epoch: 2 }],
];
