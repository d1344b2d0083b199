import { expect, test } from "vitest";
import {
  poisson,
  type Replication,
  type ReplicationSetting,
  replicationWorld,
  request,
  strikes,
} from "../../../test/support/replicationWorld.ts";
import type { Actor } from "../../simulation/world.ts";
import { defaultSingleLeaderOptions } from "./options.ts";
import { replica } from "./replica.ts";
import { epochAt, lastPosition, type ReplicaState } from "./state.ts";

// Raft 5.4: what is committed stays, logs that agree at a position agree before it, whatever crashes and
// is cut off. Faults strike for 3 s, then everything is repaired and left alone for 3 s.
const faultsMs = 3000;
const endMs = 6000;

/** Looks at all logs from time to time and remembers what was committed. */
function watcher(world: () => Replication, count: number, problems: string[]): Actor {
  let committed: number[] = [];
  function look(nowMs: number): void {
    const states = Array.from({ length: count }, (_, node) => world().state(node));
    for (const state of states) {
      for (let at = state.firstPosition; at <= state.committedPosition; at++) {
        const { operation } = state.log[at - state.firstPosition]!;
        committed[at] ??= operation;
        if (committed[at] !== operation) problems.push(`${nowMs}: ${at} committed differently`);
      }
    }
    for (const a of states) for (const b of states) if (a.self < b.self) compare(a, b, nowMs);
  }
  function compare(a: ReplicaState, b: ReplicaState, nowMs: number): void {
    let agrees = false;
    const from = Math.max(a.firstPosition, b.firstPosition);
    for (let at = Math.min(lastPosition(a), lastPosition(b)); at >= from; at--) {
      const isSame =
        epochAt(a, at) === epochAt(b, at) &&
        a.log[at - a.firstPosition]!.operation === b.log[at - b.firstPosition]!.operation;
      if (agrees && !isSame) problems.push(`${nowMs}: logs agree behind ${at}, not there`);
      agrees = agrees || epochAt(a, at) === epochAt(b, at);
    }
  }
  return {
    begin(_, controls) {
      committed = [];
      controls.wakeAt(50, null);
    },
    wake(_, controls) {
      look(controls.nowMs);
      controls.wakeAt(controls.nowMs + 50, null);
    },
  };
}

interface Verdict {
  readonly problems: string[];
  readonly lost: number;
  readonly acknowledged: number;
  readonly world: Replication;
}

/** Writes to a key of their own each; runs under many seeds, all faults. */
function torture(setting: ReplicationSetting, powerFailures = false) {
  const count = setting.replicas ?? 3;
  const problems: string[] = [];
  const world: Replication = replicationWorld({
    network: {
      latency: { kind: "uniform", minMs: 0.5, maxMs: 6 },
      loss: { kind: "independent", probability: 0.02 },
      duplicateProbability: 0.02,
    },
    disk: { syncMs: { kind: "exponential", meanMs: 1 }, bytesPerMs: Infinity },
    clients: { timeoutMs: 100, retryDelay: 10, attempts: 3 },
    ...setting,
    options: {
      acknowledgement: { kind: "majority" },
      followerAcknowledges: "durable",
      failover: {
        ...{ kind: "election", timeout: { minMs: 60, maxMs: 120 } },
        ...{ preVote: false, checkQuorum: false },
      },
      ...setting.options,
    },
    shipping: { heartbeatMs: 20, resendMs: 40, ...setting.shipping },
    actors: [
      poisson(count, 0.2, (index) => request("write", index), endMs - 500),
      strikes(count, powerFailures, faultsMs),
      watcher(() => world, count, problems),
    ],
  });
  return (seed: number): Verdict => {
    problems.length = 0;
    world.run(seed, endMs);
    const leaders = Array.from({ length: count }, (_, node) => world.state(node));
    const leader = leaders
      .filter(({ role }) => role.kind === "leader")
      .sort((a, b) => b.epoch - a.epoch)[0];
    if (leader === undefined) problems.push("no leader at the end");
    for (const { self, rows } of leaders) {
      const differing = Object.keys(leader?.rows ?? {}).filter((key) => {
        return rows[Number(key)]?.version !== leader?.rows[Number(key)]?.version;
      });
      if (differing.length > 0) problems.push(`${self} lacks ${differing.length} rows at the end`);
    }
    const ok = world.done.filter(({ completion }) => completion?.outcome === "ok");
    const lost = ok.filter(({ operation }) => leader?.rows[operation.key]?.value !== operation.id);
    return { problems, lost: lost.length, acknowledged: ok.length, world };
  };
}

