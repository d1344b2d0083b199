import { expect, test } from "vitest";
import {
  type Act,
  isolate,
  poisson,
  type Replication,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import { randomStream } from "../../core/random.ts";
import type { NetworkSpec } from "../../simulation/network.ts";
import { lastPosition, type ReplicaState } from "./state.ts";

/** The log of a replica, from its beginning. */
function operationsOf({ log, firstPosition }: ReplicaState): number[] {
  expect(firstPosition).toBe(1);
  return log.map(({ operation }) => operation);
}

function expectSameLogs(world: Replication, count: number): void {
  const [first, ...others] = Array.from({ length: count }, (_, node) => world.state(node));
  for (const other of others) expect(operationsOf(other)).toEqual(operationsOf(first!));
}

const latency = { kind: "uniform", minMs: 1, maxMs: 20 } as const;

test.each<[string, NetworkSpec]>([
  ["messages that overtake each other", { latency }],
  ["a third lost", { latency, loss: { kind: "independent", probability: 0.33 } }],
  ["half of them doubled", { latency, duplicateProbability: 0.5 }],
  [
    "streams that break",
    {
      ...{ latency, loss: { kind: "independent", probability: 0.2 } },
      transport: { kind: "stream", retransmitMs: 30, retransmitMsMax: 60, giveUpMs: 100 },
    },
  ],
])("followers get the log whole and in order: %s", (_, network) => {
  const world = replicationWorld({
    ...{ network, clients: { timeoutMs: 1e6 } },
    options: {
      retention: { entries: 1e6, snapshotBytes: 0, snapshotBytesPerKey: 0, snapshotBytesPerMs: 1 },
    },
    shipping: { resendMs: 60, batchEntries: 7, windowEntries: 40 },
    actors: [poisson(3, 1, (index) => request("write", index % 50), 2000)],
  }).run(3, 10_000);
  expect(lastPosition(world.state(0))).toBeGreaterThan(1000);
  expectSameLogs(world, 3);
  expect(world.state(2).rows).toEqual(world.state(0).rows);
});

test("what is lost is sent again after silence, even if nothing else would tell", () => {
  const world = replicationWorld({
    network: { latency, loss: { kind: "independent", probability: 0.5 } },
    ...{ clients: { timeoutMs: 1e6 }, shipping: { resendMs: 50, heartbeatMs: 1e9 } },
    script: [[1000, (controls) => controls.invoke(3, request("write", 0))]],
  });
  // Half of the writes are lost before the leader has them.
  for (let seed = 1; seed <= 20; seed++) expectSameLogs(world.run(seed, 5000), 3);
});

test("silence is counted from when something was sent, not from an earlier message", () => {
  const write: Act[1] = (controls) => controls.invoke(3, request("write", 0));
  const world = replicationWorld({
    network: { latency: { kind: "constant", valueMs: 1 } },
    shipping: { resendMs: 50, heartbeatMs: 1e9 },
    script: [
      [1000, write],
      [1030, (controls) => controls.cut(0, 1)],
      [1040, write],
      [1060, (controls) => controls.heal(0, 1)],
    ],
  });
  world.run(1, 1085);
  expect(lastPosition(world.state(1))).toBe(2);
  world.run(1, 1095);
  expect(lastPosition(world.state(1))).toBe(3);
});

test("batches: one message a follower for what comes within the delay, and its size", () => {
  const setting = {
    ...{ isTold: true, network: { latency: { kind: "constant", valueMs: 1 } } as const },
    script: Array.from(
      { length: 100 },
      (_, index): Act => [100 + index, (controls) => controls.invoke(3, request("write", 0))],
    ),
  };
  const appends = (batchDelayMs: number): number =>
    replicationWorld({ ...setting, shipping: { batchDelayMs, heartbeatMs: 1e9 } }).run(1, 1000).sent
      .append!;
  // The first entry of the epoch goes out at once. Writes arrive each ms: 100, or 10 times those of 10 ms.
  expect(appends(0)).toBe(2 * (1 + 100));
  expect(appends(9.5)).toBe(2 * (1 + 10));
});

test("flow control: no more under way than the window, and all of it in the end", () => {
  const windowEntries = 10;
  const world = replicationWorld({
    network: { latency: { kind: "constant", valueMs: 50 } },
    shipping: { windowEntries, heartbeatMs: 1e9, resendMs: 1e6 },
    actors: [poisson(3, 2, () => request("write", 0), 1000)],
    script: [
      [700, () => check(700)],
      [900, () => check(900)],
    ],
  });
  function check(timeMs: number): void {
    const { role } = world.state(0);
    if (role.kind !== "leader") throw new Error(`leader gone at ${timeMs}`);
    const { next, received } = role.progress[1]!;
    expect(next - 1 - received).toBe(windowEntries);
  }
  world.run(1, 1100);
  // A window each round trip of 100 ms, after the first entry of the epoch: 10 of them until 1100.
  const shipped = lastPosition(world.state(1));
  expect(shipped).toBeGreaterThanOrEqual(90);
  expect(shipped).toBeLessThanOrEqual(101);
  world.run(1, 25_000);
  expect(lastPosition(world.state(1))).toBe(lastPosition(world.state(0)));
});

// A follower is a constant lag behind: link and apply delay. Writes of one key are Poisson, so a read there
// misses one with probability 1 - exp(-rate * lag). Reads 200 ms apart, eight lags, are independent.
test("share of stale reads on a follower against 1 - exp(-rate * lag)", () => {
  const [linkMs, applyMs, ratePerMs, readEveryMs] = [5, 20, 0.02, 200];
  const reads = 10_000;
  const world = replicationWorld({
    replicas: 2,
    options: { leaderDurability: "unsynced" },
    shipping: { applyDelay: applyMs },
    network: { latency: { kind: "constant", valueMs: linkMs } },
    ...{ clients: { reads: { kind: "nearest" } }, nearest: [[1, 0]] },
    actors: [
      poisson(2, ratePerMs, () => request("write", 0)),
      {
        begin: (_, controls) => controls.wakeAt(readEveryMs, null),
        wake(_, controls) {
          controls.invoke(2, request("read", 0));
          controls.wakeAt(controls.nowMs + readEveryMs, null);
        },
      },
    ],
  });
  world.run(5, reads * readEveryMs);
  let newest = 0;
  const counts = { stale: 0, all: 0 };
  for (const { operation, completion } of world.done) {
    if (operation.kind === "write") newest = Math.max(newest, completion?.version ?? 0);
    else if (completion !== null) {
      expect(completion.servedBy).toBe(1);
      counts.all++;
      if (completion.version < newest) counts.stale++;
    }
  }
  const expected = 1 - Math.exp(-ratePerMs * (linkMs + applyMs));
  const standardError = Math.sqrt((expected * (1 - expected)) / counts.all);
  expect(counts.all).toBeGreaterThan(reads - 5);
  expect(Math.abs(counts.stale / counts.all - expected)).toBeLessThan(4 * standardError);
});

/** What the leader had acknowledged and no follower has, when it died. */
function lostAtCrash(world: Replication, followers: readonly number[]): number {
  const newest = Math.max(...followers.map((node) => lastPosition(world.state(node))));
  const versions = world.named("acknowledged").map(({ value }) => value.version % 2 ** 32);
  return versions.filter((position) => position > newest).length;
}

function moments(values: readonly number[]): { mean: number; variance: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance, error: Math.sqrt(variance / values.length) };
}

