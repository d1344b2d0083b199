import { expect, test } from "vitest";
import { simulate } from "../../scenarios/simulate.ts";
import { sweep } from "../sweep.ts";

const base = {
  network: { latency: { kind: "exponential", meanMs: 5 } },
  clientOptions: { reads: { kind: "any" } },
  durationMs: 1000,
  settleMs: 200,
  workload: { keys: { kind: "uniform", count: 2 } },
  runs: 60,
};
const over = { "network.latency.meanMs": [1, 20] };

test("a row is what simulate gives for the scenario", async () => {
  const table = await sweep({ measure: "simulate", base, over, seed: 4, workers: 0 });
  const { runs, ...scenario } = base;
  const own = simulate(scenario, { runs, seed: 4 });
  const far = simulate(
    { ...scenario, network: { latency: { kind: "exponential", meanMs: 20 } } },
    { runs, seed: 4 },
  );
  expect(own.runs).toBe(60);
  expect(table.estimates("staleReadRate")[1]).toEqual(far.metrics.staleReadRate!.estimate);
  const [near, away] = table.numbers("staleReadRate");
  expect(near).toBeLessThan(away!);
  // Nobody has two devices: nothing to measure, and nothing made up.
  expect(table.column("monotonicReadAcrossDevicesViolationRate")).toEqual([null, null]);
});

test("the same bytes on two threads", async () => {
  const ask = (workers: number) => sweep({ measure: "simulate", base, over, seed: 4, workers });
  expect(JSON.stringify((await ask(2)).rows)).toBe(JSON.stringify((await ask(0)).rows));
});

test("a whole choice may vary, and a point that is not valid is named", async () => {
  const path = "protocol.options.acknowledgement";
  const kinds = [{ kind: "asynchronous" }, { kind: "majority" }];
  const table = await sweep({
    ...{ measure: "simulate", base: { ...base, runs: 5 }, seed: 1, workers: 0 },
    over: { [path]: kinds },
  });
  const [fast, safe] = table.numbers("writeLatencyMsP50");
  expect(fast).toBeLessThan(safe!);
  await expect(
    sweep({ measure: "simulate", base, seed: 1, workers: 0, over: { durationMs: [1000, 0] } }),
  ).rejects.toThrow(/at durationMs=0: simulate: need durationMs/);
});

test("fields that a scenario may leave out may be in the base, and be varied", async () => {
  const disk = { syncMs: { kind: "constant", valueMs: 3 } };
  const table = await sweep({
    ...{ measure: "simulate", base: { ...base, disk, runs: 5 }, seed: 1, workers: 0 },
    over: { "disk.syncMs.valueMs": [3, 30] },
  });
  const [fast, slow] = table.numbers("writeLatencyMsP50");
  expect(slow! - fast!).toBeGreaterThan(20);
});
