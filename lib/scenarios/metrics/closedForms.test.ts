import { describe, expect, test } from "vitest";
import { type Protocol, versionOf } from "../../core/protocol.ts";
import { randomStream } from "../../core/random.ts";
import { Simulator } from "../../simulation/simulator.ts";
import type { Actor, World } from "../../simulation/world.ts";
import { metricsObserver } from "./metricsObserver.ts";
import { mergeMetrics, noMetrics, type RunMetrics } from "./runMetrics.ts";

/** Observations that the metrics are made from, as little as a protocol can tell. */
interface Observations {
  leads: {
    partition: number;
    epoch: number;
    lastPosition: number;
    boundaries: { epoch: number; position: number }[];
  };
  yields: { partition: number; epoch: number };
  acknowledged: { partition: number; operation: number; version: number };
}

interface Messages {
  write: { operation: number };
  entry: { position: number };
}

interface Timers {
  takeOver: null;
  fence: null;
}

/** When who does what, in ms. */
interface Plan {
  readonly takeOverMs: number;
  /** The old leader ceases to accept writes; `Infinity`: never. */
  readonly fenceMs: number;
  /** The follower applies entries in the order of their positions: what comes early waits. */
  readonly isOrdered: boolean;
}

interface LeaderState {
  readonly plan: Plan;
  position: number;
  isFenced: boolean;
}

const leader = 0;
const follower = 1;

/** Acknowledges a write at once and sends it to the follower: asynchronous replication. */
const leaderRole: Protocol<LeaderState, Messages, Timers, Plan, Observations> = {
  role: "leader",
  init: (plan) => ({ plan, position: 0, isFenced: false }),
  start(state, effects) {
    const boundaries = [{ epoch: 0, position: 0 }];
    effects.observe("leads", { partition: 0, epoch: 1, lastPosition: 0, boundaries });
    if (state.plan.fenceMs < Infinity) effects.setTimer("fence", null, state.plan.fenceMs);
  },
  invoke(state, { id }, effects) {
    if (state.isFenced) {
      effects.complete(id, { outcome: "failed", value: null, version: 0, servedBy: -1 });
      return;
    }
    const position = ++state.position;
    const version = versionOf(1, position);
    effects.observe("acknowledged", { partition: 0, operation: id, version });
    effects.send(follower, "entry", { position });
    effects.complete(id, { outcome: "ok", value: id, version, servedBy: leader });
  },
  on: {},
  timers: {
    fence(state, _, effects) {
      state.isFenced = true;
      effects.observe("yields", { partition: 0, epoch: 1 });
    },
  },
};

interface FollowerState {
  readonly plan: Plan;
  received: number[];
  isLeader: boolean;
}

/** Takes over at a time with what it has by then; positions that it lacks are holes, of epoch -1. */
const followerRole: Protocol<FollowerState, Messages, Timers, Plan, Observations> = {
  role: "follower",
  init: (plan) => ({ plan, received: [], isLeader: false }),
  start(state, effects) {
    effects.setTimer("takeOver", null, state.plan.takeOverMs);
  },
  on: {
    entry(state, { position }) {
      if (!state.isLeader) state.received.push(position);
    },
  },
  timers: {
    takeOver(state, _, effects) {
      state.isLeader = true;
      const has = new Set(state.received);
      let lastPosition = 0;
      while (has.has(lastPosition + 1)) lastPosition++;
      if (!state.plan.isOrdered) lastPosition = Math.max(0, ...has);
      const boundaries = [{ epoch: 0, position: 0 }];
      for (let position = 1; position <= lastPosition; position++) {
        const epoch = has.has(position) ? 1 : -1;
        if (epoch !== boundaries.at(-1)!.epoch) boundaries.push({ epoch, position });
      }
      effects.observe("leads", { partition: 0, epoch: 2, lastPosition, boundaries });
    },
  },
};

/** Writes at the times of a Poisson process, at the leader itself: its machine is the client's. */
function poissonWrites(ratePerMs: number, untilMs: number, crashMs: number): Actor {
  let random = randomStream({ seed: 0, purpose: "writes" });
  return {
    begin(seed, controls) {
      random = randomStream({ seed, purpose: "writes" });
      controls.wakeAt(-Math.log(random.nextUniform()) / ratePerMs, "write");
      if (crashMs < Infinity) controls.wakeAt(crashMs, "crash");
    },
    wake(reason, controls) {
      if (reason === "crash") {
        controls.crash(leader);
        return;
      }
      if (!controls.isUp(leader)) return;
      controls.invoke(leader, { kind: "write", key: 0, session: 0, device: 0 });
      const nextMs = controls.nowMs - Math.log(random.nextUniform()) / ratePerMs;
      if (nextMs < untilMs) controls.wakeAt(nextMs, "write");
    },
  };
}

function world(plan: Plan, latency: World["network"]["latency"]): World {
  const here = { region: "here", config: plan };
  return {
    nodes: [
      { ...here, name: "leader", protocol: leaderRole },
      { ...here, name: "follower", protocol: followerRole },
    ],
    network: { latency },
  };
}

const runs = 4000;

/** Each run by itself: writes lost, and all runs together. */
function simulate(
  simulator: Simulator,
  observer: ReturnType<typeof metricsObserver>,
  endMs: number,
) {
  const lost: number[] = [];
  let all: RunMetrics = noMetrics;
  for (let seed = 1; seed <= runs; seed++) {
    simulator.run(seed, endMs);
    const metrics = observer.result();
    lost.push(metrics.means.lostAcknowledgedWrites!.mean);
    all = mergeMetrics(all, { ...metrics, histograms: {} });
  }
  const mean = lost.reduce((sum, each) => sum + each, 0) / runs;
  const variance = lost.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (runs - 1);
  return { mean, variance, all };
}

