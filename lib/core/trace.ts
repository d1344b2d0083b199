import type { Completion, NodeId, Operation } from "./protocol.ts";

/** A node as a trace knows it. */
export interface TraceNode {
  readonly name: string;
  readonly role: string;
}

/** Something that happened in a run. Times are true time, in ms from the start of the run. */
export type TraceEvent =
  | {
      readonly kind: "message";
      readonly name: string;
      readonly from: NodeId;
      readonly to: NodeId;
      readonly sentMs: number;
      /** `null` if it never arrived. */
      readonly receivedMs: number | null;
      readonly payload: unknown;
      /** Why it never arrived, or that it is a second copy. */
      readonly note: "lost" | "cut" | "down" | "duplicate" | null;
      /** Index in the trace of the event whose handler sent it; -1 if none did. */
      readonly cause: number;
    }
  | {
      readonly kind: "timer";
      readonly node: NodeId;
      readonly timeMs: number;
      readonly name: string;
      readonly payload: unknown;
      readonly cause: number;
    }
  | {
      readonly kind: "invoke";
      readonly node: NodeId;
      readonly timeMs: number;
      readonly operation: Operation;
    }
  | {
      readonly kind: "complete";
      readonly node: NodeId;
      readonly timeMs: number;
      readonly operation: number;
      readonly completion: Completion;
      readonly cause: number;
    }
  | {
      readonly kind: "observe";
      readonly node: NodeId;
      readonly timeMs: number;
      readonly name: string;
      readonly value: unknown;
      readonly cause: number;
    }
  | {
      readonly kind: "fault";
      readonly timeMs: number;
      /** What was done: for example `crash`, `restart`, `pause`, `resume`, `cut`, `heal`. */
      readonly name: string;
      /** Nodes that it concerns; for a cut, the pairs. */
      readonly nodes: readonly NodeId[];
      readonly links: readonly (readonly [from: NodeId, to: NodeId])[];
    };

/** What happened in a run, in the order in which it happened (messages by the time they were sent). */
export interface Trace {
  readonly seed: number;
  readonly durationMs: number;
  readonly nodes: readonly TraceNode[];
  readonly events: readonly TraceEvent[];
}
