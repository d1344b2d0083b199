import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { Protocol } from "../core/protocol.ts";
import { randomStream } from "../core/random.ts";
import { Simulator } from "./simulator.ts";
import type { Actor, Controls, StepObserver, World } from "./world.ts";

interface Messages {
  write: { readonly id: number };
  append: { readonly id: number };
  appended: { readonly id: number };
  written: { readonly id: number };
}
interface Timers {
  never: null;
}
interface LeaderState {
  acks: Record<number, number>;
}

const client = 0;
const leader = 1;
const followers = [2, 3, 4, 5];

/** Answers a write as soon as two of four followers have it. */
const leaderRole: Protocol<LeaderState, Messages, Timers, null> = {
  role: "leader",
  init: () => ({ acks: {} }),
  on: {
    write(state, { id }, _from, effects) {
      state.acks[id] = 0;
      for (const follower of followers) effects.send(follower, "append", { id });
    },
    appended(state, { id }, _from, effects) {
      const count = (state.acks[id] ?? 4) + 1;
      state.acks[id] = count;
      if (count === 2) effects.send(client, "written", { id });
      if (count >= 4) delete state.acks[id];
    },
  },
  timers: {},
};
const followerRole: Protocol<null, Messages, Timers, null> = {
  role: "follower",
  init: () => null,
  on: { append: (_, { id }, from, effects) => effects.send(from, "appended", { id }) },
  timers: {},
};
const clientRole: Protocol<null, Messages, Timers, null> = {
  role: "client",
  init: () => null,
  invoke: (_, { id }, effects) => effects.send(leader, "write", { id }),
  on: {
    written: (_, { id }, from, effects) =>
      effects.complete(id, { outcome: "ok", value: id, version: 0, servedBy: from }),
  },
  timers: { never: () => undefined },
};

/** Writes at the times of a Poisson process. */
function arrivals(count: number, ratePerMs: number): Actor {
  let random = randomStream({ seed: 0, purpose: "arrivals" });
  let left = 0;
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "arrivals" });
      left = count;
      controls.wakeAt(0, null);
    },
    wake(_, controls) {
      controls.invoke(client, { kind: "write", key: 0, session: 0, device: 0 });
      left--;
      const gapMs = -Math.log(random.nextUniform()) / ratePerMs;
      if (left > 0) controls.wakeAt(controls.nowMs + gapMs, null);
    },
  };
}

function broadcast(count: number) {
  const node = (name: string, protocol: Protocol<never, Messages, Timers, null>) => ({
    ...{ name, region: "here", protocol: protocol as never, config: null },
  });
  const roles = [clientRole, leaderRole, followerRole, followerRole, followerRole, followerRole];
  const invokedMs: number[] = [];
  const latency = { sum: 0, squares: 0, count: 0 };
  const simulator = new Simulator(
    {
      nodes: roles.map((role, i) => node(`${role.role} ${i}`, role as never)),
      network: { latency: { kind: "exponential", meanMs: 1 } },
    },
    {
      actors: [arrivals(count, 10)],
      observers: [
        {
          invoked({ id }, _, timeMs) {
            invokedMs[id] = timeMs;
          },
          completed({ id }, _completion, _node, timeMs) {
            const ms = timeMs - invokedMs[id]!;
            latency.sum += ms;
            latency.squares += ms * ms;
            latency.count++;
          },
        },
      ],
    },
  );
  return { simulator, latency };
}

// Two hops, and the second smallest of four sums of two exponentials: 2 + E = 3.437789 by integration.
test("a leader that waits for two of four followers takes 3.437789 mean latencies", () => {
  const { simulator, latency } = broadcast(50_000);
  simulator.run(1, Infinity);
  expect(latency.count).toBe(50_000);
  expect(simulator.eventCount).toBe(550_000);
  const mean = latency.sum / latency.count;
  const variance = latency.squares / latency.count - mean ** 2;
  expect(Math.abs(mean - 3.437789)).toBeLessThan(4 * Math.sqrt(variance / latency.count));
});

