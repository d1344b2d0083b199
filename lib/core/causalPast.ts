import { needInteger } from "./need.ts";
import type { Trace, TraceEvent } from "./trace.ts";
import { pastOf, placeOf, subTrace } from "./traceCones.ts";

/**
 * The part of a run that can have influenced one event: what happened before it at its own node, at the
 * senders of messages that came in before, and so on back. Events of one node at the very same time count
 * as influencing each other.
 *
 * Messages that never arrived influenced nobody; faults are kept where they concern a node of the past.
 *
 * @param event index of the event in the trace
 * @throws {RangeError} if there is no such event
 */
export function causalPast(trace: Trace, event: number): Trace {
  const { events } = trace;
  needInteger("causalPast", "event", event, { min: 0, max: events.length - 1 });
  const place = placeOf(events[event]!);
  if (place.node < 0) return subTrace(trace, [event]);
  const past = pastOf(trace, [place]);
  const isPast = (other: TraceEvent): boolean => {
    if (other.kind === "message") {
      return other.receivedMs !== null && other.receivedMs <= past[other.to]!;
    }
    if (other.kind !== "fault") return other.timeMs <= past[other.node]!;
    const nodes = [...other.nodes, ...other.links.flat()];
    const isKnown = nodes.length === 0 || nodes.some((node) => other.timeMs <= past[node]!);
    return isKnown && other.timeMs <= place.timeMs;
  };
  const kept = [...events.keys()].filter((index) => index === event || isPast(events[index]!));
  return { ...subTrace(trace, kept), durationMs: place.timeMs };
}
