import { expect, test } from "vitest";
import { partOfScript, recordScript } from "./recordScript.ts";
import { runScenario } from "./runScenario.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import type { ScriptedOperation } from "./scriptActor.ts";

test("the script of a run gives the same run, to the byte", () => {
  const scenario = scenarioFromJson({
    clients: [{}, { share: 2 }],
    network: { latency: { kind: "exponential", meanMs: 5 } },
    clientOptions: { reads: { kind: "any" } },
    workload: {
      mix: { read: 1, write: 1 },
      keys: { kind: "uniform", count: 3 },
      readAfterWrite: { share: 0.5, delayMs: 3, device: "same" },
    },
    ...{ durationMs: 2000, settleMs: 500 },
  });
  const script = recordScript(scenario, 5);
  const run = runScenario(scenario, 5);
  const again = runScenario({ ...scenario, script }, 5);
  expect(JSON.stringify(again.history)).toBe(JSON.stringify(run.history));
  expect(new Set(script.map(({ client }) => client))).toEqual(new Set([0, 1]));
  const followed = script.filter(({ after }) => after !== undefined);
  expect(followed.length).toBeGreaterThan(20);
  for (const { after, key, session } of followed) {
    expect(script[after!]).toMatchObject({ kind: "write", key, session });
  }
});

test("a part of a script counts what follows what anew, and forgets what is left out", () => {
  const operation = (atMs: number, after?: number): ScriptedOperation => ({
    ...{ atMs, client: 0, kind: "read", key: 0, session: 0, device: 0 },
    ...(after !== undefined && { after }),
  });
  const script = [operation(1), operation(2, 0), operation(3, 1), operation(4, 0), operation(5, 3)];
  expect(partOfScript(script, [0, 3, 4])).toEqual([operation(1), operation(4, 0), operation(5, 1)]);
  expect(partOfScript(script, [1, 2])).toEqual([operation(2), operation(3, 0)]);
});