describe("a run without history", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;

  /** Heap after a tenth of the writes and after all of them, in bytes; `leak` is what each retains. */
  function heapGrowth(writes: number, leak?: (controls: Controls) => unknown): number {
    const kept: unknown[] = [];
    const heaps: number[] = [];
    const watch: Actor = {
      begin: (_, controls) => [0.1, 1].forEach((part) => void controls.wakeAt(part * writes, null)),
      wake() {
        collect();
        heaps.push(process.memoryUsage().heapUsed);
      },
      completed(_operation, _answer, controls) {
        if (leak !== undefined) kept.push(leak(controls));
      },
    };
    const { world } = smallWorld();
    const network = { latency: { kind: "exponential", meanMs: 1 } };
    new Simulator({ ...world, network }, { actors: [arrivals(writes, 1), watch] }).run(1, Infinity);
    return heaps[1]! - heaps[0]!;
  }

  // 495,000 events lie between; one byte kept of each would be half a megabyte.
  test("needs no more memory after ten parts than after one", () => {
    heapGrowth(5000);
    expect(heapGrowth(50_000)).toBeLessThan(300_000);
  });

  test("would be found out if it kept one number a write", () => {
    expect(heapGrowth(50_000, (controls) => controls.nowMs)).toBeGreaterThan(300_000);
  });
});

/** Everything that can happen at once: gossip, timers, disks, losses, copies, faults. */
const stormRole: Protocol<Storm, StormMessages, StormTimers, null, { seen: number }> = {
  role: "storm",
  init: (_, self) => ({ self, count: 0, timer: 0 }),
  restart: (durable, _, self) => ({ self, count: durable.log.length, timer: 0 }),
  start(state, effects) {
    state.timer = effects.setTimer("beat", null, { minMs: 5, maxMs: 10 });
  },
  invoke: (state, { id }, effects) => {
    effects.store("last", id);
    effects.sync("stored", { id, count: state.count });
  },
  on: {
    gossip(state, { count }, from, effects) {
      state.count = Math.max(state.count, count) + 1;
      effects.cancelTimer(state.timer);
      state.timer = effects.setTimer("beat", null, { minMs: 5, maxMs: 10 });
      if (count % 3 === 0) effects.send(from, "gossip", { count: count + 1 }, 100);
      if (count % 7 === 0) effects.observe("seen", effects.clockMs());
    },
  },
  timers: {
    beat(state, _, effects) {
      effects.send(effects.choose(5), "gossip", { count: state.count }, 1000);
      effects.append(state.count, 50);
      state.timer = effects.setTimer("beat", null, { minMs: 5, maxMs: 10 });
    },
    stored(state, { id, count }, effects) {
      const answer = { outcome: "ok", value: id, version: count, servedBy: state.self } as const;
      effects.complete(id, answer);
    },
  },
};
interface Storm {
  readonly self: number;
  count: number;
  timer: number;
}
interface StormMessages {
  gossip: { readonly count: number };
}
interface StormTimers {
  beat: null;
  stored: { readonly id: number; readonly count: number };
}

const stormWorld: World = {
  nodes: Array.from({ length: 5 }, (_, i) => ({
    ...{ name: `n${i}`, region: "here", protocol: stormRole, config: null },
    ...(i < 2 && { serviceMs: { gossip: 0.5, invoke: 1 } }),
  })),
  network: {
    latency: { kind: "exponential", meanMs: 2 },
    loss: { kind: "independent", probability: 0.05 },
    duplicateProbability: 0.05,
    bandwidth: { kind: "link", bytesPerMs: 500 },
  },
  disk: { syncMs: { kind: "exponential", meanMs: 1 }, bytesPerMs: 1000 },
  clocks: { offsetMs: 3, driftPpm: 200 },
};

/** Does one thing after the other to the nodes, in a rhythm that the seed decides. */
function trouble(): Actor {
  const deeds: ((controls: Controls, node: number) => void)[] = [
    (controls, node) => controls.crash(node),
    (controls, node) => controls.restart(node),
    (controls, node) => controls.pause(node),
    (controls, node) => controls.resume(node),
    (controls, node) => controls.slow(node, 1 + node),
    (controls, node) => controls.cut(node, (node + 1) % 5),
    (controls, node) => controls.heal(node, (node + 1) % 5),
    (controls, node) => controls.stretch(1 + (node % 2)),
    (controls, node) => controls.jumpClock(node, 5),
    (controls, node) => controls.invoke(node, { kind: "write", key: 0, session: 0, device: 0 }),
  ];
  let random = randomStream({ seed: 0, purpose: "trouble" });
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "trouble" });
      controls.wakeAt(0, null);
    },
    wake(_, controls) {
      const deed = deeds[Math.floor(random.nextUniform() * deeds.length)]!;
      deed(controls, Math.floor(random.nextUniform() * 5));
      controls.wakeAt(controls.nowMs + 3 * random.nextUniform(), null);
    },
  };
}

