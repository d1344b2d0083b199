import type { Trace } from "../core/trace.ts";
import { Simulator } from "./simulator.ts";
import { type TraceOptions, traceRecorder } from "./traceRecorder.ts";
import type { Actor, RunObserver, World } from "./world.ts";

/** One run: a world, who acts in it, and the seed. */
export interface RunPlan extends TraceOptions {
  readonly world: World;
  readonly actors?: readonly Actor[];
  /** Who watches besides: what some actors need to know where they are. */
  readonly observers?: readonly Partial<RunObserver>[];
  /** Seed of all random draws, integer in [0, 2^53). */
  readonly seed: number;
  /** True time at which the run ends at the latest, in ms. */
  readonly durationMs: number;
}

/**
 * Runs a world once and returns what happened.
 *
 * @throws {RangeError} if more happens than `maxEvents`
 */
export function traceRun(plan: RunPlan): Trace {
  const { world, actors = [], observers = [], seed, durationMs, ...options } = plan;
  const recorder = traceRecorder(world, options);
  const company = { actors, observers: [...observers, recorder], steps: recorder };
  new Simulator(world, company).run(seed, durationMs);
  return recorder.trace();
}
