import { describe, expect, test } from "vitest";
import { buildWorld } from "./buildWorld.ts";
import { exampleScenarios } from "./exampleScenarios.ts";
import { metricDefinitions } from "./metrics/metricDefinitions.ts";
import { mergeMetrics, noMetrics } from "./metrics/runMetrics.ts";
import { roughEvents } from "./roughEvents.ts";
import { runScenario } from "./runScenario.ts";
import { runSeed } from "./runSeed.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";
import { simulate } from "./simulate.ts";
import { simulationPlan } from "./simulationPlan.ts";

/** A leader that dies after 2 s and comes back after 4 s. */
const crash = {
  name: "crash",
  protocol: { options: { failover: { kind: "election", timeout: { minMs: 150, maxMs: 300 } } } },
  network: { latency: { kind: "exponential", meanMs: 5 } },
  clientOptions: { reads: { kind: "any" } },
  faults: [
    {
      what: { kind: "crash", target: { kind: "leader" }, lastsMs: 2000 },
      when: { kind: "at", atMs: 2000 },
    },
  ],
  durationMs: 5000,
  settleMs: 2000,
  workload: { mix: { read: 1, write: 1 }, keys: { kind: "uniform", count: 5 } },
};

describe("runs", () => {
  test("a run depends on its seed alone, not on what ran before", () => {
    const scenario = scenarioFromJson(crash);
    const runner = new ScenarioRunner(scenario);
    const seeds = [0, 1, 2, 3].map((index) => runSeed(7, index));
    const forwards = seeds.map((seed) => JSON.stringify(runner.run(seed)));
    const backwards = [...seeds].reverse().map((seed) => JSON.stringify(runner.run(seed)));
    expect(backwards.reverse()).toEqual(forwards);
    expect(JSON.stringify(new ScenarioRunner(scenario).run(seeds[2]!))).toBe(forwards[2]);
    expect(new Set(forwards).size).toBe(4);
  });

  test("who watches a run changes nothing", () => {
    const seed = runSeed(7, 1);
    const watched = runScenario(crash, seed);
    const bare = new ScenarioRunner(scenarioFromJson(crash)).run(seed);
    expect(JSON.stringify(watched.metrics)).toBe(JSON.stringify(bare));
    expect(watched.history.length).toBeGreaterThan(400);
    const asked = watched.trace.events.filter(({ kind }) => kind === "invoke");
    expect(asked).toHaveLength(watched.history.length);
  });

  // The first leaders lead as the nodes start, before actors begin: a fault has to know.
  test("the first leader is hit, in every run of a runner", () => {
    const strikes: string[] = [];
    const watch = {
      faulted: (name: string, node: number, _: number, ms: number) =>
        void strikes.push(`${name} ${node} ${ms}`),
    };
    const runner = new ScenarioRunner(scenarioFromJson(crash), { observers: [watch] });
    for (const seed of [1, 2]) runner.run(seed);
    expect(strikes).toEqual(["crash 0 2000", "restart 0 4000", "crash 0 2000", "restart 0 4000"]);
  });

  test("clients stop asking and faults are healed at durationMs; then the run settles", () => {
    const lasting = structuredClone(crash);
    Object.assign(lasting.faults[0]!.what, { lastsMs: "forever" });
    const { history, trace } = runScenario(lasting, 1);
    expect(Math.max(...history.map(({ invokedMs }) => invokedMs))).toBeLessThanOrEqual(5000);
    const faults = trace.events.flatMap((event) =>
      event.kind === "fault" ? [`${event.name} ${event.timeMs}`] : [],
    );
    expect(faults).toEqual(["crash 2000", "restart 5000"]);
    expect(trace.durationMs).toBe(7000);
  });

  test("a script asks what it says, when it says", () => {
    const { history } = runScenario(exampleScenarios.scripted!, 1);
    expect(
      history.map(({ invokedMs, kind, key, session, device, client }) => ({
        ...{ invokedMs, kind, key, session, device, client },
      })),
    ).toEqual([
      { invokedMs: 5, kind: "write", key: 3, session: 2, device: 0, client: 4 },
      { invokedMs: 10, kind: "read", key: 3, session: 2, device: 1, client: 3 },
    ]);
  });
});

