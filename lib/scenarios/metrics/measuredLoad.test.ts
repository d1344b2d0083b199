import { describe, expect, test } from "vitest";
import { Simulator } from "../../simulation/simulator.ts";
import type { RunObserver } from "../../simulation/world.ts";
import { buildWorld } from "../buildWorld.ts";
import { scenarioFromJson } from "../scenarioFromJson.ts";
import { ScenarioRunner } from "../scenarioRunner.ts";

const serviceMs = { append: 0.5, write: 0.5 };
/** Replicas that go on to talk to each other when the workload has ended. */
const scenario = {
  protocol: {
    replicas: [{ serviceMs }, { serviceMs }, { serviceMs }],
    options: {
      shipping: { heartbeatMs: 5 },
      failover: { kind: "election", timeout: { minMs: 150, maxMs: 300 } },
    },
  },
  workload: {
    sessions: { perClient: 2 },
    arrivals: { kind: "poisson", rate: { perS: 50 } },
    mix: { read: 1, write: 1 },
    keys: { kind: "uniform", count: 6 },
  },
  durationMs: 2000,
  warmUpMs: 300,
};
const names = [
  "messagesPerWrite",
  "bytesPerWrite",
  "leaderBusyShare",
  "followerBusyShare",
] as const;

/** Notes everything that a run tells. */
function recorder(): { lines: string[]; observer: RunObserver } {
  const lines: string[] = [];
  const note = (...told: unknown[]) => lines.push(JSON.stringify(told));
  const observer: RunObserver = {
    runBegan: (...told) => note("began", ...told),
    invoked: (...told) => note("invoked", ...told),
    completed: (...told) => note("completed", ...told),
    observed: (...told) => note("observed", ...told),
    faulted: (...told) => note("faulted", ...told),
    runEnded: (...told) => note("ended", ...told),
  };
  return { lines, observer };
}

describe("load and messages", () => {
  test("do not depend on how long the run goes on after the measured part", () => {
    const loads = [200, 1000, 8000].map((settleMs) => {
      const { ratios } = new ScenarioRunner(scenarioFromJson({ ...scenario, settleMs })).run(1);
      return names.map((name) => ratios[name]!);
    });
    expect(loads[0]![0]!.y).toBeGreaterThan(1000);
    expect(loads[0]![2]!.y).toBeGreaterThan(0);
    expect(loads[1]).toEqual(loads[0]);
    expect(loads[2]).toEqual(loads[0]);
  });

  test("are measured without changing anything that the run tells", () => {
    const given = scenarioFromJson({ ...scenario, settleMs: 500 });
    const [withMeter, without] = [recorder(), recorder()];
    new ScenarioRunner(given, { observers: [withMeter.observer] }).run(3);
    const { world, actors } = buildWorld(given);
    new Simulator(world, { actors, observers: [without.observer] }).run(3, 2500);
    expect(withMeter.lines.length).toBeGreaterThan(200);
    expect(withMeter.lines).toEqual(without.lines);
  });
});
