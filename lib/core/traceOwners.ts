import type { Trace } from "./trace.ts";

/**
 * Number of the operation that each event belongs to, -1 for none: events that an invocation caused, and
 * those that caused an answer.
 */
export function ownersOf({ events }: Trace): Int32Array {
  const owners = new Int32Array(events.length).fill(-1);
  for (const [index, event] of events.entries()) {
    if (event.kind === "invoke") owners[index] = event.operation.id;
    else if (event.kind === "complete") owners[index] = event.operation;
    else if ("cause" in event && event.cause >= 0) owners[index] = owners[event.cause]!;
  }
  for (const event of events) {
    if (event.kind !== "complete") continue;
    for (let at = event.cause; at >= 0 && owners[at] === -1; ) {
      owners[at] = event.operation;
      const cause = events[at]!;
      at = "cause" in cause ? cause.cause : -1;
    }
  }
  return owners;
}
