import { nodeName } from "../core/traceWords.ts";
import { operationLabel } from "./spaceTimeLayout.ts";
import { type SpaceTimeDrawing, whenInWords } from "./spaceTimeRows.ts";
import { wallsInWords } from "./spaceTimeWalls.ts";
import { count, listInWords, quantity } from "./words.ts";

/** Most operations and leaders that are told one by one. */
const maxTold = 8;

/** A space-time diagram in words. */
export function describeSpaceTime(drawing: SpaceTimeDrawing): string {
  const { trace, layout, states, conflicts, walls, highlight } = drawing;
  const { lanes, fromMs, toMs, leaders, operations } = layout;
  const when = (span: { fromMs: number; toMs: number }): string => whenInWords(trace, span);
  const strong = operations.filter(({ operation }) => highlight.includes(operation.id));
  const parts = [
    `Space-time diagram of ${count(lanes.length, "node")} from ${quantity(fromMs, "ms")} to ${quantity(toMs, "ms")}: ${messagesInWords(drawing)}`,
    told("Leaders", leaders, (span) => {
      return `${nodeName(trace, span.node)} in epoch ${span.epoch} ${when(span)}`;
    }),
    told("Two leaders at once", conflicts, (span) => {
      return `${span.nodes.map((node) => nodeName(trace, node)).join(" and ")} ${when(span)}`;
    }),
    told("Faults", states, (span) => {
      return `${nodeName(trace, span.node)} ${span.kind} ${when(span)}`;
    }),
    walls.length === 0 ? "" : `Cut: ${wallsInWords(walls, when)}`,
    told("Operations", operations, (span) => {
      const outcome = span.completion?.outcome ?? "no answer";
      return `${operationLabel(span)} of ${nodeName(trace, span.node)} (${outcome}, ${when(span)})`;
    }),
    told("Highlighted", strong, operationLabel),
  ];
  return `${parts.filter((part) => part !== "").join(". ")}.`;
}

function messagesInWords({ arrows }: SpaceTimeDrawing): string {
  const fate = (name: string): number =>
    arrows.filter(({ message }) => message.fate === name).length;
  const losses = [
    [fate("lost"), "lost"],
    [fate("cut"), "cut off"],
    [fate("down"), "sent to a node that was down"],
  ] as const;
  const lost = losses.filter(([number]) => number > 0);
  if (lost.length === 0) return count(arrows.length, "message");
  const words = listInWords(lost.map(([number, name]) => `${number} ${name}`));
  return `${count(arrows.length, "message")}, of which ${words}`;
}

function told<Item>(title: string, items: readonly Item[], words: (item: Item) => string): string {
  if (items.length === 0) return "";
  const rest = items.length > maxTold ? [`${items.length - maxTold} more`] : [];
  return `${title}: ${listInWords([...items.slice(0, maxTold).map(words), ...rest])}`;
}

/** What a reader must know of the signs that are used. */
export function spaceTimeNotes({ layout, arrows }: SpaceTimeDrawing): string[] {
  const { operations, leaders } = layout;
  const has = (kind: "read" | "other"): boolean =>
    operations.some(({ operation }) => (operation.kind === "read") === (kind === "read"));
  const bars =
    has("read") && has("other")
      ? "filled bars: writes, hollow bars: reads"
      : operations.length > 0
        ? "bars: client operations"
        : "";
  const signs = [
    bars,
    leaders.length > 0 ? "coloured bands: leaders" : "",
    arrows.some(({ end }) => end === "cross") ? "crosses: messages that never arrived" : "",
    arrows.some(({ message }) => (message.receivedMs ?? 0) > (message.arrivalMs ?? Infinity))
      ? "dotted on a lane: messages that wait for a paused or busy node"
      : "",
    arrows.some(({ message }) => message.isDuplicate) ? "dashed: second copies" : "",
  ].filter((sign) => sign !== "");
  if (signs.length === 0) return [];
  const text = signs.join("; ");
  return [`${text[0]!.toUpperCase()}${text.slice(1)}.`];
}
