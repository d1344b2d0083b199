import type { AnyProtocol } from "../../lib/core/protocol.ts";
import { faultActor } from "../../lib/simulation/faults/faultActor.ts";
import type { FaultSchedule } from "../../lib/simulation/faults/faultSpec.ts";
import { Simulator } from "../../lib/simulation/simulator.ts";
import type { World, WorldNode } from "../../lib/simulation/world.ts";

/** What an observer was told of a fault. */
export interface Seen {
  readonly name: string;
  readonly node: number;
  readonly value: number;
  readonly timeMs: number;
}

/** A role that does nothing. */
export function idle(role: string): AnyProtocol {
  return { role, init: () => null, on: {}, timers: {} };
}

/** Nodes `name` in regions, by `[name, region, role]`. */
export function idleNodes(rows: readonly (readonly [string, string, string])[]): WorldNode[] {
  return rows.map(([name, region, role]) => ({
    ...{ name, region, protocol: idle(role), config: null },
  }));
}

/** Six replicas in three regions of two, and a client in the first and the last. */
export const sixReplicas: readonly WorldNode[] = idleNodes([
  ["r0", "north", "replica"],
  ["r1", "north", "replica"],
  ["r2", "south", "replica"],
  ["r3", "south", "replica"],
  ["r4", "west", "replica"],
  ["r5", "west", "replica"],
  ["c0", "north", "client"],
  ["c1", "west", "client"],
]);

/** A world of nodes; every message takes 1 ms. */
export function worldOf(nodes: readonly WorldNode[]): World {
  return { nodes, network: { latency: { kind: "constant", valueMs: 1 } } };
}

/** All that a schedule does to nodes. */
export function strikes(
  schedule: FaultSchedule,
  {
    nodes = sixReplicas,
    seed = 1,
    durationMs = 1e6,
  }: { nodes?: readonly WorldNode[]; seed?: number; durationMs?: number } = {},
): readonly Seen[] {
  const seen: Seen[] = [];
  const faulted = (name: string, node: number, value: number, timeMs: number) =>
    seen.push({ name, node, value, timeMs });
  const world = worldOf(nodes);
  const simulator = new Simulator(world, {
    actors: [faultActor(schedule, world)],
    observers: [{ faulted }],
  });
  simulator.run(seed, durationMs);
  return seen;
}

/** Mean, and its standard error, of independent values. */
export function meanOf(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/**
 * Ratio of two sums over independent cycles, and its standard error by the delta method:
 * sqrt(sum (a - ratio b)^2) / sum b.
 */
export function ratioOf(cycles: readonly (readonly [number, number])[]): {
  ratio: number;
  error: number;
} {
  const a = cycles.reduce((sum, cycle) => sum + cycle[0], 0);
  const b = cycles.reduce((sum, cycle) => sum + cycle[1], 0);
  const ratio = a / b;
  const squares = cycles.reduce((sum, cycle) => sum + (cycle[0] - ratio * cycle[1]) ** 2, 0);
  return { ratio, error: Math.sqrt(squares) / b };
}

/** Kolmogorov's distance of a sample from a distribution function, times the root of its size. */
export function kolmogorov(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const gaps = sorted.map((x, i) => Math.max((i + 1) / n - cdf(x), cdf(x) - i / n));
  return Math.sqrt(n) * gaps.reduce((most, gap) => Math.max(most, gap), 0);
}
