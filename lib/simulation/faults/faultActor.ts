import type { NodeId } from "../../core/protocol.ts";
import type { PlacedNode } from "../nodeSet.ts";
import type { Actor, Controls } from "../world.ts";
import { Damage } from "./damage.ts";
import type { FaultSchedule } from "./faultSpec.ts";
import { Leadership } from "./leadership.ts";
import { readFaults } from "./needFaults.ts";
import { type Due, RunningFault, type Site } from "./runningFault.ts";

/**
 * An actor that strikes a world with faults. One to a run: factors and crashes of two would not add up.
 *
 * All draws come from streams of (seed, purpose, fault): a fault that is disabled, or another list
 * around a named one, changes nothing in the times, durations and targets of the others. What it needs
 * is the same however long the run.
 *
 * Strikes at time 0 come after the nodes have started. Clocks that jumped stay as they are when all is
 * healed, unless their jump had an end.
 *
 * @param schedule what strikes, and when
 * @param world its nodes
 * @throws {RangeError} if the schedule is wrong, naming the field
 */
export function faultActor(
  schedule: FaultSchedule,
  world: { readonly nodes: readonly PlacedNode[] },
): Actor {
  const {
    faults,
    healAllAtMs,
    leadership: names,
  } = readFaults("faultActor", schedule, world.nodes);
  const leadership = new Leadership(names);
  const damage = new Damage(world.nodes.length, (node) => leadership.crashed(node));
  const site: Site = { damage, leadership, episodes: new Set() };
  const running = faults
    .filter((fault) => !fault.isDisabled)
    .map((fault) => new RunningFault(fault, site));
  let isOver = false;

  function healAll(): void {
    isOver = true;
    for (const episode of site.episodes) episode.end();
  }

  let isPrepared = false;

  function prepare(seed: number): void {
    isPrepared = true;
    isOver = false;
    damage.reset();
    leadership.reset();
    site.episodes.clear();
    for (const fault of running) fault.reset(seed);
  }

  return {
    // Before the nodes start: the first leaders tell so as they do.
    prepare,
    begin(seed: number, controls: Controls): void {
      if (!isPrepared) prepare(seed);
      isPrepared = false;
      if (healAllAtMs < Infinity) controls.wakeAt(healAllAtMs, healAll);
      for (const fault of running) fault.begin(controls);
    },
    wake(reason: unknown): void {
      if (reason === healAll || !isOver) (reason as Due)();
    },
    observed(name: string, value: unknown, node: NodeId, controls: Controls): void {
      leadership.observed(name, value, node);
      if (isOver) return;
      for (const fault of running) fault.observed(name, node, controls);
    },
  };
}
