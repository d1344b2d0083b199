import { expect, test } from "vitest";
import {
  type Act,
  type Done,
  isolate,
  type ReplicationSetting,
  rejoin,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import { appendToLog, cutLog } from "./log.ts";
import {
  type Acknowledgement,
  defaultSingleLeaderOptions,
  type SingleLeaderOptions,
} from "./options.ts";
import { replica } from "./replica.ts";
import { lead } from "./roles.ts";
import type { ReplicaEffects } from "./state.ts";

const exponential = { latency: { kind: "exponential", meanMs: 1 } } as const;
const writes = 10_000;
const spacingMs = 60;

/** Writes so far apart that none meets another; no heartbeats, which would carry acknowledgements. */
function apart(count: number, client: number): Act[] {
  return Array.from({ length: count }, (_, index) => [
    (index + 1) * spacingMs,
    (controls) => controls.invoke(client, request("write", index % 10)),
  ]);
}

function latenciesMs(replicas: number, setting: ReplicationSetting, count = writes): number[] {
  const world = replicationWorld({
    ...{ replicas, network: exponential, script: apart(count, replicas), ...setting },
    shipping: { heartbeatMs: 1e9, resendMs: 1e6, ...setting.shipping },
  }).run(1, (count + 2) * spacingMs);
  return world.done.map(latencyMs);
}

function latencyMs({ completion, completedMs, invokedMs }: Done): number {
  expect(completion?.outcome).toBe("ok");
  return completedMs - invokedMs;
}

/**
 * Mean of the k-th smallest of m sums of two exponentials of mean 1: integral over t of the probability
 * that fewer than k of them are below t, by Simpson's rule with steps of 0.005 up to 60.
 */
function orderStatistic(k: number, m: number): number {
  const fewer = (t: number): number => {
    const below = 1 - Math.exp(-t) * (1 + t);
    let sum = 0;
    for (let i = 0, choose = 1; i < k; choose *= (m - i) / (i + 1), i++) {
      sum += choose * below ** i * (1 - below) ** (m - i);
    }
    return sum;
  };
  const steps = 12_000;
  const step = 60 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += (weight * fewer(i * step) * step) / 3;
  }
  return sum;
}

function expectMean(values: readonly number[], expected: number): void {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  const standardError = Math.sqrt(variance / values.length);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * standardError);
  // 4 standard errors are less than a thirtieth of the mean.
  expect(standardError).toBeLessThan(expected / 120);
}

test("order statistics: by hand for two, and the published 3.437789 for a leader with four followers", () => {
  expect(orderStatistic(1, 1)).toBeCloseTo(2, 8);
  expect(orderStatistic(1, 2)).toBeCloseTo(1.25, 8);
  expect(orderStatistic(2, 2)).toBeCloseTo(2.75, 8);
  expect(2 + orderStatistic(2, 4)).toBeCloseTo(3.437789, 6);
});

// Client and leader: two hops. Leader and follower: two more, of as many as the leader waits for.
test.each<{ acknowledgement: Acknowledgement; replicas: number; k: number }>([
  { acknowledgement: { kind: "asynchronous" }, replicas: 3, k: 0 },
  { acknowledgement: { kind: "synchronous" }, replicas: 3, k: 2 },
  { acknowledgement: { kind: "synchronous" }, replicas: 5, k: 4 },
  ...[1, 2, 3].map((followers) => ({
    acknowledgement: { kind: "semi-synchronous", followers, timeoutMs: 50_000 } as const,
    ...{ replicas: 5, k: followers },
  })),
  { acknowledgement: { kind: "majority" }, replicas: 2, k: 1 },
  { acknowledgement: { kind: "majority" }, replicas: 3, k: 1 },
  { acknowledgement: { kind: "majority" }, replicas: 4, k: 2 },
  { acknowledgement: { kind: "majority" }, replicas: 5, k: 2 },
])("latency of $acknowledgement.kind on $replicas replicas: k = $k of the followers", (setting) => {
  const { acknowledgement, replicas, k } = setting;
  const expected = 2 + (k === 0 ? 0 : orderStatistic(k, replicas - 1));
  expectMean(latenciesMs(replicas, { options: { acknowledgement } }), expected);
});

