import { assert } from "../core/assert.ts";
import { needInteger, needNumber, refuse } from "../core/need.ts";
import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import {
  eventMs,
  type MessageEvent,
  type Trace,
  type TraceEvent,
  type TraceNode,
} from "../core/trace.ts";
import { plainCopy } from "./tracePayload.ts";
import type { RunObserver, SentMessage, StepObserver, World } from "./world.ts";

/** Which part of a run is recorded. */
export interface TraceOptions {
  /** Start of the window, true time, in ms; 0 if absent. */
  readonly fromMs?: number;
  /** End of the window, true time, in ms; the end of the run if absent. */
  readonly toMs?: number;
  /** Most events that are kept; 100,000 if absent. */
  readonly maxEvents?: number;
}

/** Watches a run and keeps what happened. Forgets the run before when the next one begins. */
export interface TraceRecorder extends RunObserver, StepObserver {
  /** What happened so far in the run at hand, or in the whole of the one that has ended. */
  trace(): Trace;
  /** Index of the event whose handler a node ran last; -1 if it has only started. */
  lastEvent(node: NodeId): number;
  /** True time of what was seen last, in ms. */
  readonly nowMs: number;
}

/** Most events of a recorded run, if not said otherwise. */
const defaultMaxEvents = 100_000;

/**
 * Records the messages, timers, operations, observations and faults of a run.
 *
 * Give it to the simulator twice: `{ observers: [recorder], steps: recorder }`. Payloads are copied when
 * they are sent. Faults and observations before the window are kept too: they say who is down and who
 * leads when it begins; so are messages that are under way then.
 *
 * What a node asks for is caused by the event whose handler ran there last. A handler that completes an
 * operation, and thereby begins the next one at its own node, goes on as caused by the new operation.
 *
 * @throws {RangeError} if the window is empty; in the middle of a run, if more happens than `maxEvents`
 */
export function traceRecorder(
  world: Pick<World, "nodes">,
  { fromMs = 0, toMs = Infinity, maxEvents = defaultMaxEvents }: TraceOptions = {},
): TraceRecorder {
  needNumber("traceRecorder", "fromMs", fromMs, { min: 0 });
  needNumber("traceRecorder", "toMs", toMs, { min: fromMs });
  needInteger("traceRecorder", "maxEvents", maxEvents, { min: 1 });
  const nodes = world.nodes.map(({ name, protocol }) => ({ name, role: protocol.role }));
  return new Recorder(nodes, { fromMs, toMs, maxEvents });
}

type Growing<Event> = { -readonly [Field in keyof Event]: Event[Field] };

/** A message under way: its place among the events, and its receiver. */
interface UnderWay {
  readonly place: number;
  readonly to: NodeId;
}

/** Place of an event outside the window. */
const unrecorded = -1;

class Recorder implements TraceRecorder {
  nowMs = 0;
  private seed = 0;
  private events: TraceEvent[] = [];
  private readonly causes: number[];
  /** Messages under way, by their numbers. */
  private readonly underWay = new Map<number, UnderWay>();
  private readonly nodes: readonly TraceNode[];
  private readonly limits: Required<TraceOptions>;

  constructor(nodes: readonly TraceNode[], limits: Required<TraceOptions>) {
    this.nodes = nodes;
    this.limits = limits;
    this.causes = nodes.map(() => -1);
  }

  trace(): Trace {
    const { seed, nowMs: durationMs, nodes, events } = this;
    return { seed, durationMs, nodes, events: events.map((event) => ({ ...event })) };
  }

  lastEvent(node: NodeId): number {
    return this.causes[node]!;
  }

  runBegan(seed: number): void {
    this.seed = seed;
    this.nowMs = 0;
    this.events = [];
    this.underWay.clear();
    this.causes.fill(-1);
  }

  runEnded(timeMs: number): void {
    this.nowMs = timeMs;
  }

