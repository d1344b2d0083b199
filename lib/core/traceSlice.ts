import { needInteger, needNumber, refuse } from "./need.ts";
import type { NodeId } from "./protocol.ts";
import type { MessageEvent, Trace, TraceEvent } from "./trace.ts";
import { futureOf, pastOf, placeOf, spanOf, subTrace } from "./traceCones.ts";
import { ownersOf } from "./traceOwners.ts";
import { repeatsIn } from "./traceRepeats.ts";

/** What of a run is shown. */
export interface SliceOptions {
  /** Numbers of the operations that matter; all if absent. */
  readonly operations?: readonly number[];
  /** Nodes that matter; all if absent. */
  readonly nodes?: readonly NodeId[];
  /** Start of the slice, ms; the first of the operations if they are given, else 0. */
  readonly fromMs?: number;
  /** End of the slice, ms; the last answer to the operations if they are given, else the end. */
  readonly toMs?: number;
  /** Whether messages that repeat each other are drawn together as one with a count; `together` if absent. */
  readonly repeats?: "together" | "each";
}

/**
 * The part of a run that tells the story of some operations: they, the messages that led to their
 * answers, the messages that they set off, faults, who led, and the messages that made them leaders.
 *
 * Left out are acknowledgements and heartbeats that arrived too late to influence an answer, messages
 * between other operations and their clients, and timers that caused nothing shown. Messages that repeat
 * each other on one link, but for plain numbers in them, are drawn together: the first stands for all,
 * with a count; what faults and changes of leaders separate stays apart. Of the messages that other
 * operations set off, the first of each name stands for all that follow likewise.
 *
 * @throws {RangeError} if an operation or node is not in the trace, or the window is empty
 */
export function sliceOf(trace: Trace, options: SliceOptions = {}): Trace {
  const story = storyOf(trace, options);
  const messages = indicesOf(trace, (event, index) => {
    return event.kind === "message" && isInWindow(story, event) && matters(story, event, index);
  });
  const { kept, changed } =
    options.repeats === "each"
      ? { kept: messages, changed: new Map<number, TraceEvent>() }
      : repeatsIn(trace, messages, {
          isProtected: (index) => isOwn(story, index),
          isOther: (index) => isOther(story, index),
        });
  const shown = new Set(kept);
  const causes = new Set(kept.map((index) => (trace.events[index] as MessageEvent).cause));
  const all = indicesOf(trace, (event, index) => {
    if (event.kind === "message") return shown.has(index);
    if (event.kind === "timer") return causes.has(index);
    if (event.kind === "observe" && !isLeadership(event)) {
      return shown.has(event.cause) && isInWindow(story, event) && story.nodes.has(event.node);
    }
    return isFrame(story, event);
  });
  return subTrace(trace, all, changed);
}

/** What is told, and what can have to do with it. */
interface Story {
  readonly trace: Trace;
  readonly chosen: ReadonlySet<number>;
  readonly nodes: ReadonlySet<NodeId>;
  /** Nodes at which operations begin. */
  readonly clients: ReadonlySet<NodeId>;
  /** By event, the operation that it belongs to; -1 for none. */
  readonly owners: Int32Array;
  /** By node, until when it can have influenced an answer or a leader, and from when an operation influences it. */
  readonly past: Float64Array;
  readonly future: Float64Array;
  readonly fromMs: number;
  readonly toMs: number;
}

function storyOf(trace: Trace, options: SliceOptions): Story {
  const chosen = chosenOperations(trace, options.operations);
  const nodes = chosenNodes(trace, options.nodes);
  const targets = trace.events.filter((event) => isTarget(event, chosen));
  const begun = targets.filter(({ kind }) => kind === "invoke");
  const window = windowOf(trace, targets, options);
  // Who leads is shown, and so is why: the votes.
  const elected = trace.events.filter((event) => isLeadership(event) && isInWindow(window, event));
  return {
    ...{ trace, chosen, nodes, owners: ownersOf(trace) },
    clients: new Set(trace.events.flatMap((e) => (e.kind === "invoke" ? [e.node] : []))),
    past: pastOf(trace, [...targets, ...elected].map(placeOf)),
    future: futureOf(trace, begun.map(placeOf)),
    ...window,
  };
}

