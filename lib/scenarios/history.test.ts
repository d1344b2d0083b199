import { describe, expect, test } from "vitest";
import type { History } from "../core/history.ts";
import { exampleScenarios } from "./exampleScenarios.ts";
import { historyFromLines, historyLines } from "./historyLines.ts";
import { historyRecorder } from "./historyRecorder.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";
import { ScenarioRunner } from "./scenarioRunner.ts";

const operation = { id: 0, kind: "write", key: 3, value: 0, session: 1, device: 2 } as const;

describe("the history recorder", () => {
  test("keeps what was asked and answered, in the order of invocation", () => {
    const recorder = historyRecorder();
    recorder.runBegan(1);
    recorder.invoked(operation, 7, 10);
    recorder.invoked({ ...operation, id: 1, kind: "read", value: null }, 7, 11);
    recorder.invoked({ ...operation, id: 2, kind: "insert", value: 2 }, 7, 12);
    recorder.invoked({ ...operation, id: 3, value: 3 }, 7, 13);
    const ok = { outcome: "ok", servedBy: 4, version: 5 } as const;
    recorder.completed(
      { ...operation, id: 2, kind: "insert", value: 2 },
      { ...ok, value: 99 },
      7,
      14,
    );
    recorder.completed(
      { ...operation, id: 1, kind: "read", value: null },
      { ...ok, value: 0 },
      7,
      15,
    );
    const gaveUp = { outcome: "indefinite", value: null, version: 0, servedBy: -1 } as const;
    recorder.completed({ ...operation, id: 3, value: 3 }, gaveUp, 7, 16);
    recorder.runEnded(20);
    const shared = { key: 3, session: 1, device: 2, client: 7 };
    expect(recorder.history()).toEqual([
      {
        ...{ ...shared, id: 0, kind: "write", servedBy: -1, value: 0, version: 0 },
        ...{ invokedMs: 10, completedMs: null, outcome: "indefinite" },
      },
      {
        ...{ ...shared, id: 1, kind: "read", servedBy: 4, value: 0, version: 5 },
        ...{ invokedMs: 11, completedMs: 15, outcome: "ok" },
      },
      {
        ...{ ...shared, id: 2, kind: "insert", servedBy: 4, value: 99, version: 5 },
        ...{ invokedMs: 12, completedMs: 14, outcome: "ok" },
      },
      {
        ...{ ...shared, id: 3, kind: "write", servedBy: -1, value: 3, version: 0 },
        ...{ invokedMs: 13, completedMs: 16, outcome: "indefinite" },
      },
    ]);
    recorder.runBegan(2);
    expect(recorder.history()).toEqual([]);
  });

  test("two runs of one seed give the same bytes, and lines read back the same", () => {
    const recorder = historyRecorder();
    const scenario = scenarioFromJson({
      ...exampleScenarios.default,
      durationMs: 3000,
      warmUpMs: 0,
    });
    const runner = new ScenarioRunner(scenario, { observers: [recorder] });
    const bytes = (seed: number) => {
      runner.run(seed);
      return [...historyLines(recorder.history())].join("");
    };
    const first = bytes(1);
    expect(bytes(2)).not.toBe(first);
    expect(bytes(1)).toBe(first);
    const history = recorder.history();
    expect(history.length).toBeGreaterThan(50);
    expect(historyFromLines(first.split("\n"))).toEqual(history);
  });
});

describe("lines of a history", () => {
  const line = [...historyLines([record({})])][0]!;

  test("a line is an object with its fields in order", () => {
    expect(line).toBe(
      '{"id":0,"kind":"read","key":1,"session":2,"device":0,"client":5,"servedBy":3,"value":null,"version":0,"invokedMs":1.5,"completedMs":null,"outcome":"indefinite"}\n',
    );
  });

  test.each([
    ["{", 'need line 1 to be JSON, got "{"'],
    ["[]", "need line 1 to be an object"],
    [JSON.stringify({ ...record({}), kind: "scan" }), 'line 1.kind to be one of "read", "write"'],
    [JSON.stringify({ ...record({}), key: -1 }), "line 1.key to be an integer >= 0, got -1"],
    [JSON.stringify({ ...record({}), completedMs: "soon" }), "line 1.completedMs to be a number"],
    [JSON.stringify({ ...record({}), outcome: undefined }), "line 1.outcome to be one of"],
  ])("%s is refused", (text, message) => {
    expect(() => historyFromLines([text])).toThrow(RangeError);
    expect(() => historyFromLines([text])).toThrow(message);
  });
});

function record(changes: Partial<History[number]>): History[number] {
  return {
    ...{ id: 0, kind: "read", key: 1, session: 2, device: 0, client: 5, servedBy: 3, value: null },
    ...{ version: 0, invokedMs: 1.5, completedMs: null, outcome: "indefinite" },
    ...changes,
  };
}
