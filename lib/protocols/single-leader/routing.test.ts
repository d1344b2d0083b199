import { expect, test } from "vitest";
import {
  type Done,
  poisson,
  type Replication,
  type ReplicationSetting,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import type { Actor } from "../../simulation/world.ts";
import type { ReadRouting } from "./options.ts";

// Links of 1 ms, followers apply 20 ms after receipt: what the client knows to be written at t is seen by
// followers at t + 20. A session writes, and reads `afterMs` later: its request arrives 1 ms after that.
const applyDelay = 20;
const network = { latency: { kind: "constant", valueMs: 1 } } as const;
const trials = 3000;

interface Trials {
  readonly afterMs: number;
  /** Device and client node that read; the write is of device 0 at the first client node. */
  readonly device?: number;
  readonly clientNodes?: number;
  readonly readerNode?: number;
}

/** Write, acknowledgement, read; each trial has a session and keys of its own. */
function writeThenRead(
  reads: ReadRouting,
  { afterMs, device = 0, clientNodes = 1, readerNode = 0 }: Trials,
  setting: ReplicationSetting = {},
): Replication {
  const actor: Actor = {
    begin(_, controls) {
      for (let index = 0; index < trials; index++) controls.wakeAt(100 + index * 100, index);
    },
    wake(reason, controls) {
      if (typeof reason === "function") reason();
      else {
        const session = reason as number;
        controls.invoke(3, request("write", 2 * session, { session }));
      }
    },
    completed({ kind, key, session }, { outcome }, controls) {
      if (kind !== "write" || outcome !== "ok") return;
      controls.wakeAt(controls.nowMs + afterMs, () =>
        controls.invoke(3 + readerNode, request("read", key, { session, device })),
      );
    },
  };
  return replicationWorld({
    ...{ network, shipping: { applyDelay }, clientNodes, actors: [actor] },
    clients: { reads, attempts: 3, retryDelay: 0, timeoutMs: 1000 },
    ...setting,
  }).run(11, 100 + trials * 100);
}

const readsOf = ({ done }: Replication): Done[] =>
  done.filter(({ operation }) => operation.kind === "read");

/** Share of reads that do not see the session's own write; all must be answered. */
function missedShare(world: Replication): number {
  const reads = readsOf(world);
  expect(reads.length).toBe(trials);
  for (const { completion } of reads) expect(completion?.outcome).toBe("ok");
  return reads.filter(({ completion }) => completion!.value === null).length / trials;
}

function expectShare(measured: number, expected: number): void {
  const standardError = Math.sqrt((expected * (1 - expected)) / trials);
  expect(Math.abs(measured - expected)).toBeLessThanOrEqual(4 * standardError);
}

const position: Extract<ReadRouting, { kind: "position" }> = {
  ...{ kind: "position", waitMs: 100, otherwise: "leader" },
  ...{ acrossDevices: false, dependencies: false },
};

// Two of three replicas are followers; they lack the write if the read arrives within 20 ms of it.
test.each<[string, ReadRouting, Trials, number]>([
  ["leader", { kind: "leader" }, { afterMs: 5 }, 0],
  ["any", { kind: "any" }, { afterMs: 5 }, 2 / 3],
  ["any, later", { kind: "any" }, { afterMs: 20 }, 0],
  ["nearest is the leader", { kind: "nearest" }, { afterMs: 5 }, 0],
  ["sticky", { kind: "sticky" }, { afterMs: 5 }, 2 / 3],
  ["own keys", { kind: "own-from-leader", keysPerSession: 2 }, { afterMs: 5 }, 0],
  ["leader for 10 ms after a write", { kind: "leader-after-write", forMs: 10 }, { afterMs: 5 }, 0],
  ["leader for 4 ms", { kind: "leader-after-write", forMs: 4 }, { afterMs: 5 }, 2 / 3],
  [
    "leader after a write, other device",
    { kind: "leader-after-write", forMs: 10 },
    { afterMs: 5, device: 1 },
    2 / 3,
  ],
  ["position", position, { afterMs: 5 }, 0],
  ["position, other device", position, { afterMs: 5, device: 1 }, 2 / 3],
  ["position across devices", { ...position, acrossDevices: true }, { afterMs: 5, device: 1 }, 0],
  [
    "position across devices at two places",
    { ...position, acrossDevices: true },
    { afterMs: 5, device: 1, clientNodes: 2, readerNode: 1 },
    0,
  ],
  [
    "position across devices, news slower than the user",
    { ...position, acrossDevices: true },
    { afterMs: 0.5, device: 1, clientNodes: 2, readerNode: 1 },
    2 / 3,
  ],
])("own write not seen: %s", (_, reads, times, expected) => {
  expectShare(missedShare(writeThenRead(reads, times)), expected);
});

test("position: followers make the read wait; one that waits for less goes to the leader", () => {
  const latencies = (reads: ReadRouting) =>
    readsOf(writeThenRead(reads, { afterMs: 5 })).map(({ completedMs, invokedMs, completion }) => ({
      ms: Math.round(1e6 * (completedMs - invokedMs)) / 1e6,
      by: completion!.servedBy,
    }));
  // Applied 20 ms after the acknowledgement, asked 6 ms after it: 14 ms, and two hops.
  for (const { ms, by } of latencies(position)) expect(ms).toBe(by === 0 ? 2 : 16);
  const impatient = latencies({ ...position, waitMs: 3 });
  expect(new Set(impatient.map(({ by }) => by))).toEqual(new Set([0]));
  expectShare(impatient.filter(({ ms }) => ms === 2 + 3 + 2).length / trials, 2 / 3);
  // Elsewhere may be the other follower; three tries of 3 ms, then the leader or nobody.
  const elsewhere = latencies({ ...position, waitMs: 7, otherwise: "another" });
  expect(elsewhere.filter(({ by }) => by !== 0).length).toBeGreaterThan(trials / 4);
});

test("a random replica each time, each as often", () => {
  const counts = [0, 0, 0];
  for (const { completion } of readsOf(writeThenRead({ kind: "any" }, { afterMs: 50 }))) {
    counts[completion!.servedBy]!++;
  }
  for (const count of counts) expectShare(count / trials, 1 / 3);
});

/** Reads of one key by two devices each 10 ms, replicas that apply after 0 to 60 ms, writes in between. */
function watching(reads: ReadRouting, crashMs = Infinity): Replication {
  const reader: Actor = {
    begin: (_, controls) => controls.wakeAt(50, 0),
    wake(reason, controls) {
      if (controls.nowMs > crashMs && controls.isUp(1)) controls.crash(1);
      for (const device of [0, 1]) controls.invoke(3, request("read", 0, { device }));
      controls.wakeAt(controls.nowMs + 10, reason);
    },
  };
  return replicationWorld({
    ...{ network, shipping: { applyDelay: { minMs: 0, maxMs: 60 } } },
    clients: { reads, attempts: 3, retryDelay: 0, timeoutMs: 40 },
    actors: [poisson(3, 0.05, () => request("write", 0, { session: 1 })), reader],
  }).run(4, 5000);
}

/** Reads of a device that are older than one that had been answered before they began. */
function backwards(world: Replication): number {
  const reads = readsOf(world).filter(({ completion }) => completion?.outcome === "ok");
  return reads.filter((read) =>
    reads.some(
      (before) =>
        before.operation.device === read.operation.device &&
        before.completedMs < read.invokedMs &&
        before.completion!.version > read.completion!.version,
    ),
  ).length;
}

test("monotonic reads: broken by any replica, kept by a sticky one and by positions", () => {
  expect(backwards(watching({ kind: "any" }))).toBeGreaterThan(50);
  expect(backwards(watching({ kind: "sticky" }))).toBe(0);
  expect(backwards(watching(position))).toBe(0);
});

test("a sticky device stays until its replica is silent; nearest goes to the next one", () => {
  const servers = (world: Replication, device: number) =>
    readsOf(world)
      .filter(({ operation, completion }) => operation.device === device && completion !== null)
      .map(({ completion }) => completion!.servedBy);
  const calm = watching({ kind: "sticky" });
  for (const device of [0, 1]) expect(new Set(servers(calm, device)).size).toBe(1);
  const seen = new Set<number>();
  for (const device of [0, 1]) {
    const world = watching({ kind: "sticky" }, 2500);
    const by = servers(world, device).filter((node) => node >= 0);
    for (const node of by) seen.add(node);
    expect(new Set(by.slice(-100)).size).toBe(1);
    expect(by.at(-1)).not.toBe(1);
  }
  expect(seen.size).toBeGreaterThan(1);
  const nearest = replicationWorld({
    ...{ network, nearest: [[1, 2, 0]] },
    clients: { reads: { kind: "nearest" }, timeoutMs: 30, retryDelay: 5 },
    script: [
      [100, (controls) => controls.invoke(3, request("read", 0))],
      [200, (controls) => controls.crash(1)],
      [210, (controls) => controls.invoke(3, request("read", 0))],
      [300, (controls) => controls.invoke(3, request("read", 0))],
    ],
  }).run(1, 1000);
  const [first, second, third] = nearest.done.map(({ completion, completedMs, invokedMs }) => [
    completion!.servedBy,
    Math.round(completedMs - invokedMs),
  ]);
  // The first one to find it silent waits; the next ones avoid it.
  expect([first, second, third]).toEqual([
    [1, 2],
    [2, 30 + 5 + 2],
    [2, 2],
  ]);
});

test("bounded staleness: no answer is older than the bound, and those who cannot keep it refuse", () => {
  const maxLagMs = 50;
  const run = (heartbeatMs: number) =>
    replicationWorld({
      ...{ network, shipping: { applyDelay: { minMs: 0, maxMs: 60 }, heartbeatMs } },
      clients: { reads: { kind: "bounded-staleness", maxLagMs }, attempts: 1, retryDelay: 0 },
      actors: [
        poisson(3, 0.05, () => request("write", 0)),
        poisson(3, 0.3, () => request("read", 0), 19_900),
      ],
    }).run(2, 20_000);
  const world = run(20);
  const writes = world.done.filter(({ operation }) => operation.kind === "write");
  let followers = 0;
  let retries = 0;
  for (const { completion, completedMs, invokedMs } of readsOf(world)) {
    expect(completion?.outcome).toBe("ok");
    if (completion!.servedBy !== 0) followers++;
    if (completedMs - invokedMs > 3) retries++;
    // Served 1 ms before the answer came; accepted by the leader 1 ms before its acknowledgement came.
    const oldestMs = completedMs - 1 - maxLagMs;
    const due = writes.filter((write) => write.completedMs - 1 < oldestMs).at(-1);
    expect(completion!.version).toBeGreaterThanOrEqual(due?.completion?.version ?? 0);
  }
  expect(followers).toBeGreaterThan(500);
  expect(retries).toBeGreaterThan(500);
  // Heartbeats too rare for the bound: followers are seldom fresh enough.
  const rare = readsOf(run(2000)).filter(({ completion }) => completion?.servedBy !== 0).length;
  expect(rare).toBeLessThan(followers);
});

// C4 across partitions: a question in one, an answer to it in the other; an onlooker who sees the answer
// and then not the question.
function conversations(dependencies: boolean) {
  const count = 1000;
  const seen = { answers: 0, withoutQuestion: 0 };
  const asked = new Map<number, string>();
  const actor: Actor = {
    begin(_, controls) {
      asked.clear();
      Object.assign(seen, { answers: 0, withoutQuestion: 0 });
      for (let index = 0; index < count; index++) controls.wakeAt(100 + 200 * index, index);
    },
    wake(reason, controls) {
      if (typeof reason === "function") return reason();
      const index = reason as number;
      const [question, answer] = [2 * index, 2 * index + 1];
      const later = (ms: number, act: () => void) => controls.wakeAt(controls.nowMs + ms, act);
      controls.invoke(6, request("write", question, { session: 3 * index }));
      later(30, () =>
        ask("other", controls.invoke(6, request("read", question, { session: 3 * index + 1 }))),
      );
      later(70, () =>
        ask("onlooker", controls.invoke(6, request("read", answer, { session: 3 * index + 2 }))),
      );
    },
    completed({ id, key, session }, { outcome, value }, controls) {
      const who = asked.get(id);
      if (outcome !== "ok" || who === undefined) return;
      if (who === "other" && value !== null) {
        controls.wakeAt(controls.nowMs, () =>
          controls.invoke(6, request("write", key + 1, { session })),
        );
      }
      if (who === "onlooker" && value !== null) {
        seen.answers++;
        controls.wakeAt(controls.nowMs, () =>
          ask("again", controls.invoke(6, request("read", key - 1, { session }))),
        );
      }
      if (who === "again" && value === null) seen.withoutQuestion++;
    },
  };
  const ask = (who: string, operation: number): void => {
    asked.set(operation, who);
  };
  replicationWorld({
    ...{
      network,
      partitions: 2,
      shipping: { applyDelay: { minMs: 0, maxMs: 100 } },
      actors: [actor],
    },
    clients: { reads: { ...position, waitMs: 200, dependencies }, timeoutMs: 1000 },
  }).run(1, 300 + 200 * count);
  return seen;
}

test("consistent prefix across partitions: only positions with dependencies keep it", () => {
  const plain = conversations(false);
  expect(plain.answers).toBeGreaterThan(100);
  expect(plain.withoutQuestion).toBeGreaterThan(5);
  const tracked = conversations(true);
  expect(tracked.answers).toBeGreaterThan(100);
  expect(tracked.withoutQuestion).toBe(0);
});
