import { expect, test } from "vitest";
import { everything, type FullLog, oracle } from "../../../test/support/metricsOracle.ts";
import { versionOf } from "../../core/protocol.ts";
import type { ReplicaState } from "../../protocols/single-leader/state.ts";
import { Simulator } from "../../simulation/simulator.ts";
import { buildWorld } from "../buildWorld.ts";
import { scenarioFromJson } from "../scenarioFromJson.ts";
import { metricsObserver } from "./metricsObserver.ts";

const election = { kind: "election", timeout: { minMs: 150, maxMs: 300 } };
const crashes = {
  what: {
    kind: "crash",
    target: { kind: "leader" },
    lastsMs: { kind: "uniform", minMs: 300, maxMs: 1500 },
  },
  when: { kind: "random", gapMs: { kind: "exponential", meanMs: 1500 }, fromMs: 500 },
};
const cuts = {
  what: {
    kind: "cut",
    links: {
      kind: "isolate",
      nodes: [{ kind: "leader" }],
      others: [{ kind: "role", role: "replica" }],
    },
    lastsMs: { kind: "uniform", minMs: 300, maxMs: 1500 },
  },
  when: { kind: "random", gapMs: { kind: "exponential", meanMs: 2000 }, fromMs: 500 },
};
const pauses = {
  what: {
    kind: "pause",
    target: { kind: "random", of: { kind: "role", role: "replica" } },
    lastsMs: 400,
  },
  when: { kind: "random", gapMs: { kind: "exponential", meanMs: 1000 }, fromMs: 500 },
};

const scenario = {
  protocol: {
    partitions: 2,
    replicas: [{}, {}, {}],
    options: {
      failover: election,
      shipping: { heartbeatMs: 50, batchDelayMs: 20, applyDelay: { minMs: 0, maxMs: 30 } },
      fencing: { tokens: true },
    },
  },
  clients: [{}, {}],
  clientOptions: { reads: { kind: "any" }, timeoutMs: 300 },
  network: { latency: { kind: "exponential", meanMs: 3 } },
  workload: {
    sessions: { perClient: 3, devices: 2 },
    arrivals: { kind: "poisson", rate: { kind: "total", perS: 120 } },
    mix: { read: 2, write: 1, insert: 0.1 },
    keys: { kind: "uniform", count: 6 },
    readAfterWrite: { share: 0.5, delayMs: 5, device: "next" },
    conversations: { writeShare: 0.5, readShare: 0.5, distance: 1, delayMs: 5 },
  },
  faults: [crashes, cuts, pauses],
  durationMs: 4000,
  warmUpMs: 300,
  settleMs: 3000,
};

/** What a replica's log holds, by operation: not by what it tells of its epochs. */
function logOf({ log, firstPosition }: ReplicaState): FullLog {
  const versions = log.map(
    ({ operation, epoch }, i) => [operation, versionOf(epoch, firstPosition + i)] as const,
  );
  return { basePosition: firstPosition - 1, versions: new Map(versions) };
}

/** Runs a scenario with several seeds, online and slowly; what was seen in all of them together. */
function compare(changes: object, seeds: number): Record<string, number> {
  const given = scenarioFromJson({ ...scenario, ...changes });
  const { durationMs: toMs, warmUpMs: fromMs, settleMs } = given;
  const { partitions } = given.protocol;
  const observer = metricsObserver({ warmUpMs: fromMs, untilMs: toMs, partitions });
  const built = buildWorld(given);
  const all = everything((node) => logOf(simulator.state(node) as ReplicaState));
  const simulator: Simulator = new Simulator(built.world, {
    actors: built.actors,
    observers: [observer, all],
  });
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    simulator.run(seed, toMs + settleMs);
    const slow = oracle(all.told, { fromMs, toMs, partitions });
    const { ratios, means } = observer.result();
    const parts = (name: keyof typeof ratios) => [ratios[name]!.y, ratios[name]!.x];
    const name = `replay with seed ${seed}`;
    expect(means.undecidedRunShare!.mean, name).toBe(slow.isUndecided ? 1 : 0);
    expect(parts("staleReadRate"), name).toEqual([slow.stale, slow.reads]);
    const versions = slow.ageVersions.reduce((a, b) => a + b, 0);
    expect(parts("readAgeVersionsMean"), name).toEqual([versions, slow.reads]);
    expect(parts("linearizabilityViolationRate"), name).toEqual([slow.linearizability, slow.reads]);
    expect(parts("readYourWritesViolationRate"), name).toEqual(slow.readYourWrites);
    expect(parts("monotonicReadViolationRate"), name).toEqual(slow.monotonicReads);
    expect(parts("consistentPrefixViolationRate"), name).toEqual(slow.consistentPrefix);
    expect(means.splitBrainMs!.mean, name).toBeCloseTo(slow.splitBrainMs, 6);
    expect(means.leaderlessMs!.mean, name).toBeCloseTo(slow.leaderlessMs, 6);
    expect(means.failovers!.mean, name).toBe(slow.failovers);
    expect(means.falseFailovers!.mean, name).toBe(slow.falseFailovers);
    const unavailableMs = slow.unavailableMs.reduce((a, b) => a + b, 0) / partitions;
    expect(means.unavailableMs!.mean, name).toBeCloseTo(unavailableMs, 6);
    if (!slow.isUndecided) {
      expect(means.lostAcknowledgedWrites!.mean, name).toBe(slow.lost);
      expect(parts("lossWindowMs")[1], name).toBe(slow.lossWindows);
      expect(parts("lossWindowMs")[0], name).toBeCloseTo(slow.lossWindowMs, 6);
    }
    if (ratios.phantomReadRate)
      expect(parts("phantomReadRate"), name).toEqual([slow.phantom, slow.reads]);
    for (const [key, value] of Object.entries(slow)) {
      seen[key] = (seen[key] ?? 0) + (Array.isArray(value) ? (value[0] ?? 0) : Number(value));
    }
  }
  return seen;
}

const options = scenario.protocol.options;

test("asynchronous, elections, crashes, cuts and pauses: 10 runs agree with the definitions", () => {
  const seen = compare({}, 10);
  for (const name of ["stale", "lost", "phantom", "linearizability", "failovers"]) {
    expect(seen[name], name).toBeGreaterThan(10);
  }
  expect(seen.falseFailovers).toBeGreaterThan(2);
  for (const name of ["readYourWrites", "monotonicReads", "splitBrainMs", "leaderlessMs"]) {
    expect(seen[name], name).toBeGreaterThan(10);
  }
});

test("majority commit loses nothing in 10 such runs, but still serves stale reads", () => {
  const protocol = {
    ...scenario.protocol,
    options: { ...options, acknowledgement: { kind: "majority" }, waitPoint: "after-commit" },
  };
  const seen = compare({ protocol }, 10);
  expect(seen.lost).toBe(0);
  expect(seen.acknowledged).toBeGreaterThan(500);
  expect(seen.stale).toBeGreaterThan(10);
});

test("one leader that never fails, read by all: 3 runs are linearizable", () => {
  const protocol = { ...scenario.protocol, options: { ...options, failover: { kind: "none" } } };
  const reads = { reads: { kind: "leader" }, timeoutMs: 300 };
  const seen = compare({ protocol, clientOptions: reads, faults: [] }, 3);
  expect([seen.stale, seen.linearizability, seen.lost, seen.failovers]).toEqual([0, 0, 0, 0]);
  expect(seen.reads).toBeGreaterThan(300);
});