// The leader is cut off from its followers `lagMs` before it dies: it acknowledges Poisson(rate * lag).
test("asynchronous: what a leader cut off acknowledges until it dies is lost, Poisson(rate * lag)", () => {
  const [ratePerMs, lagMs, runs] = [0.1, 40, 1500];
  const world = replicationWorld({
    script: [
      [500, (controls) => isolate(controls, 0, [1, 2])],
      [500 + lagMs, (controls) => controls.crash(0)],
    ],
    actors: [poisson(3, ratePerMs, () => request("write", 0))],
  });
  const lost = Array.from({ length: runs }, (_, seed) => lostAtCrash(world.run(seed, 560), [1, 2]));
  const { mean, variance, error } = moments(lost);
  expect(Math.abs(mean - ratePerMs * lagMs)).toBeLessThan(4 * error);
  // Variance of a sample variance of a Poisson of mean m: (2 m^2 + m) / n.
  const spread = Math.sqrt((2 * (ratePerMs * lagMs) ** 2 + ratePerMs * lagMs) / runs);
  expect(Math.abs(variance - ratePerMs * lagMs)).toBeLessThan(4 * spread);
  // With a majority, nothing that was acknowledged is lost.
  const safe = replicationWorld({
    options: { acknowledgement: { kind: "majority" } },
    script: [
      [500, (controls) => isolate(controls, 0, [1, 2])],
      [500 + lagMs, (controls) => controls.crash(0)],
    ],
    actors: [poisson(3, ratePerMs, () => request("write", 0))],
  });
  for (let seed = 0; seed < 50; seed++) expect(lostAtCrash(safe.run(seed, 560), [1, 2])).toBe(0);
});

// Without a cut, what is lost is what waits for its batch. Batches open with a write and go out `delayMs`
// later; at a random moment one is open with probability delay / (delay + 1 / rate), its age is uniform,
// and it holds the first write and rate * age more.
test("asynchronous: what waits for a batch dies with the leader", () => {
  const [ratePerMs, delayMs, runs] = [0.1, 30, 1500];
  const random = randomStream({ seed: 7, purpose: "crash times" });
  const crashes = Array.from({ length: runs }, () => 500 + 200 * random.nextUniform());
  let crashMs = 0;
  const world = replicationWorld({
    shipping: { batchDelayMs: delayMs },
    actors: [
      poisson(3, ratePerMs, () => request("write", 0)),
      {
        begin: (_, controls) => controls.wakeAt(crashMs, null),
        wake: (_, controls) => controls.crash(0),
      },
    ],
  });
  const lost = crashes.map((timeMs, seed) => {
    crashMs = timeMs;
    return lostAtCrash(world.run(seed, timeMs + 10), [1, 2]);
  });
  const expected = (delayMs / (delayMs + 1 / ratePerMs)) * (1 + (ratePerMs * delayMs) / 2);
  const { mean, error } = moments(lost);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
});
