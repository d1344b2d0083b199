import { expect, test } from "vitest";
import { meanOf } from "../../../test/support/idleWorld.ts";
import {
  type Answer,
  type Asked,
  keyValueNodes,
  operationsOf,
} from "../../../test/support/keyValueWorld.ts";
import { Simulator } from "../simulator.ts";
import type { Actor, World } from "../world.ts";
import { workloadActor } from "./workloadActor.ts";
import type { WorkloadSpec } from "./workloadSpec.ts";

const clients = [{ nodes: { kind: "role", role: "client" } }] as const;
const keys = { kind: "uniform", count: 10 } as const;

const closed: WorkloadSpec = {
  ...{ clients, keys, sessions: { perClient: 3 }, mix: { read: 0.5, write: 0.5 } },
  arrivals: { kind: "closed", thinkMs: 7 },
};
const open: WorkloadSpec = {
  ...closed,
  arrivals: { kind: "poisson", rate: { kind: "perClient", perS: 500 } },
};

/** Operations by session. */
function bySession(seen: readonly Asked[]): Map<number, Asked[]> {
  const sessions = new Map<number, Asked[]>();
  for (const asked of seen) {
    const { session } = asked.operation;
    const known = sessions.get(session);
    if (known === undefined) sessions.set(session, [asked]);
    else known.push(asked);
  }
  return sessions;
}

function within4(values: readonly boolean[], share: number): void {
  const count = values.filter(Boolean).length;
  const error = Math.sqrt((share * (1 - share)) / values.length);
  expect(Math.abs(count / values.length - share)).toBeLessThan(4 * error);
}

// Think 7 ms, answer after 2 ms: throughput = sessions / 9 ms, exactly.
test("closed: the interactive response time law", () => {
  const seen = operationsOf(closed, { clients: 4, durationMs: 9000 });
  expect(seen).toHaveLength(4 * 3 * 1000);
  const sessions = bySession(seen);
  expect([...sessions.keys()].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12 }, (_, i) => i),
  );
  for (const [session, asked] of sessions) {
    expect(asked.map(({ timeMs }) => timeMs)).toEqual(asked.map((_, i) => 7 + 9 * i));
    expect(new Set(asked.map(({ node }) => node))).toEqual(new Set([1 + Math.floor(session / 3)]));
  }
});

// 12 sessions, 100 s: about 133,000 operations.
test("closed with exponential thinking: sessions / (think + response), one operation at a time", () => {
  const thinkMs = { kind: "exponential", meanMs: 7 } as const;
  const spec: WorkloadSpec = { ...closed, arrivals: { kind: "closed", thinkMs } };
  const sessions = bySession(operationsOf(spec, { clients: 4, durationMs: 100_000 }));
  const thought = [...sessions.values()].flatMap((asked) =>
    asked.map(({ timeMs }, i) => timeMs - (asked[i - 1]?.completedMs ?? 0)),
  );
  // Answered before the next began, or there would be a difference below 0, or none.
  expect(thought.every((ms) => ms > 0)).toBe(true);
  expect(thought.length).toBeGreaterThan(130_000);
  const { mean, error } = meanOf(thought);
  expect(Math.abs(mean - 7)).toBeLessThan(4 * error);
  // Renewals of mean 9 and variance 49: their number has the variance t 49 / 9^3.
  const expected = 100_000 / 9;
  const deviation = Math.sqrt((12 * 100_000 * 49) / 9 ** 3);
  expect(Math.abs(thought.length - 12 * expected)).toBeLessThan(4 * deviation);
});

test("closed: answers that come at once, failures and late ones do not confuse a session", () => {
  const hasty = operationsOf(closed, { isHasty: true, durationMs: 700 });
  expect(hasty).toHaveLength(6 * 100);
  for (const asked of bySession(hasty).values()) {
    expect(asked.map(({ timeMs }) => timeMs)).toEqual(asked.map((_, i) => 7 + 7 * i));
  }
  const failing = operationsOf(closed, {
    durationMs: 900,
    answer: (_, completion) => ({ ...completion, outcome: "failed" }),
  });
  expect(failing).toHaveLength(6 * 100);
});