// Links of 1 ms, disks of 3 ms, 5 ms to apply. The leader's disk writes while the followers are asked.
test.each<[string, Partial<SingleLeaderOptions>, number]>([
  ["asynchronous, own disk", {}, 2 + 3],
  ["asynchronous, no disk", { leaderDurability: "unsynced" }, 2],
  [
    "received",
    { followerAcknowledges: "received", acknowledgement: { kind: "synchronous" } },
    2 + 3,
  ],
  [
    "received, no disk",
    {
      ...{ followerAcknowledges: "received", leaderDurability: "unsynced" },
      acknowledgement: { kind: "synchronous" },
    },
    2 + 2,
  ],
  ["durable", { followerAcknowledges: "durable", acknowledgement: { kind: "synchronous" } }, 2 + 5],
  ["applied", { followerAcknowledges: "applied", acknowledgement: { kind: "synchronous" } }, 2 + 7],
])("a write waits for what it is told to: %s", (_, options, expectedMs) => {
  const disk = { syncMs: { kind: "constant", valueMs: 3 }, bytesPerMs: Infinity } as const;
  const network = { latency: { kind: "constant", valueMs: 1 } } as const;
  const found = latenciesMs(3, { options, disk, network, shipping: { applyDelay: 5 } }, 5);
  for (const ms of found) expect(ms).toBeCloseTo(expectedMs, 9);
});

test("semi-synchronous falls back when the timeout is over and comes back with the follower", () => {
  const acknowledgement = { kind: "semi-synchronous", followers: 1, timeoutMs: 50 } as const;
  const write: Act[1] = (controls) => controls.invoke(2, request("write", 0));
  const world = replicationWorld({
    ...{ replicas: 2, options: { acknowledgement } },
    script: [
      [500, write],
      [1000, (controls) => controls.crash(1)],
      [1010, write],
      [1020, write],
      [1100, write],
      [1200, (controls) => controls.restart(1)],
      [1900, write],
    ],
  }).run(1, 2500);
  const latencies = world.done.map(latencyMs);
  // Two hops and two to the follower; 50 ms from reaching the leader; the second one waits with it.
  for (const [index, ms] of [4, 52, 42, 2, 4].entries())
    expect(latencies[index]).toBeCloseTo(ms, 9);
  const told = world.named("fellBack");
  expect(told.map(({ value }) => value.isAsynchronous)).toEqual([true, false]);
  expect(told[0]!.timeMs).toBeCloseTo(1061, 9);
  // The restarted follower is found out by the next heartbeat, every 100 ms, and then caught up.
  expect(told[1]!.timeMs).toBeGreaterThan(1200);
  expect(told[1]!.timeMs).toBeLessThan(1310);
  // Without a timeout the writes wait for the follower, as with synchronous replication.
  for (const waiting of [
    { kind: "semi-synchronous", followers: 1, timeoutMs: null },
    { kind: "synchronous" },
  ] as const) {
    const { done } = replicationWorld({
      ...{ replicas: 2, options: { acknowledgement: waiting }, clients: { timeoutMs: 5000 } },
      script: [
        [1000, (controls) => controls.crash(1)],
        [1010, write],
        [1200, (controls) => controls.restart(1)],
      ],
    }).run(1, 2500);
    expect(done[0]!.completedMs).toBeGreaterThan(1200);
    expect(done[0]!.completedMs).toBeLessThan(1320);
  }
});

// MySQL's AFTER_COMMIT and AFTER_SYNC: the leader cannot reach its followers any more and is replaced.
test.each(["after-commit", "before-commit"] as const)("reads of what is lost: %s", (waitPoint) => {
  const world = replicationWorld({
    options: {
      waitPoint,
      acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: null },
      failover: {
        ...{ kind: "election", timeout: { minMs: 300, maxMs: 600 } },
        ...{ preVote: false, checkQuorum: false },
      },
    },
    clients: { timeoutMs: 100 },
    script: [
      [950, (controls) => isolate(controls, 0, [1, 2])],
      [1000, (controls) => controls.invoke(3, request("write", 7))],
      [1010, (controls) => controls.invoke(3, request("read", 7))],
      [2000, (controls) => rejoin(controls, 0, [1, 2])],
      [3000, (controls) => controls.invoke(3, request("read", 7))],
      [3500, (controls) => controls.invoke(3, request("read", 7))],
    ],
  }).run(1, 4000);
  const [write, early, , late] = world.done.map(({ completion }) => completion!);
  expect(write!.outcome).toBe("indefinite");
  expect(early).toMatchObject({ outcome: "ok", servedBy: 0 });
  expect(early!.value).toBe(waitPoint === "after-commit" ? 0 : null);
  expect(late).toMatchObject({ outcome: "ok", value: null });
  const [discarded] = world.named("discarded").filter(({ node }) => node === 0);
  expect(discarded!.value.count).toBe(1);
  expect(world.state(0).rows[7]).toBeUndefined();
});

