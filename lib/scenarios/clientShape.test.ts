import { expect, test } from "vitest";
import { runScenario } from "./runScenario.ts";
import { scenarioFromJson } from "./scenarioFromJson.ts";

/** One read, sent to whoever is nearest, while no replica answers. */
const scenario = (attempts: number) => ({
  clientOptions: { attempts, timeoutMs: 50, retryDelay: 10 },
  faults: [
    {
      what: { kind: "crash", target: { kind: "role", role: "replica" }, lastsMs: "forever" },
      when: { kind: "at", atMs: 10 },
    },
  ],
  script: [{ atMs: 100, kind: "read", key: 0, client: 0 }],
  ...{ durationMs: 1000, settleMs: 1000 },
});

test.each([0, 1, 3])("attempts: %d: so often the client asks again", (attempts) => {
  const read = scenarioFromJson(scenario(attempts), "test");
  expect(read.clientOptions.attempts).toBe(attempts);
  const { history } = runScenario(read, 1);
  const [{ completedMs, invokedMs }] = history as [(typeof history)[number]];
  expect(completedMs! - invokedMs).toBeCloseTo(50 + attempts * 60, 6);
});

test("less than never is refused", () => {
  expect(() => scenarioFromJson(scenario(-1), "test")).toThrow(
    "need clientOptions.attempts to be an integer >= 0, got -1",
  );
});
