import { mean, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, test } from "vitest";
import type { Effects, Operation, Protocol } from "../core/protocol.ts";
import { randomStream } from "../core/random.ts";
import { Simulator } from "./simulator.ts";
import type { Actor, Controls, StepObserver, World } from "./world.ts";

interface Messages {
  work: number;
  note: number;
  ask: number;
}
interface Timers {
  tick: number;
  stored: number;
}
interface Observations {
  did: string;
}
type Asked = Effects<Messages, Timers, Observations>;

const sender = 0;
const worker = 1;

/** Passes writes on as work, which may cost, reads as notes, which do not, and inserts as what a test asks. */
const messageOf = { write: "work", read: "note", insert: "ask" } as const;
const senderRole: Protocol<null, Messages, Timers, null, Observations> = {
  role: "sender",
  init: () => null,
  invoke: (_, { id, kind }, effects) => effects.send(worker, messageOf[kind], id),
  on: {},
  timers: {},
};

interface WorkerState {
  life: string;
}
type Ask = (id: number, effects: Asked) => void;

const workerRole = (ask: Ask): Protocol<WorkerState, Messages, Timers, null, Observations> => ({
  role: "worker",
  init: () => ({ life: "first" }),
  restart: () => ({ life: "later" }),
  start: (_, effects) => effects.setTimer("tick", 0, 100),
  invoke: (_, { id }, effects) => effects.observe("did", `invoke ${id}`),
  on: {
    work: (_, id, _from, effects) => effects.observe("did", `work ${id}`),
    note: (_, id, _from, effects) => effects.observe("did", `note ${id}`),
    ask: (_, id, _from, effects) => ask(id, effects),
  },
  timers: {
    tick: (_, count, effects) => effects.observe("did", `tick ${count}`),
    stored: (_, id, effects) => effects.observe("did", `stored ${id}`),
  },
});

type Step = readonly [atMs: number, act: (controls: Controls) => void];

function script(steps: readonly Step[], observed?: Actor["observed"]): Actor {
  return {
    begin(_, controls) {
      for (const [index, [atMs]] of steps.entries()) controls.wakeAt(atMs, index);
    },
    wake: (index, controls) => steps[index as number]![1](controls),
    ...(observed && { observed }),
  };
}

const request = (kind: Operation["kind"]) => ({ kind, key: 0, session: 0, device: 0 }) as const;
const work = (controls: Controls) => controls.invoke(sender, request("write"));
const note = (controls: Controls) => controls.invoke(sender, request("read"));
const ask = (controls: Controls) => controls.invoke(sender, request("insert"));

interface Setting {
  readonly steps: readonly Step[];
  readonly serviceMs?: Record<string, number>;
  readonly disk?: World["disk"];
  readonly durationMs?: number;
  readonly observed?: Actor["observed"];
  readonly watch?: Partial<StepObserver>;
  readonly asked?: Ask;
}

/** One hop takes 1 ms. Returns what the worker did, with the times. */
function run({ steps, serviceMs, disk, durationMs = 90, observed, watch, asked }: Setting) {
  const protocol = workerRole(asked ?? (() => undefined));
  const log: string[] = [];
  const node = { region: "here", config: null };
  const simulator = new Simulator(
    {
      nodes: [
        { ...node, name: "sender", protocol: senderRole },
        { ...node, name: "worker", protocol, ...(serviceMs && { serviceMs }) },
      ],
      network: { latency: { kind: "constant", valueMs: 1 } },
      ...(disk && { disk }),
    },
    {
      actors: [script(steps, observed)],
      observers: [{ observed: (_, what, _node, timeMs) => log.push(`${timeMs} ${what}`) }],
      ...(watch && { steps: { ...silent, ...watch } }),
    },
  );
  simulator.run(1, durationMs);
  return { log, simulator };
}

const silent: StepObserver = {
  sent: () => undefined,
  delivered: () => undefined,
  missed: () => undefined,
  fired: () => undefined,
};