test("a leader whose followers do not answer accepts no writes, until they do again", () => {
  const fencing = { tokens: true, minFollowers: { count: 1, withinMs: 300 } };
  const write: Act[1] = (controls) => controls.invoke(3, request("write", 0));
  const world = replicationWorld({
    options: { fencing },
    clients: { attempts: 0 },
    script: [
      [900, write],
      [1000, (controls) => controls.crash(1)],
      [1000, (controls) => controls.crash(2)],
      [1200, write],
      [1500, write],
      [2000, (controls) => controls.restart(2)],
      [2200, write],
    ],
  }).run(1, 3000);
  const outcomes = world.done.map(({ completion }) => completion?.outcome);
  expect(outcomes).toEqual(["ok", "ok", "failed", "ok"]);
  const told = world.named("suspended");
  expect(told.map(({ value }) => value.isSuspended)).toEqual([true, false]);
  expect(told[0]!.timeMs).toBeGreaterThan(1200);
  expect(told[0]!.timeMs).toBeLessThanOrEqual(1403);
  expect(told[1]!.timeMs).toBeLessThan(2110);
});

/** Effects that do nothing. */
const effects = Object.fromEntries(
  [
    ...["clockMs", "send", "setTimer", "cancelTimer", "choose", "store", "append", "truncate"],
    ...["sync", "observe"],
  ].map((name) => [name, () => 0]),
) as unknown as ReplicaEffects;

test("a sync that was asked for before the log was cut says nothing about what is there now", () => {
  const group = { partition: 0, replicas: [0, 1] };
  const options = defaultSingleLeaderOptions;
  const state = replica.init({ group, controllers: [], options }, 1);
  const entry = { kind: "write", key: 1, value: 5, operation: 5, version: 1 } as const;
  const untracked = { ...entry, epoch: 1, dependencies: null, evaluatedBy: -1 };
  for (let i = 0; i < 3; i++) appendToLog(state, untracked, 0, effects);
  replica.timers.logged!(state, { cutCount: 0, position: 2 }, effects);
  expect(state.loggedPosition).toBe(2);
  appendToLog(state, { ...untracked, kind: "insert", key: 77 }, 0, effects);
  expect(state.newestKey).toBe(77);
  cutLog(state, 2, effects);
  // A primary key that was handed out in what is cut off may be handed out again.
  expect(state.newestKey).toBe(0);
  for (let i = 0; i < 2; i++) appendToLog(state, untracked, 0, effects);
  expect(state.loggedPosition).toBe(1);
  replica.timers.logged!(state, { cutCount: 0, position: 3 }, effects);
  expect(state.loggedPosition).toBe(1);
  replica.timers.logged!(state, { cutCount: 1, position: 3 }, effects);
  expect(state.loggedPosition).toBe(3);
});

// Raft, figure 8: an entry of an earlier epoch on a majority may still be overwritten; it is committed with
// the first entry of the leader's own epoch, not before.
test("a leader commits entries of earlier epochs only with one of its own (Raft 5.4.2)", () => {
  const options = { ...defaultSingleLeaderOptions, acknowledgement: { kind: "majority" } as const };
  const group = { partition: 0, replicas: [0, 1, 2, 3, 4] };
  const state = replica.init({ group, controllers: [], options }, 0);
  const entry = { kind: "write", key: 1, value: 5, operation: 5, version: 1 } as const;
  appendToLog(state, { ...entry, epoch: 2, dependencies: null, evaluatedBy: -1 }, 0, effects);
  lead(state, 4, effects);
  const acknowledge = (from: number, position: number): void => {
    const reached = { received: position, matched: position, durable: position };
    const message = { epoch: 4, found: "match", asked: -1, ...reached } as const;
    replica.on.appended!(state, message, from, effects);
  };
  for (const follower of [1, 2, 3, 4]) acknowledge(follower, 1);
  expect(state.committedPosition).toBe(0);
  acknowledge(1, 2);
  expect(state.committedPosition).toBe(0);
  acknowledge(2, 2);
  // Two followers; the own disk has not said that it has the entry.
  expect(state.committedPosition).toBe(0);
  replica.timers.logged!(state, { cutCount: 0, position: 2 }, effects);
  expect(state.committedPosition).toBe(2);
  expect(state.rows[1]).toMatchObject({ value: 5 });
});
