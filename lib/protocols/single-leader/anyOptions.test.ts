import { expect, test } from "vitest";
import {
  poisson,
  type Replication,
  type ReplicationSetting,
  replicationWorld,
  request,
  strikes,
} from "../../../test/support/replicationWorld.ts";
import type { Delay } from "../../core/protocol.ts";
import { type RandomStream, randomStream } from "../../core/random.ts";
import { inspected } from "../../simulation/inspected.ts";
import type { NetworkSpec } from "../../simulation/network.ts";
import { divergence } from "./divergence.ts";
import type { Acknowledgement, LogFormat, ReadRouting } from "./options.ts";
import { replica } from "./replica.ts";
import { lastPosition } from "./state.ts";

// Options drawn at random, one world a seed; faults for 3 s, then 4 s of peace. Whatever was chosen:
// nothing throws, each operation ends, no two lead in one epoch, and the replicas agree in the end (rows
// aside where each makes its own, or keeps what it had).
const [faultsMs, writesMs, endMs] = [3000, 5000, 7000];

function drawn(random: RandomStream) {
  const of = <T>(...choices: T[]): T => choices[Math.floor(random.nextUniform() * choices.length)]!;
  const acknowledgement = of<Acknowledgement>(
    { kind: "asynchronous" },
    { kind: "synchronous" },
    { kind: "semi-synchronous", followers: 1, timeoutMs: of(null, 30) },
    { kind: "semi-synchronous", followers: 2, timeoutMs: 100 },
    { kind: "majority" },
  );
  const logFormat = of<LogFormat>(
    { kind: "statement", nondeterministicShare: 0.3 },
    { kind: "physical" },
    { kind: "logical" },
    { kind: "trigger", writeCostFactor: 2 },
  );
  const reads = of<ReadRouting>(
    ...(["leader", "any", "nearest", "sticky"] as const).map((kind) => ({ kind })),
    { kind: "own-from-leader", keysPerSession: 5 },
    { kind: "leader-after-write", forMs: 50 },
    {
      ...{ kind: "position", waitMs: 20, otherwise: of("leader", "another") },
      ...{ acrossDevices: of(true, false), dependencies: of(true, false) },
    },
    { kind: "bounded-staleness", maxLagMs: 50 },
  );
  const datagram = {
    loss: { kind: "independent", probability: of(0, 0.1) },
    duplicateProbability: of(0, 0.1),
  } as const;
  const stream = {
    transport: { kind: "stream", retransmitMs: 20, retransmitMsMax: 100, giveUpMs: 300 },
  } as const;
  const setting: ReplicationSetting = {
    ...{ replicas: of(2, 3, 5), clientNodes: 2 },
    network: {
      latency: { kind: "uniform", minMs: 0.5, maxMs: of(1, 8) },
      ...of<Partial<NetworkSpec>>(datagram, stream),
    },
    ...of({}, {
      disk: { syncMs: { kind: "exponential", meanMs: 2 }, bytesPerMs: Infinity },
    } as const),
    clients: {
      ...{ reads, timeoutMs: 60, retryDelay: of(0, 10), attempts: of(0, 1, 4) },
      discovery: of({ kind: "redirect" }, { kind: "directory", directoryDelay: 40 }),
    },
    shipping: {
      ...{ heartbeatMs: 20, resendMs: 40, batchDelayMs: of(0, 5), batchEntries: of(1, 10, 1000) },
      ...{
        windowEntries: of(3, 100, 10_000),
        applyDelay: of<Delay>(0, 5, { minMs: 0, maxMs: 20 }),
      },
    },
    options: {
      ...{ acknowledgement, logFormat, waitPoint: of("before-commit", "after-commit") },
      followerAcknowledges: of("received", "durable", "applied"),
      ...{ leaderDurability: of("synced", "unsynced"), oldLeader: of("discards", "keeps") },
      retention: {
        ...{ entries: of(null, 10, 200), snapshotBytes: 100_000 },
        ...{ snapshotBytesPerKey: 100, snapshotBytesPerMs: 20_000 },
      },
      failover: of(
        { kind: "none" },
        {
          ...{ kind: "election", timeout: { minMs: 60, maxMs: 120 } },
          ...{ preVote: of(true, false), checkQuorum: of(true, false) },
        },
      ),
      fencing: { tokens: of(true, false), minFollowers: of(null, { count: 1, withinMs: 100 }) },
    },
  };
  return { setting, isPowerFailure: of(true, false, false) };
}

function peaceful(world: Replication, setting: ReplicationSetting): string[] {
  const problems: string[] = [];
  const states = Array.from({ length: setting.replicas! }, (_, node) => world.state(node));
  const leaders = new Map<number, number>();
  for (const { node, value } of world.named("leads")) {
    const { epoch } = value;
    if (leaders.has(epoch)) problems.push(`${node} and ${leaders.get(epoch)} lead in ${epoch}`);
    leaders.set(epoch, node);
  }
  const open = world.done.filter(({ completion }) => completion === null);
  if (open.length > 0) problems.push(`${open.length} operations never ended`);
  const ends = states.map((state) => `${lastPosition(state)} ${state.appliedPosition}`);
  if (new Set(ends).size > 1) problems.push(`logs end at ${ends.join(", ")}`);
  const { logFormat, oldLeader } = setting.options!;
  const { differingCount } = divergence(states);
  const mayDiffer = logFormat!.kind === "statement" || oldLeader === "keeps";
  if (differingCount > 0 && !mayDiffer) problems.push(`${differingCount} rows differ`);
  return problems;
}

function runOf(seed: number, other: Partial<ReplicationSetting> = {}) {
  const { setting, isPowerFailure } = drawn(randomStream({ seed, purpose: "options" }));
  const count = setting.replicas!;
  const of = (index: number) => ({ session: index % 6 });
  const world = replicationWorld({
    ...setting,
    ...other,
    actors: [
      poisson(count, 0.1, (index) => request("write", index % 30, of(index)), writesMs),
      poisson(count, 0.01, (index) => request("insert", 0, of(index)), writesMs),
      poisson(
        count + 1,
        0.1,
        (index) => request("read", index % 30, { ...of(index), device: 1 }),
        writesMs,
      ),
      strikes(count, isPowerFailure, faultsMs),
    ],
  });
  return { world: world.run(seed, endMs), setting };
}

test("any combination of options ends in peace, whatever crashes or is cut off", () => {
  let ok = 0;
  const seen = new Set<string>();
  // Two more seeds with a majority that was to wait for what it had not yet committed.
  for (const seed of [...Array.from({ length: 50 }, (_, index) => index + 1), 124, 149]) {
    const { world, setting } = runOf(seed);
    expect({ seed, problems: peaceful(world, setting) }).toEqual({ seed, problems: [] });
    ok += world.done.filter(({ completion }) => completion?.outcome === "ok").length;
    for (const { name } of world.told) seen.add(name);
  }
  expect(ok).toBeGreaterThan(10_000);
  for (const name of [
    "settled",
    "discarded",
    "kept",
    "fellBack",
    "suspended",
    "online",
    "snapshotSent",
  ]) {
    expect(seen).toContain(name);
  }
});

// Handlers assign to their state and to nothing else: run through immer's `produce`, on frozen states, they
// do the same.
test("runs of which every state is kept are the same runs", () => {
  const protocol = inspected(replica, () => {}) as typeof replica;
  for (let seed = 1; seed <= 5; seed++) {
    const { world: kept } = runOf(seed, { protocol });
    const { world: plain } = runOf(seed);
    expect(kept.done).toEqual(plain.done);
    expect(kept.told).toEqual(plain.told);
  }
});