  invoked(operation: Operation, node: NodeId, timeMs: number): void {
    this.nowMs = timeMs;
    this.causes[node] = this.inWindow(timeMs)
      ? this.keep({ kind: "invoke", node, timeMs, operation })
      : -1;
  }

  completed({ id }: Operation, completion: Completion, node: NodeId, timeMs: number): void {
    this.nowMs = timeMs;
    if (!this.inWindow(timeMs)) return;
    const cause = this.causes[node]!;
    this.keep({ kind: "complete", node, timeMs, operation: id, completion, cause });
  }

  observed(name: string, value: unknown, node: NodeId, timeMs: number): void {
    this.nowMs = timeMs;
    if (timeMs > this.limits.toMs) return;
    const cause = this.causes[node]!;
    this.keep({ kind: "observe", node, timeMs, name, value: plainCopy(value), cause });
  }

  faulted(name: string, node: NodeId, value: number, timeMs: number): void {
    this.nowMs = timeMs;
    if (timeMs > this.limits.toMs) return;
    const isLink = name === "cut" || name === "heal";
    const index = this.keep({
      ...{ kind: "fault", timeMs, name },
      nodes: isLink || node < 0 ? [] : [node],
      links: isLink ? [[node, value]] : [],
      value: isLink ? 0 : value,
    });
    if (name === "restart") this.causes[node] = index;
  }

  sent(message: SentMessage): void {
    const { id, to, sentMs, arrivalMs } = message;
    this.nowMs = sentMs;
    const { fromMs, toMs } = this.limits;
    const endMs = arrivalMs === Infinity ? sentMs : arrivalMs;
    const isKept = sentMs <= toMs && endMs >= fromMs;
    const place = isKept ? this.keep(this.messageEvent(message)) : unrecorded;
    if (arrivalMs !== Infinity) this.underWay.set(id, { place, to });
  }

  delivered(id: number, timeMs: number): void {
    this.nowMs = timeMs;
    const { place, to } = this.arrive(id);
    this.causes[to] = place;
    if (place === unrecorded) return;
    const message = this.events[place] as Growing<MessageEvent>;
    message.fate = "received";
    message.receivedMs = timeMs;
  }

  missed(id: number, timeMs: number): void {
    this.nowMs = timeMs;
    const { place } = this.arrive(id);
    if (place !== unrecorded) (this.events[place] as Growing<MessageEvent>).fate = "down";
  }

  fired(name: string, payload: unknown, node: NodeId, timeMs: number): void {
    this.nowMs = timeMs;
    this.causes[node] = this.inWindow(timeMs)
      ? this.keep({ kind: "timer", node, timeMs, name, payload: plainCopy(payload), cause: -1 })
      : -1;
  }

  private messageEvent(message: SentMessage): MessageEvent {
    const { name, payload, from, to, sentMs, arrivalMs, reason } = message;
    const isDuplicate = reason === "duplicate";
    return {
      ...{ kind: "message", name, from, to, sentMs },
      arrivalMs: arrivalMs === Infinity ? null : arrivalMs,
      receivedMs: null,
      fate: reason === null || isDuplicate ? "pending" : reason,
      ...{ isDuplicate, payload: plainCopy(payload), cause: this.causes[from]! },
    };
  }

  private arrive(id: number): UnderWay {
    const message = this.underWay.get(id);
    assert(message !== undefined, `message ${id} arrived without having been sent`);
    this.underWay.delete(id);
    return message;
  }

  private inWindow(timeMs: number): boolean {
    return timeMs >= this.limits.fromMs && timeMs <= this.limits.toMs;
  }

  private keep(event: TraceEvent): number {
    const { maxEvents } = this.limits;
    if (this.events.length >= maxEvents) {
      const what = `at most ${maxEvents} events; record a window (fromMs, toMs), a shorter run, or allow more (maxEvents)`;
      refuse("traceRecorder", "the run", what, `more by ${eventMs(event)} ms`);
    }
    return this.events.push(event) - 1;
  }
}
