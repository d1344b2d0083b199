import type { NodeId } from "../core/protocol.ts";
import { type Company, Simulator } from "./simulator.ts";
import type { World } from "./world.ts";

/** A world that can be run again and again: each run begins anew, and depends on its seed alone. */
export interface Simulation {
  /**
   * Runs from time 0 until a time, or until an actor stops it or nothing is left to happen.
   *
   * @param seed of all random draws, integer in [0, 2^53)
   * @param durationMs true time at which the run ends at the latest, in ms; may be `Infinity`
   */
  run(seed: number, durationMs: number): void;
  /** True time at which the last run ended, in ms. */
  readonly nowMs: number;
  /** Events of the last run: messages, timers, syncs and what actors did. */
  readonly eventCount: number;
  /** State of a node as its protocol left it. */
  state(node: NodeId): unknown;
  /** CPU time that a node has spent serving, in ms. */
  busyMs(node: NodeId): number;
}

/**
 * A world of your own protocols, ready to run in virtual time.
 *
 * @param company who acts in the runs (clients, faults) and who watches them
 * @throws {RangeError} naming the field, if network, disk or clocks are not valid
 */
export function simulation(world: World, company: Company = {}): Simulation {
  return new Simulator(world, company);
}
