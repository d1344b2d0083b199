import { expect, test } from "vitest";
import { buildWorld } from "../lib/scenarios/buildWorld.ts";
import { scenarioFromJson } from "../lib/scenarios/scenarioFromJson.ts";
import { inspectRun } from "../lib/simulation/inspectRun.ts";
import { type RunPlan, traceRun } from "../lib/simulation/traceRun.ts";

// A leader that crashes for half a second, with a log that is cut, so that snapshots are needed.
function planOf(acknowledgement: object, failover: object): RunPlan {
  const scenario = scenarioFromJson({
    protocol: { options: { acknowledgement, failover, retention: { entries: 20 } } },
    faults: [
      {
        what: { kind: "crash", target: { kind: "leader" }, lastsMs: 500 },
        when: { kind: "at", atMs: 700 },
      },
    ],
  });
  const { world, actors } = buildWorld(scenario);
  return { world, actors, seed: 1, durationMs: 2000 };
}

const election = { kind: "election", timeout: { minMs: 100, maxMs: 200 } };
const lease = { kind: "lease", ttlMs: 600, loopMs: 100, retryMs: 200 };

// Payloads belong to their receivers: a protocol that went on changing what it has sent or stored would
// differ from itself with a copy of each state. So the rule of `Effects` is checked too.
test.each([
  ["asynchronous, election", { kind: "asynchronous" }, election],
  ["majority, election", { kind: "majority" }, election],
  ["synchronous, lease", { kind: "synchronous" }, lease],
  ["semi-synchronous, controller", { kind: "semi-synchronous" }, { kind: "controller" }],
])(
  "a run of replication is the same under inspection, to the last byte: %s",
  (_, kind, failover) => {
    const plan = planOf(kind, failover);
    const plain = traceRun(plan);
    const run = inspectRun(plan);
    expect(plain.events.filter((event) => event.kind === "fault")).toHaveLength(2);
    expect(JSON.stringify(run.trace)).toBe(JSON.stringify(plain));
    expect(run.steps().length).toBeGreaterThan(500);
  },
);
