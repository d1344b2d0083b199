import { expect, test } from "vitest";
import {
  type Act,
  poisson,
  type Replication,
  replicationWorld,
  request,
} from "../../../test/support/replicationWorld.ts";
import { divergence } from "./divergence.ts";
import { entryBytesOf } from "./log.ts";
import { defaultSingleLeaderOptions, type LogFormat } from "./options.ts";
import { serviceMsOf } from "./serviceCosts.ts";
import { lastPosition } from "./state.ts";

const statesOf = (world: Replication) => [0, 1, 2].map((node) => world.state(node));

/** Each key is written once. */
function withFormat(logFormat: LogFormat, keys = 4000): Replication {
  return replicationWorld({
    options: { logFormat },
    actors: [poisson(3, 1, (index) => request("write", index), keys)],
  }).run(1, keys + 1000);
}

test.each([0, 0.3, 1])(
  "statements that are not deterministic: share %s of the rows diverges",
  (share) => {
    const found = divergence(
      statesOf(withFormat({ kind: "statement", nondeterministicShare: share })),
    );
    expect(found.replicaCount).toBe(3);
    expect(found.rowCount).toBeGreaterThan(3000);
    const standardError = Math.sqrt((share * (1 - share)) / found.rowCount);
    const measured = found.differingCount / found.rowCount;
    expect(Math.abs(measured - share)).toBeLessThanOrEqual(4 * standardError);
  },
);

test.each<LogFormat>([
  { kind: "physical" },
  { kind: "logical" },
  { kind: "trigger", writeCostFactor: 3 },
])("logs of values do not diverge: $kind", (logFormat) => {
  const { replicaCount, differingCount } = divergence(statesOf(withFormat(logFormat, 1000)));
  expect({ replicaCount, differingCount }).toEqual({ replicaCount: 3, differingCount: 0 });
});

test("what a follower evaluated for itself is read there, survives its restart, and a snapshot cures it", () => {
  const logFormat = { kind: "statement", nondeterministicShare: 1 } as const;
  const read: Act[1] = (controls) => controls.invoke(3, request("read", 5));
  const world = replicationWorld({
    ...{ options: { logFormat }, clients: { reads: { kind: "nearest" } }, nearest: [[1, 0, 2]] },
    script: [
      [100, (controls) => controls.invoke(3, request("write", 5))],
      [200, read],
      [300, (controls) => controls.crash(1)],
      [310, (controls) => controls.restart(1)],
      [500, read],
    ],
  }).run(1, 1000);
  const values = world.done.slice(1).map(({ completion }) => completion?.value);
  expect(values).toEqual([0 + 2 / 2 ** 20, 0 + 2 / 2 ** 20]);
  expect(world.state(0).rows[5]!.value).toBe(0);
});

/** One replica after the other is restarted with new software: followers first, the leader last. */
function upgrade(logFormat: LogFormat): Replication {
  const restart = (node: number, atMs: number): Act[] => [
    [atMs, (controls) => controls.crash(node)],
    [atMs + 50, (controls) => controls.restart(node)],
  ];
  return replicationWorld({
    ...{ options: { logFormat }, software: { version: 1, afterRestart: 2 } },
    script: [...restart(1, 1000), ...restart(2, 2000), ...restart(0, 3000)],
    actors: [poisson(3, 0.5, (index) => request("write", index % 20), 4500)],
    clients: { attempts: 3 },
  });
}

test("a rolling upgrade stops replication by a physical log until the leader has it, too", () => {
  const world = upgrade({ kind: "physical" }).run(1, 2900);
  const stalled = () => world.named("stalled").map(({ node, value }) => [node, value.isStalled]);
  expect(stalled()).toEqual([
    [1, true],
    [2, true],
  ]);
  const behind = (node: number) => lastPosition(world.state(0)) - lastPosition(world.state(node));
  // Half a write each ms for 1.9 s and 0.9 s.
  expect(behind(1)).toBeGreaterThan(800);
  expect(behind(2)).toBeGreaterThan(350);
  world.run(1, 5000);
  expect(stalled().slice(2).sort()).toEqual([
    [1, false],
    [2, false],
  ]);
  expect(divergence(statesOf(world))).toMatchObject({ replicaCount: 3, differingCount: 0 });
});

test("a rolling upgrade does not disturb a logical log", () => {
  const world = upgrade({ kind: "logical" }).run(1, 2900);
  expect(world.named("stalled")).toEqual([]);
  expect(divergence(statesOf(world))).toMatchObject({ replicaCount: 3, differingCount: 0 });
});

test("triggers: entries so many times as long, writes so many times as dear", () => {
  const logFormat = { kind: "trigger", writeCostFactor: 3 } as const;
  expect(entryBytesOf({ ...defaultSingleLeaderOptions, logFormat })).toBe(600);
  expect(entryBytesOf(defaultSingleLeaderOptions)).toBe(200);
  const costs = { readMs: 1, writeMs: 2, appendMs: 0.5 };
  expect(serviceMsOf(costs, logFormat)).toEqual({ read: 1, write: 6, append: 0.5 });
  expect(serviceMsOf(costs, { kind: "logical" })).toEqual({ read: 1, write: 2, append: 0.5 });
});
