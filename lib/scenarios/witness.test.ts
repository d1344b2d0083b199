import { expect, test } from "vitest";
import type { History } from "../core/history.ts";
import { badMoment } from "./badMoment.ts";
import { amountOf, type BadOutcome } from "./badOutcomes.ts";
import { notableRun } from "./notableRun.ts";
import { runScenario } from "./runScenario.ts";
import type { Scenario } from "./scenario.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import { findWitness, type Witness } from "./witness.ts";
import { endedAt } from "./witnessShrink.ts";

/** Reads from any replica; the leader is cut off from the others, not from the clients, for a while. */
const risky = {
  name: "risky",
  protocol: {
    options: {
      failover: { kind: "election", timeout: { minMs: 100, maxMs: 200 } },
      shipping: { heartbeatMs: 40 },
    },
  },
  network: { latency: { kind: "exponential", meanMs: 5 } },
  clientOptions: { reads: { kind: "any" } },
  faults: [
    {
      what: { kind: "pause", target: { kind: "node", node: "client-1" }, lastsMs: 1 },
      when: { kind: "at", atMs: 100 },
    },
    {
      what: {
        kind: "cut",
        links: {
          kind: "isolate",
          nodes: [{ kind: "leader" }],
          others: [{ kind: "role", role: "replica" }],
        },
        lastsMs: 250,
      },
      when: { kind: "at", atMs: 150 },
    },
  ],
  durationMs: 500,
  settleMs: 500,
  workload: {
    arrivals: { kind: "poisson", rate: { perS: 150 } },
    mix: { read: 1, write: 1 },
    keys: { kind: "uniform", count: 3 },
  },
};

function without(scenario: Scenario): Scenario[] {
  const { script = [], faults } = scenario;
  const operations = script.map((_, out) => ({
    ...scenario,
    script: script
      .filter((_each, index) => index !== out)
      .map(({ after: _after, ...operation }) => operation),
  }));
  const quieter = faults.map((_, out) => ({
    ...scenario,
    faults: faults.filter((_each, index) => index !== out),
  }));
  return [...operations, ...quieter];
}

const endMs = ({ durationMs, settleMs }: Scenario): number => durationMs + settleMs;

function expectReplay({ scenario, seed, history }: Witness): void {
  const again = runScenario(JSON.parse(JSON.stringify(scenario)), seed);
  expect(JSON.stringify(again.history)).toBe(JSON.stringify(history));
}

// At most so many operations and faults are left, of 75 and two; each of these is what it takes, or one more.
test.each<[BadOutcome, number, number]>([
  ["lostAcknowledgedWrites", 2, 1],
  ["splitBrainMs", 0, 1],
  ["phantomReadRate", 3, 1],
  ["linearizabilityViolationRate", 3, 0],
  ["readYourWritesViolationRate", 3, 0],
  ["monotonicReadViolationRate", 4, 1],
])("%s: a witness of at most %d operations and %d faults", (outcome, operations, faults) => {
  const witness = findWitness(risky, outcome, { seed: 2, runsMax: 30 })!;
  const { scenario, seed, history, trace, explanation } = witness;
  expect(history.length).toBeLessThanOrEqual(operations);
  expect(scenario.faults.length).toBeLessThanOrEqual(faults);
  expect(amountOf(runScenario(scenario, seed).metrics, outcome)).toBeGreaterThan(0);
  expectReplay(witness);
  for (const smaller of without(scenario)) {
    expect(amountOf(runScenario(smaller, seed).metrics, outcome)).toBe(0);
  }
  const shorter = endedAt(scenario, endMs(scenario) - 2);
  expect(amountOf(runScenario(shorter, seed).metrics, outcome)).toBe(0);
  expect(trace.events.length).toBeGreaterThan(0);
  expect(explanation.filter((line) => line.includes("asks:"))).toHaveLength(history.length);
  // Healing at the end is not part of the story; the picture begins shortly before it does.
  const faultMs = explanation.filter((line) => line.includes(" fault: ")).map(Number.parseFloat);
  for (const ms of faultMs) expect(ms).toBeLessThan(scenario.durationMs);
  const firstMs = history[0]?.invokedMs ?? 0;
  const arrivals = trace.events.flatMap((event) =>
    event.kind === "message" ? [event.arrivalMs ?? event.sentMs] : [],
  );
  expect(Math.min(...arrivals)).toBeGreaterThan(firstMs - 0.2 * (endMs(scenario) - firstMs));
  expect(explanation.at(-1)).toMatch(new RegExp(`^So .*: ${outcome} `));
});

test("what does not happen has no witness: a majority loses nothing", () => {
  const options = { ...risky.protocol.options, acknowledgement: { kind: "majority" } };
  const safe = { ...risky, protocol: { options } };
  expect(findWitness(safe, "lostAcknowledgedWrites", { runsMax: 30 })).toBeUndefined();
});

test("any property of the operations can be asked for", () => {
  const slow = (history: History): boolean =>
    history.some(({ invokedMs, completedMs }) => (completedMs ?? invokedMs) - invokedMs > 40);
  const witness = findWitness(risky, slow, { runsMax: 30 })!;
  expect(witness.history).toHaveLength(1);
  expect(slow(witness.history)).toBe(true);
  expectReplay(witness);
});

test("refuses what is no outcome", () => {
  expect(() => findWitness(risky, "lostWrites" as BadOutcome)).toThrow(
    /findWitness: need wanted to be one of "lostAcknowledgedWrites", .*got "lostWrites"/,
  );
  expect(() => findWitness(risky, "splitBrainMs", { runsMax: 0 })).toThrow("runsMax");
  expect(() => findWitness({ durationMs: 0 }, "splitBrainMs")).toThrow(
    "findWitness: need durationMs",
  );
});

test("the moment of the first lost write: a write of the leader that is cut off", () => {
  const scenario = scenarioFromJson(risky);
  const run = notableRun(scenario, { seed: 1, runs: 10 });
  expect(run.outcome).toBe("lostAcknowledgedWrites");
  const { fromMs, toMs, operations } = badMoment(scenario, run.seed, "lostAcknowledgedWrites");
  const { history, trace } = runScenario(scenario, run.seed);
  const struck = history[operations.at(-1)!]!;
  expect(struck).toMatchObject({ kind: "write", outcome: "ok", invokedMs: fromMs });
  const leads = trace.events.flatMap((event) =>
    event.kind === "observe" && event.name === "leads" ? [event.timeMs] : [],
  );
  // Beyond doubt as soon as somebody else leads without it.
  expect(leads.some((ms) => Math.abs(ms - toMs) <= 1)).toBe(true);
  for (const id of operations) expect(history[id]!.key).toBe(struck.key);
});