/** Four standard errors of the mean, and of the variance, of so many Poisson values. */
function poissonTolerance(mean: number): { readonly mean: number; readonly variance: number } {
  // Fourth central moment mean + 3 mean^2, so that Var(s^2) is about (mean + 2 mean^2) / runs.
  return {
    mean: 4 * Math.sqrt(mean / runs),
    variance: 4 * Math.sqrt((mean + 2 * mean * mean) / runs),
  };
}

/** Entire exponential integral: integral of (1 - e^-t) / t from 0 to x, by its series. */
function ein(x: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 1; k < 200; k++) {
    term *= -x / k;
    sum -= term / k;
  }
  return sum;
}

describe("writes lost by an asynchronous failover, 4,000 runs each", () => {
  const ratePerMs = 0.5;
  const meanMs = 6;
  const takeOverMs = 120;

  function failover(isOrdered: boolean) {
    const observer = metricsObserver();
    const plan = { takeOverMs, fenceMs: Infinity, isOrdered };
    const simulator = new Simulator(world(plan, { kind: "exponential", meanMs }), {
      actors: [poissonWrites(ratePerMs, takeOverMs, takeOverMs - 1e-6)],
      observers: [observer],
    });
    return simulate(simulator, observer, takeOverMs + 100);
  }

  test("independent lags: Poisson with mean rate times mean lag (M/G/infinity)", () => {
    // What was sent in the first 120 ms: 20 mean lags, so that the start does not matter (e^-20).
    const { mean, variance, all } = failover(false);
    const expected = ratePerMs * meanMs;
    const tolerance = poissonTolerance(expected);
    expect(Math.abs(mean - expected)).toBeLessThan(tolerance.mean);
    expect(Math.abs(variance - expected)).toBeLessThan(tolerance.variance);
    expect(all.means.failovers!.mean).toBe(1);
    expect(all.means.falseFailovers!.mean).toBe(0);
  });

  test("in order: rate times mean lag, which waiting for earlier ones makes longer", () => {
    // P(lag <= t) = F(t) exp(-rate * integral of 1 - F from t on): all earlier ones are there, too. With
    // load = rate * mean, the mean lag is mean * (Ein(load) + (1 - e^-load) / load). Baccelli, Gelenbe,
    // Plateau, An end-to-end approach to the resequencing problem, JACM 31(3), 1984.
    const load = ratePerMs * meanMs;
    const meanLagMs = meanMs * (ein(load) + (1 - Math.exp(-load)) / load);
    const { mean, variance } = failover(true);
    expect(Math.abs(mean - ratePerMs * meanLagMs)).toBeLessThan(4 * Math.sqrt(variance / runs));
    // Not Poisson: what waits for one that is late comes in clumps.
    expect(variance).toBeGreaterThan(mean + 2 * poissonTolerance(mean).variance);
  });

  test("the loss window of a fixed lag is the lag less what is missing at both of its ends", () => {
    const lagMs = 20;
    const observer = metricsObserver();
    const plan = { takeOverMs, fenceMs: Infinity, isOrdered: true };
    const simulator = new Simulator(world(plan, { kind: "constant", valueMs: lagMs }), {
      actors: [poissonWrites(ratePerMs, takeOverMs, takeOverMs - 1e-6)],
      observers: [observer],
    });
    const { mean, all } = simulate(simulator, observer, takeOverMs + 100);
    const load = ratePerMs * lagMs;
    expect(Math.abs(mean - load)).toBeLessThan(poissonTolerance(load).mean);
    // Range of n uniform points is lag (n - 1) / (n + 1); n is Poisson given that it is not 0.
    let expected = 0;
    let p = Math.exp(-load);
    const some = 1 - p;
    for (let n = 1; n < 100; n++) {
      p *= load / n;
      expected += ((p / some) * lagMs * (n - 1)) / (n + 1);
    }
    const window = all.ratios.lossWindowMs!;
    const standardError = Math.sqrt(window.yy / (runs - 1) / runs);
    expect(Math.abs(window.y / window.x - expected)).toBeLessThan(4 * standardError);
  });
});

describe("writes lost by a split brain, 4,000 runs each", () => {
  const ratePerMs = 0.3;
  const takeOverMs = 50;

  test.each([
    ["fenced before the partition heals", 80, 60],
    ["healed before the fence", 40, 70],
  ])("%s: Poisson with mean rate times min(heal, fence)", (_, healAfterMs, fenceAfterMs) => {
    // The partition begins as the other side takes over; until then the link is fast.
    const acceptsMs = Math.min(healAfterMs, fenceAfterMs);
    const observer = metricsObserver();
    const plan = { takeOverMs, fenceMs: takeOverMs + acceptsMs, isOrdered: true };
    const writes = poissonWrites(ratePerMs, takeOverMs + 200, Infinity);
    const partition: Actor = {
      begin: (_seed, controls) => controls.wakeAt(takeOverMs - 1e-6, null),
      wake: (_reason, controls) => controls.cut(leader, follower),
    };
    const simulator = new Simulator(world(plan, { kind: "constant", valueMs: 0 }), {
      actors: [partition, writes],
      observers: [observer],
    });
    const { mean, variance, all } = simulate(simulator, observer, takeOverMs + 200);
    const expected = ratePerMs * acceptsMs;
    const tolerance = poissonTolerance(expected);
    expect(Math.abs(mean - expected)).toBeLessThan(tolerance.mean);
    expect(Math.abs(variance - expected)).toBeLessThan(tolerance.variance);
    expect(all.means.splitBrainMs!.mean).toBeCloseTo(acceptsMs, 6);
    expect(all.means.writesInSplitBrain!.mean).toBeCloseTo(mean, 9);
    expect(all.means.falseFailovers!.mean).toBe(1);
  });
});