describe("a node that stands still", () => {
  test("handles what waited in the order in which it came, before what comes as it goes on", () => {
    const { log } = run({
      durationMs: 150,
      steps: [
        [90, (c) => c.pause(worker)],
        [95, (c) => [work(c), note(c)]],
        // Arrives at 120, asked for earlier than the resumption at 120.
        [119, note],
        [119.5, work],
        [120, (c) => c.resume(worker)],
        [121, note],
      ],
    });
    expect(log).toEqual([
      "120 work 0",
      "120 note 1",
      "120 tick 0",
      "120 note 2",
      "120.5 work 3",
      "122 note 4",
    ]);
  });

  test("stands still again in the middle of what waited, and keeps the order", () => {
    const { log } = run({
      steps: [
        [1, (c) => c.pause(worker)],
        [2, (c) => [work(c), work(c), work(c)]],
        [10, (c) => c.resume(worker)],
        [20, (c) => c.resume(worker)],
      ],
      observed: (_, what, node, controls) => {
        if (what === "work 1") {
          controls.pause(node);
          // A moment that is no moment: what waits must not go on twice as fast.
          controls.resume(node);
          controls.pause(node);
        }
      },
    });
    expect(log).toEqual(["10 work 0", "10 work 1", "20 work 2"]);
  });

  test("may stand still and go on several times at once", () => {
    const { log } = run({
      steps: [
        [1, (c) => c.pause(worker)],
        [2, work],
        [10, (c) => [c.resume(worker), c.pause(worker), c.resume(worker), c.resume(worker)]],
        [11, work],
      ],
    });
    expect(log).toEqual(["10 work 0", "12 work 1"]);
  });

  test("loses what waited if it crashes", () => {
    const missed: number[] = [];
    const { log } = run({
      steps: [
        [1, (c) => c.pause(worker)],
        [2, (c) => [work(c), c.invoke(worker, request("read"))]],
        [5, (c) => c.crash(worker)],
        [6, (c) => c.restart(worker)],
        [7, work],
      ],
      watch: { missed: (id) => missed.push(id) },
    });
    expect(log).toEqual(["8 work 2"]);
    expect(missed).toEqual([0]);
  });

  test("takes operations of clients only afterwards", () => {
    const { log } = run({
      steps: [
        [1, (c) => c.pause(worker)],
        [2, (c) => c.invoke(worker, request("read"))],
        [9, (c) => c.resume(worker)],
      ],
    });
    expect(log).toEqual(["9 invoke 0"]);
  });
});

describe("a CPU", () => {
  test("serves one after the other; what costs nothing waits too, timers do not", () => {
    const { log, simulator } = run({
      durationMs: 200,
      serviceMs: { work: 10, invoke: 2 },
      steps: [
        [0, note],
        [80, (c) => [work(c), note(c), work(c)]],
        [85, (c) => c.invoke(worker, request("read"))],
      ],
    });
    expect(log).toEqual([
      "1 note 0",
      "91 work 1",
      "91 note 2",
      "100 tick 0",
      "101 work 3",
      "103 invoke 4",
    ]);
    expect(simulator.busyMs(worker)).toBe(22);
  });

  test("is stopped by a pause: what is left of a service follows, and what waited pays its own", () => {
    const { log, simulator } = run({
      serviceMs: { work: 10 },
      steps: [
        // Served from 1 on, so 4 ms are done when the node stops.
        [0, (c) => [work(c), work(c)]],
        [5, (c) => c.pause(worker)],
        [6, work],
        [30, (c) => c.resume(worker)],
      ],
    });
    expect(log).toEqual(["36 work 0", "46 work 1", "56 work 2"]);
    expect(simulator.busyMs(worker)).toBe(30);
  });

  test("that is slow takes so many times as long, also for what it has begun", () => {
    const { log } = run({
      serviceMs: { work: 10 },
      steps: [
        [0, (c) => [work(c), work(c)]],
        // 6 of 10 ms are done; the other 4 take 12.
        [7, (c) => c.slow(worker, 3)],
        [29, (c) => c.slow(worker, 1)],
      ],
    });
    // The second has 10 of 30 ms behind it at 29, that is a third: 6.67 ms are left.
    expect(log[0]).toBe("19 work 0");
    expect(Number.parseFloat(log[1]!)).toBeCloseTo(29 + 10 - 10 / 3, 9);
  });

  test("forgets in a crash what it was doing, and that it was slow", () => {
    const { log, simulator } = run({
      serviceMs: { work: 10 },
      steps: [
        [0, (c) => [c.slow(worker, 2), work(c), work(c)]],
        [5, (c) => c.crash(worker)],
        [6, (c) => c.restart(worker)],
        [20, work],
      ],
    });
    expect(log).toEqual(["31 work 2"]);
    expect(simulator.busyMs(worker)).toBe(14);
  });

  test("and a disk that were slow before a crash are not after it", () => {
    const { log } = run({
      disk: { syncMs: { kind: "constant", valueMs: 20 }, bytesPerMs: Infinity },
      asked: (id, effects) => effects.sync("stored", id),
      steps: [
        [0, (c) => c.slow(worker, 2)],
        [1, ask],
        [49, (c) => c.crash(worker)],
        [50, (c) => c.restart(worker)],
        [51, ask],
      ],
    });
    expect(log).toEqual(["42 stored 0", "72 stored 1"]);
  });

  test("counts the time of a service that the end of the run cuts short", () => {
    const { simulator } = run({ serviceMs: { work: 100 }, steps: [[0, work]], durationMs: 31 });
    // The tick at 100 is still to come, so the run lasts until 31.
    expect(simulator.busyMs(worker)).toBe(30);
  });

  // Pollaczek and Khinchine: with utilisation rho and service s, the mean wait is rho s / (2 (1 - rho)).
  // 40 runs of 4,000 messages each; runs are independent, which gives the standard error.
  test.each([0.3, 0.7])("with random arrivals waits as an M/D/1 queue does, load %d", (load) => {
    const count = 4000;
    const begins: number[] = [];
    let waitMs = 0;
    const role: Protocol<null, Messages, Timers, null, Observations> = {
      ...senderRole,
      invoke: (_, { id }, effects) => effects.observe("did", String(id)),
    };
    const arrivals: Actor = {
      begin(seed, controls) {
        const random = randomStream({ seed, purpose: "arrivals" });
        let timeMs = 0;
        for (let i = 0; i < count; i++) {
          timeMs -= Math.log(random.nextUniform()) / load;
          controls.wakeAt(timeMs, null);
        }
      },
      wake: (_, controls) => controls.invoke(0, request("write")),
    };
    const node = { name: "one", region: "here", protocol: role, config: null };
    const simulator = new Simulator(
      {
        nodes: [{ ...node, serviceMs: { invoke: 1 } }],
        network: { latency: { kind: "constant", valueMs: 1 } },
      },
      {
        actors: [arrivals],
        observers: [
          {
            invoked: ({ id }: Operation, _, timeMs) => {
              begins[id] = timeMs;
            },
            observed: (_, id, _node, timeMs) => {
              waitMs += timeMs - begins[Number(id)]! - 1;
            },
          },
        ],
      },
    );
    const means = Array.from({ length: 40 }, (_, seed) => {
      waitMs = 0;
      simulator.run(seed, Infinity);
      return waitMs / count;
    });
    const error = sampleStandardDeviation(means) / Math.sqrt(means.length);
    const expected = load / (2 * (1 - load));
    expect(Math.abs(mean(means) - expected)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.02 * expected);
  });
});