test("a session that gets no answer waits for ever, or gives up after a time", () => {
  const answer: Answer = ({ id }, completion) => (id % 4 === 0 ? null : completion);
  const stuck = operationsOf(closed, { answer, durationMs: 10_000 });
  expect(
    stuck.every(({ completion, operation }) => (completion === null) === (operation.id % 4 === 0)),
  ).toBe(true);
  // Each of the six sessions ends with an operation without an answer.
  expect(stuck.filter(({ completion }) => completion === null)).toHaveLength(6);
  const spec = { ...closed, giveUpAfterMs: 50 };
  const patient = operationsOf(spec, { answer, durationMs: 10_000 });
  for (const asked of bySession(patient).values()) {
    expect(asked.length).toBeGreaterThan(300);
    const gaps = asked.map(({ timeMs }, i) => timeMs - (asked[i - 1]?.timeMs ?? -2));
    const before = asked.map((_, i) => asked[i - 1]?.operation.id ?? 1);
    expect(gaps).toEqual(before.map((id) => (id % 4 === 0 ? 57 : 9)));
  }
});

test("at a client that is down nobody asks; closed sessions go on when it is up", () => {
  const outage: Actor = {
    begin(_, controls) {
      controls.wakeAt(200, "crash");
      controls.wakeAt(500, "restart");
    },
    wake: (reason, controls) => controls[reason as "crash" | "restart"](1),
  };
  for (const spec of [open, { ...closed, giveUpAfterMs: 20 }]) {
    const times = operationsOf(spec, { others: [outage] })
      .filter(({ node }) => node === 1)
      .map(({ timeMs }) => timeMs);
    expect(times.filter((time) => time > 200 && time < 500)).toEqual([]);
    expect(times.filter((time) => time <= 200).length).toBeGreaterThan(60);
    expect(times.filter((time) => time >= 500).length).toBeGreaterThan(150);
  }
  // No thinking, and a client that stays down: no endless loop at one time.
  const hasty: WorkloadSpec = { ...closed, arrivals: { kind: "closed", thinkMs: 0 } };
  const down: Actor = { begin: (_, controls) => controls.crash(1), wake: () => undefined };
  expect(operationsOf(hasty, { others: [down] }).every(({ node }) => node === 2)).toBe(true);
});

// 50,000 operations.
test("kinds by their weights, sessions and devices evenly, devices at home or spread", () => {
  const spec: WorkloadSpec = {
    ...open,
    mix: { read: 7, write: 2, insert: 1 },
    sessions: { perClient: 4, devices: 2, deviceSites: "spread", firstNumber: 100 },
  };
  const seen = operationsOf(spec, { clients: 3, durationMs: 50_000 / 1.5 });
  for (const [kind, share] of [
    ["read", 0.7],
    ["write", 0.2],
    ["insert", 0.1],
  ] as const) {
    within4(
      seen.map(({ operation }) => operation.kind === kind),
      share,
    );
  }
  for (let session = 100; session < 112; session++) {
    within4(
      seen.map(({ operation }) => operation.session === session),
      1 / 12,
    );
  }
  within4(
    seen.map(({ operation }) => operation.device === 1),
    1 / 2,
  );
  const elsewhere = seen.filter(({ operation, node }) => {
    const home = Math.floor((operation.session - 100) / 4);
    return node !== 1 + ((home + operation.device) % 3);
  });
  expect(elsewhere).toEqual([]);
  expect(seen.every(({ operation }) => operation.after === undefined)).toBe(true);
  const atHome = operationsOf({ ...spec, sessions: { perClient: 4, devices: 2 } }, { clients: 3 });
  for (const { operation, node } of atHome) {
    expect(node).toBe(1 + Math.floor(operation.session / 4));
  }
});

const shape = ({ operation, node, timeMs }: Asked) => {
  const { key, session, device } = operation;
  return [timeMs, node, session, device, key];
};

