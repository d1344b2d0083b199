import type { Completion, NodeId, Operation } from "./protocol.ts";

/** A node as a trace knows it. */
export interface TraceNode {
  readonly name: string;
  readonly role: string;
}

/**
 * What became of a message: handled by its receiver; lost by chance; sent into a partition; arrived at
 * a receiver that was down; or still under way when the run ended.
 */
export const messageFates = ["received", "lost", "cut", "down", "pending"] as const;

/** What became of a message. */
export type MessageFate = (typeof messageFates)[number];

/** A message, from the moment it was sent. */
export interface MessageEvent {
  readonly kind: "message";
  readonly name: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentMs: number;
  /** When it reaches its receiver, in vain or after the end of the run as well; `null`: never. */
  readonly arrivalMs: number | null;
  /** When its receiver took it; later than its arrival if the receiver was paused; `null`: never. */
  readonly receivedMs: number | null;
  readonly fate: MessageFate;
  /** It is the second copy of a message that the network doubled. */
  readonly isDuplicate: boolean;
  readonly payload: unknown;
  /** Index of the event whose handler sent it; -1 if the node sent it as it started. */
  readonly cause: number;
  /** How many more like it a slice left out; absent: none. */
  readonly repeats?: number;
}

/** A timer that fired, or a disk sync that was done. */
export interface TimerEvent {
  readonly kind: "timer";
  readonly node: NodeId;
  readonly timeMs: number;
  readonly name: string;
  readonly payload: unknown;
  /** Index of the event whose handler asked for it; -1 if that is not known. */
  readonly cause: number;
}

/** A client operation that begins. */
export interface InvokeEvent {
  readonly kind: "invoke";
  readonly node: NodeId;
  readonly timeMs: number;
  readonly operation: Operation;
}

/** The answer to a client operation. */
export interface CompleteEvent {
  readonly kind: "complete";
  readonly node: NodeId;
  readonly timeMs: number;
  /** Number of the operation. */
  readonly operation: number;
  readonly completion: Completion;
  readonly cause: number;
}

/** What a protocol told by `effects.observe`. */
export interface ObserveEvent {
  readonly kind: "observe";
  readonly node: NodeId;
  readonly timeMs: number;
  readonly name: string;
  readonly value: unknown;
  readonly cause: number;
}

/** Something that was done to the nodes or to the network. */
export interface FaultEvent {
  readonly kind: "fault";
  readonly timeMs: number;
  /** What was done: for example `crash`, `restart`, `pause`, `resume`, `cut`, `heal`, `stretch`. */
  readonly name: string;
  /** The node that it concerns; empty for links and for the network as a whole. */
  readonly nodes: readonly NodeId[];
  /** The link that was cut or healed; else empty. */
  readonly links: readonly (readonly [from: NodeId, to: NodeId])[];
  /** Factor of `slow` and `stretch`, ms of `jumpClock`; else 0. */
  readonly value: number;
}

/** Something that happened in a run. Times are true time, in ms from the start of the run. */
export type TraceEvent =
  | MessageEvent
  | TimerEvent
  | InvokeEvent
  | CompleteEvent
  | ObserveEvent
  | FaultEvent;

/** What happened in a run, in the order in which it happened (messages by the time they were sent). */
export interface Trace {
  readonly seed: number;
  readonly durationMs: number;
  readonly nodes: readonly TraceNode[];
  readonly events: readonly TraceEvent[];
}

/** When an event happened; for a message, when it was sent. */
export function eventMs(event: TraceEvent): number {
  return event.kind === "message" ? event.sentMs : event.timeMs;
}

/**
 * What a protocol tells with the observations `leads` and `yields`: that the node begins or ceases to
 * act as the leader of a partition, in an epoch (term, timeline).
 */
export interface Leadership {
  readonly partition: number;
  readonly epoch: number;
}

/** Value of an observation as a leadership; parts that it lacks are 0. */
export function leadershipOf(value: unknown): Leadership {
  const { partition, epoch } = (value ?? {}) as Partial<Leadership>;
  return { partition: partition ?? 0, epoch: epoch ?? 0 };
}