function isOwn({ owners, chosen }: Story, index: number): boolean {
  return chosen.has(owners[index]!);
}

function isOther(story: Story, index: number): boolean {
  return story.owners[index]! >= 0 && !isOwn(story, index);
}

/** Whether a message can have influenced an answer, or comes of an operation and is no acknowledgement. */
function matters(story: Story, message: MessageEvent, index: number): boolean {
  const { from, to, sentMs, receivedMs } = message;
  const { trace, nodes, clients, past, future } = story;
  if (!nodes.has(from) || !nodes.has(to)) return false;
  if (isOther(story, index) && (clients.has(from) || clients.has(to))) return false;
  if (receivedMs !== null && receivedMs <= past[to]!) return true;
  if (sentMs < future[from]! || isOther(story, index)) return false;
  return (receivedMs === null && isOwn(story, index)) || !isReply(trace, message);
}

function isInWindow({ fromMs, toMs }: Pick<Story, "fromMs" | "toMs">, event: TraceEvent): boolean {
  const [first, last] = spanOf(event);
  return first <= toMs && last >= fromMs;
}

/** Whether an operation is told; or a fault or a change of the leader, those before the window as well. */
function isFrame(story: Story, event: TraceEvent): boolean {
  const { nodes, chosen, toMs } = story;
  if (event.kind === "invoke" || event.kind === "complete") {
    return isTarget(event, chosen) && nodes.has(event.node) && isInWindow(story, event);
  }
  if (event.kind === "observe") return event.timeMs <= toMs && nodes.has(event.node);
  if (event.kind !== "fault") return false;
  const concerned = [...event.nodes, ...event.links.flat()];
  return event.timeMs <= toMs && concerned.every((node) => nodes.has(node));
}

function indicesOf(
  { events }: Trace,
  isWanted: (event: TraceEvent, index: number) => boolean,
): number[] {
  return [...events.keys()].filter((index) => isWanted(events[index]!, index));
}

function isLeadership(event: TraceEvent): boolean {
  return event.kind === "observe" && (event.name === "leads" || event.name === "yields");
}

function isTarget(event: TraceEvent, chosen: ReadonlySet<number>): boolean {
  if (event.kind === "invoke") return chosen.has(event.operation.id);
  return event.kind === "complete" && chosen.has(event.operation);
}

/** A message that answers, or acknowledges, the one that caused it. */
function isReply({ events }: Trace, { from, to, cause }: MessageEvent): boolean {
  const asked = events[cause];
  return asked?.kind === "message" && asked.from === to && asked.to === from;
}

function chosenOperations(trace: Trace, wanted?: readonly number[]): ReadonlySet<number> {
  const known = new Set(
    trace.events.flatMap((event) => (event.kind === "invoke" ? [event.operation.id] : [])),
  );
  if (wanted === undefined) return known;
  const missing = wanted.find((id) => !known.has(id));
  if (missing !== undefined) refuse("sliceOf", "operations", "invoked in the trace", missing);
  return new Set(wanted);
}

function chosenNodes(trace: Trace, wanted?: readonly NodeId[]): ReadonlySet<NodeId> {
  for (const node of wanted ?? []) {
    needInteger("sliceOf", "nodes", node, { min: 0, max: trace.nodes.length - 1 });
  }
  return new Set(wanted ?? trace.nodes.keys());
}

function windowOf(
  trace: Trace,
  targets: readonly TraceEvent[],
  options: SliceOptions,
): { fromMs: number; toMs: number } {
  const times = targets.map((event) => placeOf(event).timeMs);
  const isNarrow = options.operations !== undefined && times.length > 0;
  const answers = targets.filter(({ kind }) => kind === "complete");
  // Without an answer to one of them the story lasts until the end.
  const isOver = isNarrow && 2 * answers.length === targets.length;
  const first = times.reduce((least, timeMs) => Math.min(least, timeMs), Infinity);
  const last = times.reduce((most, timeMs) => Math.max(most, timeMs), 0);
  const { fromMs = isNarrow ? first : 0, toMs = isOver ? last : trace.durationMs } = options;
  needNumber("sliceOf", "fromMs", fromMs, { min: 0 });
  needNumber("sliceOf", "toMs", toMs, { min: fromMs });
  return { fromMs, toMs };
}