describe("the world of a scenario", () => {
  test("partitions have replicas of their own; controllers and clients follow", () => {
    const { world, groups, clients } = buildWorld(
      scenarioFromJson({
        protocol: {
          ...{ partitions: 2, replicas: [{ name: "a" }, {}] },
          options: { failover: { kind: "lease", storeNodes: 3 } },
        },
        clients: [{}, { name: "app" }],
      }),
    );
    expect(world.nodes.map(({ name }) => name)).toEqual([
      ...["p0/a", "p0/replica-2", "p1/a", "p1/replica-2"],
      ...["controller-1", "controller-2", "controller-3", "client-1", "app"],
    ]);
    expect(groups.map(({ replicas }) => replicas)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(clients).toEqual([7, 8]);
  });

  test("the nearest replica is the one with the least mean delay, special links included", () => {
    const far = {
      protocol: { replicas: [{ region: "a" }, { region: "b" }, { region: "c" }] },
      clients: [{ region: "b" }, { region: "c" }],
      network: {
        latency: {
          ...{ kind: "oneWays", regions: ["a", "b", "c"] },
          oneWayMs: [
            [1, 9, 9],
            [5, 1, 3],
            [4, 2, 1],
          ],
          withinRegion: { kind: "exponential", meanMs: 0.5 },
        },
        links: [
          { scope: "withinRegion", latency: { kind: "constant", valueMs: 50 } },
          { from: "c", to: "c", latency: { kind: "uniform", minMs: 3, maxMs: 3.5 } },
          { from: "b", loss: { kind: "independent", probability: 0.1 } },
        ],
      },
    };
    const { world, clients } = buildWorld(scenarioFromJson(far));
    const nearest = clients.map(
      (node) => (world.nodes[node]!.config as { nearest: readonly unknown[] }).nearest[0],
    );
    expect(nearest).toEqual([
      [2, 0, 1], // 3, 5, 50
      [1, 2, 0], // 2, 3.25, 4
    ]);
  });
});

describe("many runs", () => {
  test("the same request gives the same bytes; more runs leave the first as they were", () => {
    const ask = (runs: number) => simulate(crash, { runs, seed: 3 });
    expect(JSON.stringify(ask(6))).toBe(JSON.stringify(ask(6)));
    const scenario = scenarioFromJson(crash);
    const runner = new ScenarioRunner(scenario);
    let total = noMetrics;
    for (let index = 0; index < 6; index++)
      total = mergeMetrics(total, runner.run(runSeed(3, index)));
    const writes = ask(6).metrics.writeThroughputPerS!.estimate!;
    expect(writes.value).toBeCloseTo(total.means.writeThroughputPerS!.mean, 9);
    expect(writes.trials).toBe(6);
  });

  test("chunks are merged in their order: any division of the work gives the same", () => {
    const scenario = scenarioFromJson({ ...crash, durationMs: 500, settleMs: 100, faults: [] });
    const plan = simulationPlan(scenario, { runs: 100, seed: 3 });
    expect(plan.chunks).toBeGreaterThan(1);
    const again = simulationPlan(scenario, { runs: 100, seed: 3 });
    const parts = new Map([...Array(plan.chunks).keys()].reverse().map((i) => [i, again.run(i)]));
    for (let chunk = 0; chunk < plan.chunks; chunk++) {
      expect(JSON.stringify(parts.get(chunk))).toBe(JSON.stringify(plan.run(chunk)));
    }
    expect([...parts.values()].reduce((sum, { runs }) => sum + runs, 0)).toBe(100);
  });

  // Two exponential hops of mean 5 ms: Gamma(2, 5 ms), median 1.678347 means, 99 % 6.638352 means.
  test("writes answered by a leader without a disk take two hops", () => {
    const quiet = { ...crash, faults: [], durationMs: 20_000, settleMs: 500 };
    const request = { runs: 30, seed: 5, confidence: 0.9999 };
    const { metrics } = simulate(quiet, request);
    for (const [name, means] of [
      ["writeLatencyMsP50", 1.678347],
      ["writeLatencyMsP99", 6.638352],
    ] as const) {
      const { low, high, value } = metrics[name]!.estimate!;
      expect(low).toBeLessThan(5 * means);
      expect(high).toBeGreaterThan(5 * means);
      expect(Math.abs(value / (5 * means) - 1)).toBeLessThan(0.1);
    }
    const throughput = metrics.throughputPerS!.estimate!;
    expect(throughput.low).toBeLessThan(100);
    expect(throughput.high).toBeGreaterThan(100);
    expect(metrics.failovers!.estimate!.value).toBe(0);
  });

  test("a leader that dies is replaced once, after the least of two timeouts and some messages", () => {
    const { metrics } = simulate(crash, { runs: 40, seed: 5, confidence: 0.9999 });
    expect(metrics.failovers!.estimate!.value).toBe(1);
    const { low, high } = metrics.leaderlessMs!.estimate!;
    expect(low).toBeGreaterThan(100);
    expect(high).toBeLessThan(400);
    expect(metrics.lostAcknowledgedWrites!.estimate!.trials).toBe(40);
  });

  // The leader dies just before the end: nobody leads, and nothing is known of the last writes.
  test("runs that cannot be decided are counted apart, and not as good", () => {
    const late = structuredClone(crash);
    Object.assign(late.faults[0]!.when, { atMs: 4900 });
    const runs = 30;
    const { metrics } = simulate({ ...late, settleMs: 50 }, { runs, seed: 2 });
    const undecided = metrics.undecidedRunShare!.estimate!.value * runs;
    expect(undecided).toBeGreaterThan(runs / 2);
    expect(metrics.lostAcknowledgedWrites!.estimate?.trials ?? 0).toBeCloseTo(runs - undecided, 9);
    const settled = simulate(late, { runs, seed: 2 }).metrics;
    expect(settled.undecidedRunShare!.estimate!.value).toBe(0);
    expect(settled.lostAcknowledgedWrites!.estimate!.trials).toBe(runs);
  });

  test("the compiler sees a misspelled field, and lets texts and parts pass", () => {
    // @ts-expect-error
    expect(() => simulate({ durationM: "1 s" })).toThrow('did you mean "durationMs"?');
    const parts = { workload: { arrivals: { kind: "closed", thinkMs: "100 ms" } } };
    expect(simulate({ ...parts, durationMs: "1 s" }, { runs: 2 }).runs).toBe(2);
  });

  test("only the metrics asked for, in that order, with their units", () => {
    const asked = ["unavailableMs", "staleReadRate"];
    const { metrics, name, runs, seed, confidence } = simulate(crash, { runs: 2, metrics: asked });
    expect(Object.keys(metrics)).toEqual(asked);
    expect(metrics.unavailableMs!.unit).toBe("ms");
    expect({ name, runs, seed, confidence }).toEqual({
      ...{ name: "crash", runs: 2, seed: 1, confidence: 0.95 },
    });
    const all = simulate(crash, { runs: 2 }).metrics;
    expect(Object.keys(all)).toEqual(metricDefinitions.map((definition) => definition.name));
    expect(all.timeToOnlineMsP50!.estimate ?? null).toBeDefined();
  });

  test.each([
    [{ runs: 0 }, "simulate: need runs to be an integer in [1, 1000000000], got 0"],
    [{ seed: -1 }, "need seed"],
    [{ confidence: 1 }, "need confidence"],
    [{ metrics: ["staleReads"] }, 'got "staleReads"'],
    [{ metrics: ["staleReadRat"] }, '(did you mean "staleReadRate"?), got "staleReadRat"'],
  ])("refuses %j", (options, text) => {
    expect(() => simulate(crash, options)).toThrow(RangeError);
    expect(() => simulate(crash, options)).toThrow(text);
  });

  test("the guess at the events of a run is right to a factor of four", () => {
    for (const given of [{ durationMs: 5000, settleMs: 1000 }, crash]) {
      const scenario = scenarioFromJson(given);
      const runner = new ScenarioRunner(scenario);
      runner.run(1);
      const ratio = roughEvents(scenario) / runner.eventCount;
      expect(ratio).toBeGreaterThan(1 / 4);
      expect(ratio).toBeLessThan(4);
    }
  });
});
