import type { NodeId } from "../core/protocol.ts";
import type { MessageEvent, Trace } from "../core/trace.ts";
import type { SpaceTimeLayout } from "./spaceTimeLayout.ts";
import type { Wall } from "./spaceTimeWalls.ts";

/** A message as it is drawn: a line in px, and how it ends. */
export interface Arrow {
  readonly message: MessageEvent;
  /** Index of the message in the trace. */
  readonly index: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly end: "head" | "cross" | "open";
  /** It answers, or acknowledges, the message that caused it. */
  readonly isReply: boolean;
  /** It belongs to an operation that is highlighted. */
  readonly isStrong: boolean;
}

interface ArrowRequest {
  readonly trace: Trace;
  readonly layout: SpaceTimeLayout;
  readonly walls: readonly Wall[];
  /** By event, the operation that it belongs to. */
  readonly owners: Int32Array;
  readonly highlight: readonly number[];
}

/** Lines of the messages between lanes that can be seen. */
export function arrowsOf({ trace, layout, walls, owners, highlight }: ArrowRequest): Arrow[] {
  const typicalMs = typicalLatencyMs(trace);
  const edges = edgesOf(trace, layout);
  return trace.events.flatMap((message, index) => {
    if (message.kind !== "message" || message.from === message.to) return [];
    const { from, to, sentMs, arrivalMs, fate } = message;
    const endMs = arrivalMs ?? sentMs + typicalMs;
    const isSeen = layout.lanes.includes(from) && layout.lanes.includes(to);
    if (!isSeen || endMs < layout.fromMs || sentMs > layout.toMs) return [];
    // Sent as the picture ends: a line too short to see, with a name.
    if (layout.widthPx - layout.xOf(sentMs) < 2) return [];
    const isDown = layout.yOf(to) > layout.yOf(from);
    const whole = {
      x1: layout.xOf(sentMs),
      y1: edges.sending(message, isDown),
      x2: layout.xOf(endMs),
      y2: edges.receiving(message, index, isDown),
    };
    const share = fate === "lost" ? 0.55 : fate === "cut" ? shareToWall(message, whole, walls) : 1;
    const cause = trace.events[message.cause];
    return [
      {
        ...{ message, index, x1: whole.x1, y1: whole.y1 },
        x2: whole.x1 + share * (whole.x2 - whole.x1),
        y2: whole.y1 + share * (whole.y2 - whole.y1),
        end: fate === "received" ? "head" : fate === "pending" ? "open" : "cross",
        isReply: cause?.kind === "message" && cause.from === to && cause.to === from,
        isStrong: highlight.includes(owners[index]!),
      } satisfies Arrow,
    ];
  });
}

/** Median time from sending to arrival: how long a message that never arrives is drawn. */
function typicalLatencyMs({ events, durationMs }: Trace): number {
  const latencies = events
    .flatMap((event) =>
      event.kind === "message" && event.arrivalMs !== null ? [event.arrivalMs - event.sentMs] : [],
    )
    .sort((a, b) => a - b);
  return latencies[latencies.length >> 1] ?? durationMs / 50;
}

/** Part of its way that a message makes to the wall that stops it. */
function shareToWall(
  { from, to, sentMs }: MessageEvent,
  { y1, y2 }: { y1: number; y2: number },
  walls: readonly Wall[],
): number {
  const wall = walls.find(({ fromMs, toMs, links, y }) => {
    const isBetween = Math.min(y1, y2) < y && y < Math.max(y1, y2);
    const isLink = links.some(([a, b]) => a === from && b === to);
    return isBetween && isLink && fromMs <= sentMs && sentMs <= toMs;
  });
  return wall === undefined ? 0.5 : (wall.y - y1) / (y2 - y1);
}

/** Where lines meet lanes: at the edge of the bar or band that is there, else at the lane. */
function edgesOf(
  trace: Trace,
  layout: SpaceTimeLayout,
): {
  sending(message: MessageEvent, isDown: boolean): number;
  receiving(message: MessageEvent, index: number, isDown: boolean): number;
} {
  const bars = new Map(layout.operations.map((bar) => [bar.operation.id, bar]));
  const answered = new Map(
    trace.events.flatMap((event) =>
      event.kind === "complete" ? [[event.cause, event.operation] as const] : [],
    ),
  );
  const edge = (node: NodeId, timeMs: number, isBelow: boolean, operation?: number): number => {
    const bar = operation === undefined ? undefined : bars.get(operation);
    if (bar !== undefined && bar.node === node) return isBelow ? bar.bottom : bar.top;
    const band = layout.leaders.find(
      (span) => span.node === node && span.fromMs <= timeMs && timeMs <= span.toMs,
    );
    if (band !== undefined) return isBelow ? band.bottom : band.top;
    return layout.yOf(node);
  };
  return {
    sending({ from, sentMs, cause }, isDown) {
      const asked = trace.events[cause];
      return edge(from, sentMs, isDown, asked?.kind === "invoke" ? asked.operation.id : undefined);
    },
    receiving({ to, arrivalMs, sentMs }, index, isDown) {
      return edge(to, arrivalMs ?? sentMs, !isDown, answered.get(index));
    },
  };
}
