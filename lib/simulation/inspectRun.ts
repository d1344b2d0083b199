import { needInteger, needNumber, refuse } from "../core/need.ts";
import type { NodeId, RunnableProtocol } from "../core/protocol.ts";
import { eventMs, type Trace } from "../core/trace.ts";
import { stateDifference } from "./inspectDifference.ts";
import { inspected } from "./inspected.ts";
import { Simulator } from "./simulator.ts";
import { traceRecorder } from "./traceRecorder.ts";
import type { RunPlan } from "./traceRun.ts";

/** A state of a node, as one of its handlers left it. */
export interface StateStep {
  readonly node: NodeId;
  /** True time, in ms. */
  readonly timeMs: number;
  /** Index in the trace of the event that was handled; -1 for the start and outside the window. */
  readonly event: number;
  /** Frozen; shares with the step before all that did not change. */
  readonly state: unknown;
}

/** A moment of a run: after the handler of an event of the trace, or the end of a millisecond. */
export type Moment = { readonly event: number } | { readonly timeMs: number };

/** A run in which time can be travelled: its trace, and the state of every node at every step. */
export interface InspectedRun {
  readonly trace: Trace;
  /** All states, in the order in which they came about; those of one node if it is named. */
  steps(node?: NodeId): readonly StateStep[];
  /**
   * State of a node at a moment. A message stands for the moment at which it was handled; one that
   * never was, and an answer or an observation, for the handler that made it.
   *
   * @throws {RangeError} if there is no such node, event, or no state yet
   */
  stateAt(node: NodeId, moment: Moment): unknown;
  /** What changed in the state of a node between two moments, one line a change. */
  difference(node: NodeId, from: Moment, to: Moment): string;
}

/**
 * Runs a world once, with every handler run through immer's `produce`, so that the state of every node
 * at every step is kept. The run is the same as without.
 *
 * @throws {RangeError} if more happens than `maxEvents`
 */
export function inspectRun(plan: RunPlan): InspectedRun {
  const { world, actors = [], observers = [], seed, durationMs, ...options } = plan;
  const recorder = traceRecorder(world, options);
  const steps: StateStep[] = [];
  const watch = (node: NodeId, state: unknown): void => {
    steps.push({ node, timeMs: recorder.nowMs, event: recorder.lastEvent(node), state });
  };
  const nodes = world.nodes.map((node) => ({
    ...node,
    protocol: inspected(node.protocol as RunnableProtocol, watch),
  }));
  const company = { actors, observers: [...observers, recorder], steps: recorder };
  new Simulator({ ...world, nodes }, company).run(seed, durationMs);
  return new Steps(recorder.trace(), steps);
}

class Steps implements InspectedRun {
  readonly trace: Trace;
  private readonly all: readonly StateStep[];
  /** Place in `all` of the step that handled an event. */
  private readonly placeOf = new Map<number, number>();

  constructor(trace: Trace, all: readonly StateStep[]) {
    this.trace = trace;
    this.all = all;
    for (const [place, { event }] of all.entries()) this.placeOf.set(event, place);
  }

  steps(node?: NodeId): readonly StateStep[] {
    return node === undefined ? this.all : this.all.filter((step) => step.node === node);
  }

  stateAt(node: NodeId, moment: Moment): unknown {
    needInteger("stateAt", "node", node, { min: 0, max: this.trace.nodes.length - 1 });
    const last = this.placeAt(moment);
    for (let place = last; place >= 0; place--) {
      const step = this.all[place]!;
      if (step.node === node) return step.state;
    }
    return refuse("stateAt", "moment", "one at which the node has a state", moment);
  }

  difference(node: NodeId, from: Moment, to: Moment): string {
    return stateDifference(this.stateAt(node, from), this.stateAt(node, to));
  }

  /** Place of the last step that had happened at a moment. */
  private placeAt(moment: Moment): number {
    if ("timeMs" in moment) {
      needNumber("stateAt", "timeMs", moment.timeMs, { min: 0 });
      return this.all.findLastIndex(({ timeMs }) => timeMs <= moment.timeMs);
    }
    needInteger("stateAt", "event", moment.event, { min: 0, max: this.trace.events.length - 1 });
    return this.placeOfEvent(moment.event);
  }

  private placeOfEvent(index: number): number {
    const place = this.placeOf.get(index);
    if (place !== undefined) return place;
    const event = this.trace.events[index]!;
    if (event.kind === "message" && event.receivedMs !== null) {
      return this.placeAt({ timeMs: event.receivedMs });
    }
    if ("cause" in event && event.cause >= 0) return this.placeOfEvent(event.cause);
    return this.placeAt({ timeMs: eventMs(event) });
  }
}