test("the share of reads leaves times, clients, sessions, devices and keys as they were", () => {
  const spec: WorkloadSpec = { ...open, sessions: { perClient: 9, devices: 3 } };
  const [few, many] = [0.2, 0.7].map((read) =>
    operationsOf({ ...spec, mix: { read, write: 1 - read } }),
  );
  expect(few!.length).toBeGreaterThan(900);
  expect(many!.map(shape)).toEqual(few!.map(shape));
  // Whoever reads at a share of 0.2 reads at 0.7 too.
  const reads = (seen: readonly Asked[]) =>
    seen.filter(({ operation }) => operation.kind === "read").map(({ operation }) => operation.id);
  expect(reads(many!)).toEqual(expect.arrayContaining(reads(few!)));
  within4(
    many!.map(({ operation }) => operation.kind === "read"),
    0.7,
  );
});

test("other keys and bursts of users leave the rest as it was; so does another workload", () => {
  const plain = operationsOf(open).map(shape);
  const zipf = operationsOf({ ...open, keys: { kind: "zipf", count: 10, exponent: 1 } });
  expect(zipf.map(shape).map((each) => each.slice(0, 4))).toEqual(
    plain.map((each) => each.slice(0, 4)),
  );
  const other: WorkloadSpec = {
    ...closed,
    name: "other",
    sessions: { perClient: 2, firstNumber: 6 },
  };
  const both = operationsOf([open, other]);
  expect(both.filter(({ operation }) => operation.session < 6).map(shape)).toEqual(plain);
  expect(both.filter(({ operation }) => operation.session >= 6).map(shape)).toEqual(
    operationsOf(other).map(shape),
  );
  // Two of one name would do the same; named differently they do not.
  expect(operationsOf({ ...open, name: "other" }).map(shape)).not.toEqual(plain);
});

test("the same seed asks the same, whatever ran before, and another does not", () => {
  const spec: WorkloadSpec = {
    ...{ ...open, keys: { kind: "latest", count: 100, exponent: 1, window: 5 } },
    readAfterWrite: { share: 0.5, delayMs: { kind: "exponential", meanMs: 5 }, device: "same" },
    conversations: { writeShare: 0.5, readShare: 0.5, distance: 1, delayMs: 1 },
    giveUpAfterMs: 100,
  };
  const run = (seed: number, isFresh = false) =>
    JSON.stringify(operationsOf(spec, { seed, isFresh }));
  expect(run(1)).toBe(run(1, true));
  expect(run(1)).not.toBe(run(2));
});

test("nothing begins when it is time to stop, not even what follows", () => {
  const readAfterWrite = { share: 1, delayMs: 40, device: "same" } as const;
  for (const spec of [open, closed]) {
    const seen = operationsOf({ ...spec, readAfterWrite, startAtMs: 100, stopAtMs: 500 });
    const times = seen.map(({ timeMs }) => timeMs);
    expect(Math.min(...times)).toBeGreaterThan(100);
    expect(Math.min(...times)).toBeLessThan(110);
    expect(Math.max(...times)).toBeLessThan(500);
    expect(Math.max(...times)).toBeGreaterThan(480);
    expect(seen.every(({ completion }) => completion !== null)).toBe(true);
  }
});

test("what is kept does not grow with the run", () => {
  const readAfterWrite = { share: 1, delayMs: 40, device: "same" } as const;
  const world: World = {
    ...{ nodes: keyValueNodes(2), network: { latency: { kind: "constant", valueMs: 1 } } },
  };
  for (const spec of [open, closed]) {
    const actor = workloadActor({ ...spec, readAfterWrite }, world);
    const { pending } = actor as unknown as { pending: Map<number, unknown> };
    const simulator = new Simulator(world, { actors: [actor] });
    for (const durationMs of [100, 10_000]) {
      simulator.run(1, durationMs);
      // Open: writes under way, 1 a ms for 2 ms on average; closed: one for each session at most.
      expect(pending.size).toBeLessThan(12);
    }
  }
});