/** Writes down every step of a run, each on a line, bit by bit. */
function recorder() {
  const lines: string[] = [];
  const note =
    (what: string) =>
    (...values: unknown[]) =>
      void lines.push(`${what} ${JSON.stringify(values)}`);
  const steps: StepObserver = {
    ...{ sent: note("sent"), delivered: note("delivered") },
    ...{ missed: note("missed"), fired: note("fired") },
  };
  const observer = {
    ...{ invoked: note("invoked"), completed: note("completed") },
    ...{ observed: note("observed"), faulted: note("faulted"), runEnded: note("ended") },
  };
  return { lines, steps, observer };
}

function storm() {
  const { lines, steps, observer } = recorder();
  const company = { actors: [trouble()], observers: [observer], steps };
  const simulator = new Simulator(stormWorld, company);
  return (seed: number) => {
    lines.length = 0;
    simulator.run(seed, 500);
    return lines.join("\n");
  };
}

describe("the same seed gives the same run, to the last byte", () => {
  const used = storm();
  const first = used(7);

  test("in which everything happens", () => {
    const kinds = ["sent", "delivered", "missed", "fired", "invoked", "completed", "observed"];
    for (const kind of [...kinds, "faulted", "ended"]) expect(first).toContain(`${kind} [`);
    for (const reason of ["lost", "cut", "duplicate"]) {
      expect(first).toContain(`"reason":"${reason}"`);
    }
    expect(first.length).toBeGreaterThan(30_000);
  });

  test("in a simulator that has run others, and in a new one", () => {
    for (const seed of [8, 9]) expect(used(seed)).not.toBe(first);
    expect(used(7)).toBe(first);
    expect(storm()(7)).toBe(first);
  });

  test("whether it is followed step by step or not", () => {
    const count = (steps?: StepObserver) => {
      const { lines, observer } = recorder();
      const company = { actors: [trouble()], observers: [observer], ...(steps && { steps }) };
      new Simulator(stormWorld, company).run(7, 500);
      return lines.join("\n");
    };
    expect(count(recorder().steps)).toBe(count());
  });

  test("a small run as it was written down once", async () => {
    const { lines, steps, observer } = recorder();
    const { world, actors } = smallWorld();
    new Simulator(world, { actors, observers: [observer], steps }).run(3, 40);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("snapshots/smallRun.txt");
  });
});

/** Three writes to two followers in delays that do not depend on a logarithm. */
function smallWorld(): { world: World; actors: Actor[] } {
  const roles = [clientRole, leaderRole, followerRole, followerRole, followerRole, followerRole];
  const nodes = roles.map((role, i) => ({
    ...{ name: `${role.role} ${i}`, region: "here", protocol: role as never, config: null },
  }));
  const latency = { kind: "uniform", minMs: 1, maxMs: 9 };
  const actor: Actor = {
    begin: (_, controls) => [0, 1, 2].forEach((i) => void controls.wakeAt(5 * i, i)),
    wake(i, controls) {
      if (i === 1) controls.crash(5);
      controls.invoke(client, { kind: "write", key: 0, session: 0, device: 0 });
    },
  };
  return { world: { nodes, network: { latency } }, actors: [actor] };
}

