import { expect, test } from "vitest";
import {
  type Act,
  isolate,
  poisson,
  type ReplicationSetting,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import type { Failover } from "./options.ts";

const network = { latency: { kind: "constant", valueMs: 1 } } as const;
const election: Failover = {
  ...{ kind: "election", timeout: { minMs: 150, maxMs: 300 } },
  ...{ preVote: false, checkQuorum: false },
};

/** What becomes of operations at times of their own; milliseconds rounded to a millionth. */
function outcomes(setting: ReplicationSetting) {
  const world = replicationWorld({ network, ...setting }).run(1, 5000);
  return world.done.map(({ completion, completedMs, invokedMs }) => [
    completion?.outcome,
    Math.round((completedMs - invokedMs) * 1e6) / 1e6,
  ]);
}

const write: Act[1] = (controls) => controls.invoke(3, request("write", 0));
const read: Act[1] = (controls) => controls.invoke(3, request("read", 0));

test("without an answer a write is indefinite, never sent again, and a read failed after its tries", () => {
  const script: Act[] = [
    [100, (controls) => controls.crash(0)],
    [200, write],
    [1000, read],
  ];
  expect(outcomes({ script, clients: { timeoutMs: 50, retryDelay: 10, attempts: 3 } })).toEqual([
    ["indefinite", 50],
    // The write has made the client doubt the leader. Another replica answers that it does not lead, but
    // names the dead one; so do all, each 2 ms and 10 ms later, until the dead one is asked again.
    ["failed", 2 + 10 + 2 + 10 + 50 + 10 + 2],
  ]);
});

test("who asks a replica that does not lead is told who does, and asks there", () => {
  const options = { failover: election };
  const script: Act[] = [
    [100, (controls) => isolate(controls, 0, [1, 2, 3])],
    [1000, write],
    [2000, write],
    [3000, write],
  ];
  const found = outcomes({
    options,
    script,
    clients: { timeoutMs: 50, retryDelay: 10, attempts: 2 },
  });
  expect(found[0]).toEqual(["indefinite", 50]);
  // At once, or after one redirect: by then the others have a new leader.
  expect([2, 14]).toContain(found[1]![1]);
  expect(found[2]).toEqual(["ok", 2]);
  // No tries, no redirect.
  const once = outcomes({ options, script, clients: { timeoutMs: 50, attempts: 0 } });
  expect(once.filter(([outcome]) => outcome === "indefinite").length).toBe(1);
});

test("a replaced leader that still answers does not win clients back", () => {
  const world = replicationWorld({
    ...{ network, options: { failover: election } },
    clients: { reads: { kind: "any" }, timeoutMs: 50, attempts: 0 },
    script: [
      [1000, (controls) => isolate(controls, 0, [1, 2])],
      ...Array.from({ length: 100 }, (_, index): Act => [2000 + 10 * index, read]),
      ...Array.from({ length: 40 }, (_, index): Act => [2503 + 10 * index, write]),
    ],
  }).run(1, 4000);
  const writes = world.done.filter(({ operation }) => operation.kind === "write");
  for (const { completion } of writes) expect(completion?.outcome).toBe("ok");
  expect(writes.some(({ completion }) => completion!.servedBy === 0)).toBe(false);
  const reads = world.done.filter(({ operation }) => operation.kind === "read");
  expect(reads.some(({ completion }) => completion!.servedBy === 0)).toBe(true);
});

test("a directory sends clients to the new leader so long after it leads, and not before", () => {
  const directoryDelay = 700;
  const world = replicationWorld({
    ...{ network, options: { failover: election } },
    clients: { timeoutMs: 20, discovery: { kind: "directory", directoryDelay } },
    script: [[1000, (controls) => controls.crash(0)]],
    actors: [poisson(3, 0.5, () => request("write", 0))],
  }).run(1, 4000);
  const [, leads] = world.named("leads");
  const ok = world.done.filter(({ completion }) => completion?.outcome === "ok");
  const first = ok.find(({ completedMs }) => completedMs > 1002)!;
  expect(first.invokedMs - leads!.timeMs).toBeGreaterThanOrEqual(directoryDelay);
  expect(first.invokedMs - leads!.timeMs).toBeLessThan(directoryDelay + 20);
  // The news of the new leader lost: who meets the dead one looks again.
  const lost = replicationWorld({
    ...{ network, options: { failover: election } },
    clients: { timeoutMs: 20, discovery: { kind: "directory", directoryDelay } },
    script: [
      [1000, (controls) => controls.crash(0)],
      [1001, (controls) => isolate(controls, 3, [1, 2])],
      [2500, (controls) => [1, 2].map((node) => controls.heal(node, 3))],
      [2500, (controls) => [1, 2].map((node) => controls.heal(3, node))],
    ],
    actors: [poisson(3, 0.5, () => request("write", 0))],
  }).run(1, 4000);
  const again = lost.done.filter(({ completion }) => completion?.outcome === "ok").at(-1)!;
  expect(again.invokedMs).toBeGreaterThan(3900);
});

// The old leader is cut off from the others, not from the client, whose directory does not know yet. Reads
// of any replica show it the new epoch.
test.each([true, false])("fencing tokens %s: a replaced leader's word", (tokens) => {
  const options = { failover: election, fencing: { tokens, minFollowers: null } };
  const world = replicationWorld({
    ...{ network, options },
    clients: {
      ...{ reads: { kind: "any" }, timeoutMs: 50, attempts: 0 },
      discovery: { kind: "directory", directoryDelay: 1e6 },
    },
    script: [
      [1000, (controls) => isolate(controls, 0, [1, 2])],
      ...Array.from({ length: 20 }, (_, index): Act => [2000 + 10 * index, read]),
      [2500, write],
    ],
  }).run(1, 3000);
  const last = world.done.at(-1)!.completion!;
  // Both lead; the write that the old one takes is lost.
  expect(world.named("leads").length).toBe(2);
  expect(world.state(0).role.kind).toBe("leader");
  expect(last.outcome).toBe(tokens ? "failed" : "ok");
});

// B8. A replica takes 1 ms for a read and 2 ms for a write; offered is far more than it can do.
test("reads scale with replicas, writes do not, and do with partitions", () => {
  const serviceMs = { read: 1, write: 2 };
  const perMs = (kind: "read" | "write", replicas: number, partitions: number): number => {
    const world = replicationWorld({
      ...{ network, replicas, partitions, serviceMs },
      clients: { reads: { kind: "any" }, timeoutMs: 1e6 },
      actors: [poisson(replicas * partitions, 12, (index) => request(kind, index), 2000)],
    }).run(1, 2000);
    return world.done.filter(({ completedMs }) => completedMs < Infinity).length / 2000;
  };
  for (const replicas of [1, 3, 6]) {
    expect(perMs("read", replicas, 1)).toBeCloseTo(replicas, 1);
    expect(perMs("write", replicas, 1)).toBeCloseTo(0.5, 1);
  }
  for (const partitions of [2, 4])
    expect(perMs("write", 3, partitions)).toBeCloseTo(partitions / 2, 1);
});