describe("a crash", () => {
  test.each(["stays down", "is up again at once"])(
    "inside a handler makes the rest of its effects vain, also if the node %s",
    (fate) => {
      const tried: number[] = [];
      const { log, simulator } = run({
        durationMs: 300,
        steps: [[2, ask]],
        asked: (id, effects) => {
          effects.setTimer("tick", 1, 50);
          effects.observe("did", `ask ${id}`);
          effects.observe("did", "never");
          effects.send(worker, "work", 99);
          tried.push(effects.setTimer("tick", 99, 1));
          effects.sync("stored", 99);
          effects.store("slot", 99);
          effects.append(99);
          effects.complete(id, { outcome: "ok", value: null, version: 0, servedBy: worker });
        },
        observed: (_, what, node, controls) => {
          if (what !== "ask 0") return;
          controls.crash(node);
          if (fate !== "stays down") controls.restart(node);
        },
      });
      expect(tried).toEqual([0]);
      // All that is left to happen is the timer that the new life sets as it begins.
      expect(log).toEqual(fate === "stays down" ? ["3 ask 0"] : ["3 ask 0", "103 tick 0"]);
      expect(simulator.node(worker).disk.durable()).toEqual({
        ...{ slots: {}, log: [], firstPosition: 1 },
      });
    },
  );

  test("ends timers and syncs of the life that it ends", () => {
    const setting = {
      durationMs: 300,
      disk: { syncMs: { kind: "constant", valueMs: 20 }, bytesPerMs: Infinity, groupCommit: true },
      asked: (id: number, effects: Asked) => effects.sync("stored", id),
    };
    const crash: Step[] = [
      [50, (c) => c.crash(worker)],
      [55, (c) => c.restart(worker)],
    ];
    const without = run({ ...setting, steps: [[40, ask]] });
    expect(without.log).toEqual(["61 stored 0", "100 tick 0"]);
    const { log } = run({ ...setting, steps: [[40, ask], ...crash, [60, ask]] });
    expect(log).toEqual(["81 stored 1", "155 tick 0"]);
  });

  test("loses messages that arrive while the node is down, and operations begun there", () => {
    const missed: [number, number][] = [];
    const { log, simulator } = run({
      steps: [
        [1, (c) => c.crash(worker)],
        [2, work],
        [3, (c) => c.invoke(worker, request("read"))],
        [3.5, work],
        [4, (c) => c.restart(worker)],
      ],
      watch: { missed: (id, timeMs) => missed.push([id, timeMs]) },
    });
    expect(missed).toEqual([[0, 3]]);
    expect(log).toEqual(["4.5 work 2"]);
    expect(simulator.state(worker)).toEqual({ life: "later" });
  });
});