describe("a run ends", () => {
  const ends = (act: (controls: Controls) => unknown, durationMs = 50) => {
    const { observer, steps, lines } = recorder();
    const actor: Actor = {
      begin: (_, controls) =>
        [10, 10, 20].forEach((timeMs) => void controls.wakeAt(timeMs, timeMs)),
      wake: (_, controls) => act(controls),
    };
    const simulator = new Simulator(stormWorld, { actors: [actor], observers: [observer], steps });
    simulator.run(1, durationMs);
    return { lines, simulator };
  };

  test("at once if it is stopped, before what happens at the same time", () => {
    let wakes = 0;
    const { lines, simulator } = ends((controls) => {
      wakes++;
      controls.stop();
    });
    expect([wakes, simulator.nowMs, lines.at(-1)]).toEqual([1, 10, "ended [10]"]);
  });

  test("after all that happens at its last moment", () => {
    let wakes = 0;
    const { lines } = ends(() => wakes++, 10);
    expect([wakes, lines.at(-1)]).toEqual([2, "ended [10]"]);
  });

  test("at the time asked for, if something is left to happen then", () => {
    expect(ends(() => undefined).lines.at(-1)).toBe("ended [50]");
  });

  test("at its last event, if nothing is left to happen", () => {
    const { world } = smallWorld();
    const simulator = new Simulator(world);
    simulator.run(1, 1000);
    expect([simulator.nowMs, simulator.eventCount]).toEqual([0, 0]);
  });
});

describe("mistakes are named", () => {
  const asking = (
    ask: (effects: Parameters<NonNullable<typeof clientRole.invoke>>[2]) => unknown,
  ) => {
    const role = { ...clientRole, invoke: (_: null, _o: unknown, effects: never) => ask(effects) };
    const { world } = smallWorld();
    const nodes = [{ ...world.nodes[0]!, protocol: role as never }, ...world.nodes.slice(1)];
    const actor: Actor = {
      begin: (_, controls) => {
        controls.invoke(0, { kind: "write", key: 0, session: 0, device: 0 });
      },
      wake: () => undefined,
    };
    return () => new Simulator({ ...world, nodes }, { actors: [actor] }).run(1, 100);
  };

  test("a message or timer that no protocol handles", () => {
    const unknown = "shout" as never;
    expect(asking((effects) => effects.send(1, unknown, null as never))).toThrow('"shout"');
    expect(asking((effects) => effects.setTimer(unknown, null as never, 1))).toThrow('"shout"');
  });

  test("a message or timer that this receiver does not handle", () => {
    const misled = asking((effects) => effects.send(2, "written", { id: 0 }));
    expect(misled).toThrow('follower has no handler for the message "written"');
    const confused = asking((effects) => effects.setTimer("write" as never, null as never, 1));
    expect(confused).toThrow('client has no handler for the timer "write"');
  });

  test.each([6, -1, 1.5, Number.NaN])("node %d, which does not exist", (to) => {
    expect(asking((effects) => effects.send(to, "write", { id: 0 }))).toThrow(`no node ${to} `);
  });

  test.each([-1, Number.NaN])("a delay of %d ms", (delayMs) => {
    const patient = asking((effects) => effects.setTimer("never", null, delayMs));
    expect(patient).toThrow("delay");
  });

  test("but a delay without end is none: the timer never fires", () => {
    const timers: number[] = [];
    asking((effects) => timers.push(effects.setTimer("never", null, Infinity)))();
    expect(timers).toEqual([0]);
  });

  test("an answer to nothing, a second answer, a world that serves what nobody sends", () => {
    const answer = { outcome: "ok", value: null, version: 0, servedBy: 1 } as const;
    expect(asking((effects) => effects.complete(5, answer))).toThrow("operation 5");
    const twice = asking((effects) => {
      effects.complete(0, answer);
      effects.complete(0, answer);
    });
    expect(twice).toThrow("operation 0");
    const { world } = smallWorld();
    const nodes = [{ ...world.nodes[0]!, serviceMs: { shout: 1 } }];
    expect(() => new Simulator({ ...world, nodes })).toThrow('"shout"');
  });

  test.each([
    [-1, 10, "seed"],
    [0.5, 10, "seed"],
    [0, -1, "durationMs"],
    [0, Number.NaN, "durationMs"],
  ])("seed %d, duration %d ms", (seed, durationMs, field) => {
    const simulator = new Simulator(smallWorld().world);
    expect(() => simulator.run(seed, durationMs)).toThrow(`run: need ${field} to be`);
  });

  test.each([-1, Number.NaN])("an actor that wants to wake at %d ms", (timeMs) => {
    const actor: Actor = {
      begin: (_, controls) => controls.wakeAt(timeMs, null),
      wake: () => undefined,
    };
    const simulator = new Simulator(smallWorld().world, { actors: [actor] });
    expect(() => simulator.run(1, 10)).toThrow("wakeAt: need timeMs to be 0 or later");
  });
});