function seeds(run: (seed: number) => Verdict, count: number) {
  const found = {
    lost: 0,
    problems: [] as string[],
    acknowledged: 0,
    discarded: 0,
    sentSnapshots: 0,
  };
  for (let seed = 1; seed <= count; seed++) {
    const { problems, lost, acknowledged, world } = run(seed);
    found.lost += lost;
    found.acknowledged += acknowledged;
    found.problems.push(...problems.map((each) => `seed ${seed}: ${each}`));
    found.discarded += world.named("discarded").length;
    found.sentSnapshots += world.named("snapshotSent").length;
  }
  return found;
}

test("a majority loses nothing, and all logs agree, whatever crashes or is cut off", () => {
  const found = seeds(torture({ replicas: 3 }), 15);
  expect(found.problems).toEqual([]);
  expect(found.lost).toBe(0);
  expect(found.acknowledged).toBeGreaterThan(1000);
  expect(found.discarded).toBeGreaterThan(0);
});

test("the same with five replicas, on streams, after power failures that tear writes", () => {
  const disk = {
    syncMs: { kind: "exponential", meanMs: 2 },
    bytesPerMs: Infinity,
    torn: true,
  } as const;
  const stream = {
    kind: "stream",
    retransmitMs: 20,
    retransmitMsMax: 200,
    giveUpMs: 1000,
  } as const;
  const latency = { kind: "uniform", minMs: 0.5, maxMs: 6 } as const;
  const found = seeds(
    torture({ replicas: 5, disk, network: { latency, transport: stream } }, true),
    10,
  );
  expect(found.problems).toEqual([]);
  expect(found.lost).toBe(0);
  expect(found.acknowledged).toBeGreaterThan(1000);
});

test("the same with so short a log that followers need snapshots, small batches and windows", () => {
  const retention = {
    ...defaultSingleLeaderOptions.retention,
    ...{ entries: 5, snapshotBytes: 200_000, snapshotBytesPerMs: 20_000 },
  };
  const found = seeds(
    torture({
      options: { retention },
      shipping: {
        batchEntries: 2,
        windowEntries: 4,
        batchDelayMs: 3,
        applyDelay: { minMs: 0, maxMs: 9 },
      },
    }),
    10,
  );
  expect(found.problems).toEqual([]);
  expect(found.lost).toBe(0);
  expect(found.acknowledged).toBeGreaterThan(1000);
  expect(found.sentSnapshots).toBeGreaterThan(10);
});

test("broken twin: one follower of five is no majority; acknowledged writes are lost", () => {
  const acknowledgement = { kind: "semi-synchronous", followers: 1, timeoutMs: null } as const;
  const found = seeds(torture({ replicas: 5, options: { acknowledgement } }), 15);
  expect(found.lost).toBeGreaterThan(0);
});

test("broken twin: acknowledged before the disk has it, a power failure loses it", () => {
  const options = { leaderDurability: "unsynced", followerAcknowledges: "received" } as const;
  const disk = { syncMs: { kind: "constant", valueMs: 10 }, bytesPerMs: Infinity } as const;
  const sane = seeds(torture({ disk }, true), 5);
  expect(sane.lost).toBe(0);
  expect(seeds(torture({ disk, options }, true), 5).lost).toBeGreaterThan(0);
});

test("broken twin: a follower that does not look at the entry before gets another log", () => {
  const append: (typeof replica)["on"]["append"] = (state, message, from, effects) => {
    const { previousPosition } = message;
    const isThere =
      previousPosition >= state.firstPosition && previousPosition <= lastPosition(state);
    const previousEpoch = isThere ? epochAt(state, previousPosition) : message.previousEpoch;
    replica.on.append?.(state, { ...message, previousEpoch }, from, effects);
  };
  const protocol = { ...replica, on: { ...replica.on, append } };
  expect(seeds(torture({ protocol }), 15).problems.length).toBeGreaterThan(0);
});
