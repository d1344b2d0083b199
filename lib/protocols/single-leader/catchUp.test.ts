import { expect, test } from "vitest";
import {
  type Act,
  poisson,
  type ReplicationSetting,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import { positionOf } from "../../core/protocol.ts";
import { defaultSingleLeaderOptions } from "./options.ts";
import { replica } from "./replica.ts";
import { lastPosition, type ReplicaEffects } from "./state.ts";

const { retention } = defaultSingleLeaderOptions;
const network = { latency: { kind: "constant", valueMs: 1 } } as const;

/** Node 1 is down from one time to another, while writes of 100 keys go on until the end. */
function absence(fromMs: number, untilMs: number, setting: ReplicationSetting = {}) {
  const script: Act[] = [
    [fromMs, (controls) => controls.crash(1)],
    [untilMs, (controls) => controls.restart(1)],
  ];
  const actors = [poisson(3, 1, (index) => request("write", index % 100), 4900)];
  return replicationWorld({ network, script, actors, ...setting }).run(1, 5000);
}

test("a follower that was down goes on from its last position on disk (B4)", () => {
  const disk = { syncMs: { kind: "constant", valueMs: 4 }, bytesPerMs: Infinity } as const;
  const world = absence(1000, 2000, { disk });
  expect(world.named("snapshotSent")).toEqual([]);
  expect(world.state(1).rows).toEqual(world.state(0).rows);
  expect(lastPosition(world.state(1))).toBe(lastPosition(world.state(0)));
  const [online] = world.named("online");
  expect(online).toMatchObject({ node: 1 });
  // The next heartbeat, at most 100 ms later; a few round trips and a sync after it.
  expect(online!.timeMs).toBeGreaterThan(2000);
  expect(online!.timeMs).toBeLessThan(2120);
});

test("a new follower with nothing on its disk gets the log, or a snapshot if that is gone (B3)", () => {
  const whole = { ...retention, entries: 1e6 };
  const fromLog = absence(0, 2000, { options: { retention: whole } });
  expect(fromLog.named("snapshotSent")).toEqual([]);
  expect(fromLog.named("online").length).toBe(1);

  // 1 MB and 100 rows of 10 kB: 2 MB at 10 kB a ms take 200 ms, from the first heartbeat on.
  const short = {
    ...{ entries: 1000, snapshotBytes: 1e6 },
    ...{ snapshotBytesPerKey: 10_000, snapshotBytesPerMs: 10_000 },
  };
  const world = absence(0, 2000, { options: { retention: short } });
  const sent = world.named("snapshotSent");
  expect(sent).toMatchObject([{ node: 0, value: { to: 1, bytes: 2e6 } }]);
  const [online] = world.named("online");
  expect(online!.timeMs - sent[0]!.timeMs).toBeGreaterThan(200);
  expect(online!.timeMs - sent[0]!.timeMs).toBeLessThan(210);
  expect(online!.value.position).toBeGreaterThanOrEqual(sent[0]!.value.position);
  expect(world.state(1).rows).toEqual(world.state(0).rows);
  expect(world.state(1).firstPosition).toBeGreaterThan(sent[0]!.value.position);
});

test("the log does not reach back to a snapshot that took too long: it is made again and again", () => {
  // 200 ms for a snapshot, in which about 200 entries are written; 100 are kept.
  const short = {
    ...{ entries: 100, snapshotBytes: 2e6 },
    ...{ snapshotBytesPerKey: 0, snapshotBytesPerMs: 10_000 },
  };
  const world = absence(0, 2000, { options: { retention: short } });
  expect(world.named("snapshotSent").length).toBeGreaterThan(10);
  // Writes end at 4900 ms; the snapshot begun after them is the last.
  expect(lastPosition(world.state(0)) - lastPosition(world.state(1))).toBeGreaterThan(100);
  world.run(1, 5400);
  expect(world.state(1).rows).toEqual(world.state(0).rows);
});

test("a snapshot in parts, some lost, some parts twice, the follower down in between", () => {
  const short = {
    ...{ entries: 300, snapshotBytes: 2e6 },
    ...{ snapshotBytesPerKey: 0, snapshotBytesPerMs: 10_000 },
  };
  for (let seed = 1; seed <= 5; seed++) {
    const world = replicationWorld({
      options: { retention: short },
      shipping: { resendMs: 50 },
      network: {
        latency: { kind: "uniform", minMs: 1, maxMs: 10 },
        loss: { kind: "independent", probability: 0.2 },
        duplicateProbability: 0.2,
      },
      script: [
        [0, (controls) => controls.crash(1)],
        [2000, (controls) => controls.restart(1)],
        [2150, (controls) => controls.crash(1)],
        [2160, (controls) => controls.restart(1)],
      ],
      actors: [poisson(3, 1, (index) => request("write", index % 100), 4000)],
    }).run(seed, 6000);
    expect(world.named("snapshotSent").length).toBeGreaterThanOrEqual(1);
    expect(world.named("online").length).toBe(1);
    expect(world.state(1).rows).toEqual(world.state(0).rows);
    expect(lastPosition(world.state(1))).toBe(lastPosition(world.state(0)));
  }
});

test("a follower that dies while it installs a snapshot gets another one", () => {
  const short = {
    ...{ entries: 300, snapshotBytes: 2e6 },
    ...{ snapshotBytesPerKey: 0, snapshotBytesPerMs: 10_000 },
  };
  // First contact by 2100 ms, 200 ms to send; its disk takes 300 ms, longer than the leader's patience.
  const world = replicationWorld({
    ...{ network, options: { retention: short, leaderDurability: "unsynced" } },
    disk: { syncMs: { kind: "constant", valueMs: 300 }, bytesPerMs: Infinity },
    shipping: { resendMs: 200 },
    script: [
      [0, (controls) => controls.crash(1)],
      [2000, (controls) => controls.restart(1)],
      [2450, (controls) => controls.crash(1)],
      [2460, (controls) => controls.restart(1)],
    ],
    actors: [poisson(3, 0.3, (index) => request("write", index % 100), 5000)],
  });
  world.run(1, 2440);
  expect(world.state(1).reception).toMatchObject({ count: 31 });
  world.run(1, 8000);
  expect(world.named("snapshotSent").length).toBe(2);
  expect(world.named("online").length).toBe(1);
  expect(world.state(1).rows).toEqual(world.state(0).rows);
});

test("reads are refused as long as a replica has no data; else it serves what it had", () => {
  const slow = { ...retention, entries: 10, snapshotBytesPerMs: 1000 };
  const read: Act[1] = (controls) => controls.invoke(3, request("read", 0));
  const outcome = (crashMs: number, attempts = 0) => {
    const world = replicationWorld({
      ...{ network, clients: { reads: { kind: "nearest" }, attempts }, nearest: [[1, 0, 2]] },
      options: { retention: slow },
      script: [
        [crashMs, (controls) => controls.crash(1)],
        [2000, (controls) => controls.restart(1)],
        [2001, read],
      ],
      actors: [poisson(3, 0.5, (index) => request("write", index % 10))],
    }).run(1, 2400);
    return world.done.find(({ operation }) => operation.kind === "read")!.completion;
  };
  expect(outcome(0)?.outcome).toBe("failed");
  // Asked again, the client goes to the next nearest.
  expect(outcome(0, 1)).toMatchObject({ outcome: "ok", servedBy: 0 });
  const served = outcome(1500);
  expect(served).toMatchObject({ outcome: "ok", servedBy: 1 });
  // Half a write each ms: what it had applied when it died.
  expect(positionOf(served!.version)).toBeGreaterThan(700);
});

test("memory stays flat: the log is trimmed behind what all have, and a restart has all rows", () => {
  const disk = { syncMs: { kind: "exponential", meanMs: 1 }, bytesPerMs: Infinity } as const;
  const world = replicationWorld({
    ...{ network, disk },
    actors: [poisson(3, 5, (index) => request("write", index % 300), 9000)],
    script: [
      [8000, (controls) => controls.crash(2)],
      [8010, (controls) => controls.restart(2)],
      [9500, (controls) => [1, 2].map(controls.crash.bind(controls))],
      [9600, (controls) => [1, 2].map(controls.restart.bind(controls))],
    ],
  }).run(1, 10_000);
  expect(lastPosition(world.state(0))).toBeGreaterThan(40_000);
  for (const node of [0, 1, 2]) {
    // At most twice the 300 rows, and what is under way.
    expect(world.state(node).log.length).toBeLessThan(700);
    expect(world.state(node).rows).toEqual(world.state(0).rows);
  }
  const settled = world.named("settled").map(({ value }) => value.position);
  expect(settled.at(-1)).toBe(lastPosition(world.state(0)));
  expect(settled.every((position, index) => index === 0 || position > settled[index - 1])).toBe(
    true,
  );
});

test("a follower that is away holds the log back, as a replication slot does", () => {
  const world = replicationWorld({
    network,
    script: [[1000, (controls) => controls.crash(1)]],
    actors: [poisson(3, 1, (index) => request("write", index % 10))],
  }).run(1, 5000);
  const { firstPosition } = world.state(0);
  expect(firstPosition).toBeLessThan(1100);
  expect(lastPosition(world.state(0))).toBeGreaterThan(4500);
});

test("the leader that was down leads again, in a new epoch, if nobody else may", () => {
  const disk = { syncMs: { kind: "constant", valueMs: 5 }, bytesPerMs: Infinity } as const;
  const options = { leaderDurability: "unsynced" } as const;
  const world = replicationWorld({
    ...{ network, disk, options, clients: { attempts: 5, timeoutMs: 200 } },
    actors: [poisson(3, 1, (index) => request("write", index % 10), 3000)],
    script: [
      [1000, (controls) => controls.crash(0)],
      [1500, (controls) => controls.restart(0)],
    ],
  }).run(1, 4000);
  expect(world.named("leads").map(({ node, value }) => [node, value.epoch])).toEqual([
    [0, 1],
    [0, 2],
  ]);
  // What the followers had and the leader's disk had not is thrown away by them.
  const discarded = world.named("discarded");
  expect(discarded.map(({ node }) => node).sort()).toEqual([1, 2]);
  expect(discarded[0]!.value.count).toBeGreaterThan(0);
  expect(world.state(1).rows).toEqual(world.state(0).rows);
});

test("a disk whose log does not lead to its snapshot begins a new log behind it", () => {
  const entry = {
    ...{ epoch: 1, kind: "write", key: 1, value: 1, operation: 1, version: 1 },
    ...{ dependencies: null, evaluatedBy: -1 },
  } as const;
  const snapshot = { position: 10, epoch: 2, rows: {}, rowCount: 0, newestKey: 0 };
  const group = { partition: 0, replicas: [0, 1] };
  const config = { group, controllers: [], options: defaultSingleLeaderOptions };
  const restarted = (log: readonly (typeof entry)[]) => {
    const state = replica.restart!({ slots: { snapshot }, log, firstPosition: 1 }, config, 1);
    const resets: number[] = [];
    const effects = { resetLog: (position: number) => resets.push(position), setTimer: () => 0 };
    replica.start!(state, effects as unknown as ReplicaEffects);
    return { last: lastPosition(state), kept: state.log.length, resets };
  };
  const entries = (count: number) => Array.from({ length: count }, () => entry);
  expect(restarted(entries(3))).toEqual({ last: 10, kept: 0, resets: [11] });
});
