import { divergence } from "../protocols/single-leader/divergence.ts";
import type { ReplicaState } from "../protocols/single-leader/state.ts";
import { type Company, Simulator } from "../simulation/simulator.ts";
import type { Actor } from "../simulation/world.ts";
import { buildWorld, type ScenarioWorld } from "./buildWorld.ts";
import { type MetricsObserver, metricsObserver } from "./metrics/metricsObserver.ts";
import type { RunMetrics } from "./metrics/runMetrics.ts";
import type { Scenario } from "./scenario.ts";

/** Runs one scenario again and again: the world is built once and reset for each run. */
export class ScenarioRunner {
  /** Events of the last run. */
  get eventCount(): number {
    return this.simulator.eventCount;
  }
  readonly built: ScenarioWorld;
  private readonly scenario: Scenario;
  private readonly simulator: Simulator;
  private readonly meter: MetricsObserver;

  /**
   * @param scenario as `scenarioFromJson` returns it
   * @param watchers see everything too; they change nothing
   * @param options `untilMs`, in place of `durationMs`: what begins later is not measured
   */
  constructor(
    scenario: Scenario,
    watchers: Pick<Company, "observers" | "steps"> = {},
    options: { readonly untilMs?: number } = {},
  ) {
    this.scenario = scenario;
    this.built = buildWorld(scenario);
    this.meter = this.newMeter(options);
    const windowMs = [scenario.warmUpMs, options.untilMs ?? scenario.durationMs];
    this.simulator = new Simulator(this.built.world, {
      // Last, so that the numbers of the others are what they are without it.
      actors: [...this.built.actors, timekeeper(this.meter, windowMs)],
      observers: [this.meter, ...(watchers.observers ?? [])],
      ...(watchers.steps && { steps: watchers.steps }),
    });
  }

  /** What was counted in the run of a seed; the same whatever ran before. */
  run(seed: number): RunMetrics {
    const { durationMs, settleMs } = this.scenario;
    this.simulator.run(seed, durationMs + settleMs);
    return this.meter.result();
  }

  private divergentRows(): number {
    const differing = this.built.groups.map(({ replicas }) => {
      const states = replicas.map((node) => this.simulator.state(node) as ReplicaState);
      return divergence(states).differingCount;
    });
    return differing.reduce((sum, count) => sum + count, 0);
  }

  private newMeter({ untilMs }: { readonly untilMs?: number }): MetricsObserver {
    const { warmUpMs, durationMs, protocol, clientOptions } = this.scenario;
    const { options } = protocol;
    // Clocks that run fast or slow measure the timeout of an only attempt a little differently.
    const timeoutMs = clientOptions.attempts > 0 ? clientOptions.timeoutMs : Infinity;
    return metricsObserver({
      warmUpMs,
      untilMs: untilMs ?? durationMs,
      timeoutMs,
      partitions: protocol.partitions,
      replicas: this.built.groups.map(({ replicas }) => replicas),
      probe: {
        busyMs: (node) => this.simulator.busyMs(node),
        messageCount: () => this.simulator.sentCount,
        byteCount: () => this.simulator.sentBytes,
        // Looking at all rows is dear, and without one of these all replicas read the same.
        ...((options.logFormat.kind === "statement" || options.oldLeader === "keeps") && {
          divergentRows: () => this.divergentRows(),
        }),
      },
    });
  }
}

/** Tells a meter when the measured part begins and ends; does nothing to the run. */
function timekeeper(meter: MetricsObserver, timesMs: readonly number[]): Actor {
  return {
    begin: (_seed, controls) => {
      for (const timeMs of timesMs) controls.wakeAt(timeMs, timeMs);
    },
    wake: (_reason, controls) => meter.reached(controls.nowMs),
  };
}
