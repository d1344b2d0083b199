import { expect, test } from "vitest";
import type { Protocol } from "../core/protocol.ts";
import { Simulator } from "./simulator.ts";
import type { Actor, Controls, SentMessage, World } from "./world.ts";

interface Messages {
  count: { readonly n: number };
}
interface Timers {
  tick: null;
  synced: { readonly n: number };
}
interface Observations {
  came: number;
  synced: number;
}
interface CounterState {
  n: number;
}
interface Config {
  readonly sends: boolean;
}

/** Sends the numbers 1, 2, ... to node 1, one a ms by its clock; says when they come, and syncs. */
const counter: Protocol<CounterState, Messages, Timers, Config, Observations> = {
  role: "counter",
  init: ({ sends }) => ({ n: sends ? 0 : -1 }),
  restart: ({ slots, log }) => ({ n: ((slots.n as number) ?? 0) + 100 * log.length }),
  start: (state, effects) => {
    if (state.n >= 0) effects.setTimer("tick", null, 1);
  },
  on: {
    count: (_, { n }, _from, effects) => effects.observe("came", n),
  },
  timers: {
    tick: (state, _, effects) => {
      state.n++;
      effects.send(1, "count", { n: state.n });
      effects.store("n", state.n);
      effects.append(state.n);
      effects.sync("synced", { n: state.n });
      effects.setTimer("tick", null, 1);
    },
    synced: (_, { n }, effects) => effects.observe("synced", n),
  },
};

const stream = { kind: "stream", retransmitMs: 4, retransmitMsMax: 64, giveUpMs: 100 } as const;

function worldOf(world: Partial<World>): World {
  const node = (name: string, sends: boolean) => ({
    ...{ name, region: "here", protocol: counter, config: { sends } },
  });
  const latency = { kind: "constant", valueMs: 0.5 };
  return {
    nodes: [node("sender", true), node("receiver", false)],
    network: { latency, transport: stream },
    ...world,
  };
}

type Act = readonly [atMs: number, act: (controls: Controls) => void];

/** Runs a script; returns what was observed, as lines `time name number`. */
function observe(world: Partial<World>, script: readonly Act[], durationMs: number) {
  const lines: string[] = [];
  const sent: SentMessage[] = [];
  const actor: Actor = {
    begin(_, controls) {
      for (const [atMs, act] of script) controls.wakeAt(atMs, act);
    },
    wake: (act, controls) => (act as Act[1])(controls),
  };
  const simulator = new Simulator(worldOf(world), {
    actors: [actor],
    observers: [{ observed: (name, value, _, timeMs) => lines.push(`${timeMs} ${name} ${value}`) }],
    steps: {
      sent: (message) => sent.push(message),
      ...{ delivered: () => undefined, missed: () => undefined, fired: () => undefined },
    },
  });
  simulator.run(1, durationMs);
  const of = (name: string) =>
    lines.filter((line) => line.includes(name)).map((line) => line.replace(` ${name} `, ": "));
  return { came: of("came"), synced: of("synced"), sent };
}

test("a stream holds what is sent into a cut and delivers all of it, in order, at the first try after", () => {
  const script: Act[] = [
    [1.8, (controls) => controls.cut(0, 1)],
    [5.5, (controls) => controls.heal(0, 1)],
  ];
  const { came, sent } = observe({}, script, 8.6);
  // The first held was sent at 2 ms, so tries are at 6, 14, ... ms; the message of 6 ms was sent before.
  expect(came).toEqual(["1.5: 1", ...[2, 3, 4, 5, 6].map((n) => `6.5: ${n}`), "7.5: 7", "8.5: 8"]);
  expect(sent.map(({ arrivalMs }) => arrivalMs)).toEqual([1.5, 6.5, 6.5, 6.5, 6.5, 6.5, 7.5, 8.5]);
  expect(sent.every(({ reason }) => reason === null)).toBe(true);
});

test("datagrams sent into the same cut are lost", () => {
  const script: Act[] = [
    [1.8, (controls) => controls.cut(0, 1)],
    [5.5, (controls) => controls.heal(0, 1)],
  ];
  const network = { latency: { kind: "constant", valueMs: 0.5 } };
  const { came, sent } = observe({ network }, script, 7.6);
  expect(came).toEqual(["1.5: 1", "6.5: 6", "7.5: 7"]);
  expect(sent.map(({ reason }) => reason)).toEqual([null, "cut", "cut", "cut", "cut", null, null]);
});

test("a stream gives up: what it held is lost, what comes later goes through a new connection", () => {
  const network = {
    latency: { kind: "constant", valueMs: 0.5 },
    transport: { ...stream, giveUpMs: 5 },
  };
  const script: Act[] = [
    [1.8, (controls) => controls.cut(0, 1)],
    [8.5, (controls) => controls.heal(0, 1)],
  ];
  const { came, sent } = observe({ network }, script, 12.8);
  const lost = sent.filter(({ arrivalMs }) => arrivalMs === Infinity);
  // Held from 2 ms on, broken at 7 ms, held again from 7 ms on, through at 11 ms.
  expect(lost.map(({ payload, reason }) => [(payload as { n: number }).n, reason])).toEqual(
    [2, 3, 4, 5, 6].map((n) => [n, "cut"]),
  );
  expect(came).toEqual(["1.5: 1", ...[7, 8, 9, 10, 11].map((n) => `11.5: ${n}`), "12.5: 12"]);
});

test("a sender that crashes takes with it what its connection holds", () => {
  const script: Act[] = [
    [1.8, (controls) => controls.cut(0, 1)],
    [3.5, (controls) => controls.crash(0)],
    [4.5, (controls) => controls.heal(0, 1)],
    [4.6, (controls) => controls.restart(0)],
  ];
  const { came } = observe({}, script, 6.2);
  // Without a spec for disks all three numbers survive, in the slot and in the log.
  expect(came).toEqual(["1.5: 1", `${4.6 + 1 + 0.5}: 304`]);
});

const disk = { syncMs: { kind: "constant", valueMs: 1.5 }, bytesPerMs: Infinity };

test("syncs end as the disk says, and a crash loses what it had not synced", () => {
  const script: Act[] = [
    [4.2, (controls) => controls.crash(0)],
    [5, (controls) => controls.restart(0)],
  ];
  const { synced, came } = observe({ disk }, script, 6.9);
  // Asked at 1, 2, 3, 4 ms: done at 2.5; 2 joins the next sync, done at 4; 3 too; 4 is lost.
  expect(synced).toEqual(["2.5: 1", "4: 2"]);
  expect(came.at(-1)).toBe("6.5: 203");
});

test("a disk that lies says so at once, and loses what it said was safe", () => {
  const script: Act[] = [
    [4.2, (controls) => controls.crash(0)],
    [5, (controls) => controls.restart(0)],
  ];
  const { synced, came } = observe({ disk: { ...disk, synced: "lies" } }, script, 6.9);
  expect(synced.slice(0, 4)).toEqual(["1: 1", "2: 2", "3: 3", "4: 4"]);
  expect(came.at(-1)).toBe("6.5: 203");
});

test("timers run by the node's clock", () => {
  const clocks = { offsetMs: 0, driftPpm: 0, nodes: [{ node: 0, driftPpm: 250_000 }] };
  const { came } = observe({ clocks }, [], 2.5);
  expect(came).toEqual(["1.3: 1", "2.1: 2"]);
});
