import type { NodeId } from "./protocol.ts";
import { eventMs, type MessageEvent, type Trace, type TraceEvent } from "./trace.ts";

/** A moment at a node. */
export interface Place {
  readonly node: NodeId;
  readonly timeMs: number;
}

/** A message that was handled. */
interface Arrival {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentMs: number;
  readonly receivedMs: number;
}

/**
 * By node, the last moment of it that can have influenced one of the given places: an event happened
 * before another if it came earlier at the same node, or if a message leads from it to the other
 * (Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, CACM 21(7), 1978).
 * `-Infinity` where none can.
 */
export function pastOf(trace: Trace, places: readonly Place[]): Float64Array {
  const past = new Float64Array(trace.nodes.length).fill(-Infinity);
  for (const { node, timeMs } of places) past[node] = Math.max(past[node]!, timeMs);
  // From the last arrival to the first: what a message leads back to was received before it was sent.
  for (const { from, to, sentMs, receivedMs } of arrivalsOf(trace).reverse()) {
    if (receivedMs <= past[to]!) past[from] = Math.max(past[from]!, sentMs);
  }
  return past;
}

/** By node, the first moment of it that one of the given places can have influenced; else `Infinity`. */
export function futureOf(trace: Trace, places: readonly Place[]): Float64Array {
  const future = new Float64Array(trace.nodes.length).fill(Infinity);
  for (const { node, timeMs } of places) future[node] = Math.min(future[node]!, timeMs);
  for (const { from, to, sentMs, receivedMs } of arrivalsOf(trace)) {
    if (sentMs >= future[from]!) future[to] = Math.min(future[to]!, receivedMs);
  }
  return future;
}

function arrivalsOf({ events }: Trace): Arrival[] {
  return events
    .filter(
      (event): event is MessageEvent & Arrival =>
        event.kind === "message" && event.receivedMs !== null,
    )
    .sort((a, b) => a.receivedMs - b.receivedMs || a.sentMs - b.sentMs);
}

/** Where and when an event took effect; a message at its receiver, or at its sender if it never arrived. */
export function placeOf(event: TraceEvent): Place {
  switch (event.kind) {
    case "message":
      return event.receivedMs === null
        ? { node: event.from, timeMs: event.sentMs }
        : { node: event.to, timeMs: event.receivedMs };
    case "fault":
      return { node: event.nodes[0] ?? -1, timeMs: event.timeMs };
    default:
      return { node: event.node, timeMs: event.timeMs };
  }
}

/** The events of a trace at the places given by their indices, ascending; causes follow, or are gone. */
export function subTrace(
  trace: Trace,
  kept: readonly number[],
  changed: ReadonlyMap<number, TraceEvent> = new Map(),
): Trace {
  const places = new Map(kept.map((index, place) => [index, place]));
  const events = kept.map((index) => {
    const event = changed.get(index) ?? trace.events[index]!;
    return "cause" in event ? { ...event, cause: places.get(event.cause) ?? -1 } : event;
  });
  return { ...trace, events };
}

/** Time span in which an event can be seen: a message from its sending to its arrival. */
export function spanOf(event: TraceEvent): readonly [number, number] {
  const fromMs = eventMs(event);
  return event.kind === "message" ? [fromMs, event.arrivalMs ?? fromMs] : [fromMs, fromMs];
}
