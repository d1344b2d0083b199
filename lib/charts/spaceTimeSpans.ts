import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import { type FaultEvent, leadershipOf, type Trace, type TraceEvent } from "../core/trace.ts";

/** Something of a node that lasts; times in ms. */
export interface Span {
  readonly node: NodeId;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A node that is down, stands still, or is slow. */
export interface StateSpan extends Span {
  readonly kind: "down" | "paused" | "slow";
  /** How many times as slow; 1 if it is not. */
  readonly factor: number;
}

/** A node that acts as leader. */
export interface LeaderSpan extends Span {
  readonly partition: number;
  readonly epoch: number;
}

/** Links that are cut together. */
export interface CutSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly links: readonly (readonly [from: NodeId, to: NodeId])[];
}

/** Two nodes that lead one partition at the same time. */
export interface ConflictSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly partition: number;
  readonly nodes: readonly [NodeId, NodeId];
}

/** A client operation; still open at the end if it has no completion. */
export interface OperationSpan extends Span {
  readonly operation: Operation;
  readonly completion: Completion | null;
}

/** When nodes were down, paused or slow. */
export function stateSpans({ events, durationMs }: Trace): StateSpan[] {
  const begins: Record<string, StateSpan["kind"]> = {
    crash: "down",
    pause: "paused",
    slow: "slow",
  };
  const ends: Record<string, readonly StateSpan["kind"][]> = {
    restart: ["down"],
    resume: ["paused"],
    crash: ["paused"],
    slow: ["slow"],
  };
  const spans: StateSpan[] = [];
  const open = new Map<string, StateSpan>();
  for (const event of events) {
    if (event.kind !== "fault" || event.nodes.length === 0) continue;
    const node = event.nodes[0]!;
    for (const kind of ends[event.name] ?? []) {
      const span = open.get(`${kind} ${node}`);
      if (span !== undefined) spans.push({ ...span, toMs: event.timeMs });
      open.delete(`${kind} ${node}`);
    }
    const kind = begins[event.name];
    if (kind === undefined || (kind === "slow" && event.value === 1)) continue;
    const factor = kind === "slow" ? event.value : 1;
    open.set(`${kind} ${node}`, { kind, node, factor, fromMs: event.timeMs, toMs: durationMs });
  }
  return [...spans, ...open.values()];
}

/** Who led, by the observations `leads` and `yields`; a crash ends it too. */
export function leaderSpans({ events, durationMs }: Trace): LeaderSpan[] {
  const spans: LeaderSpan[] = [];
  let open: LeaderSpan[] = [];
  const close = (timeMs: number, isOver: (span: LeaderSpan) => boolean): void => {
    spans.push(...open.filter(isOver).map((span) => ({ ...span, toMs: timeMs })));
    open = open.filter((span) => !isOver(span));
  };
  for (const event of events) {
    if (event.kind === "fault" && event.name === "crash") {
      close(event.timeMs, ({ node }) => event.nodes.includes(node));
    }
    if (event.kind !== "observe" || (event.name !== "leads" && event.name !== "yields")) continue;
    const { node, timeMs } = event;
    const { partition, epoch } = leadershipOf(event.value);
    close(timeMs, (span) => span.node === node && span.partition === partition);
    if (event.name === "leads") {
      open.push({ node, partition, epoch, fromMs: timeMs, toMs: durationMs });
    }
  }
  return [...spans, ...open].sort((a, b) => a.fromMs - b.fromMs);
}

/** When two nodes led one partition at the same time. */
export function conflictSpans(leaders: readonly LeaderSpan[]): ConflictSpan[] {
  const conflicts: ConflictSpan[] = [];
  for (const [index, a] of leaders.entries()) {
    for (const b of leaders.slice(index + 1)) {
      const fromMs = Math.max(a.fromMs, b.fromMs);
      const toMs = Math.min(a.toMs, b.toMs);
      if (a.node === b.node || a.partition !== b.partition || fromMs >= toMs) continue;
      conflicts.push({ fromMs, toMs, partition: a.partition, nodes: [a.node, b.node] });
    }
  }
  return conflicts;
}

/** When links were cut; those cut and healed at the same times are one cut. */
export function cutSpans({ events, durationMs }: Trace): CutSpan[] {
  const depths = new Map<string, { depth: number; fromMs: number }>();
  const groups = new Map<string, CutSpan>();
  const add = (link: readonly [NodeId, NodeId], fromMs: number, toMs: number): void => {
    const key = `${fromMs} ${toMs}`;
    const { links } = groups.get(key) ?? { links: [] };
    groups.set(key, { fromMs, toMs, links: [...links, link] });
  };
  const faults = events.filter((event): event is FaultEvent => event.kind === "fault");
  for (const { name, timeMs, links } of faults) {
    for (const link of links) {
      const { depth, fromMs } = depths.get(link.join()) ?? { depth: 0, fromMs: timeMs };
      const next = depth + (name === "cut" ? 1 : -1);
      if (next === 0 && depth === 1) add(link, fromMs, timeMs);
      depths.set(link.join(), { depth: next, fromMs: depth === 0 ? timeMs : fromMs });
    }
  }
  for (const [key, { depth, fromMs }] of depths) {
    const [from, to] = key.split(",").map(Number) as [NodeId, NodeId];
    if (depth > 0) add([from, to], fromMs, durationMs);
  }
  return [...groups.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** Client operations, in the order of invocation. */
export function operationSpans({ events, durationMs }: Trace): OperationSpan[] {
  const completions = new Map(
    events.flatMap((event) => (event.kind === "complete" ? [[event.operation, event]] : [])),
  );
  return events
    .filter((event): event is TraceEvent & { kind: "invoke" } => event.kind === "invoke")
    .map(({ node, timeMs, operation }) => {
      const end = completions.get(operation.id);
      return {
        ...{ node, operation, fromMs: timeMs, toMs: end?.timeMs ?? durationMs },
        completion: end?.completion ?? null,
      };
    });
}
