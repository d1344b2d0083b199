import { type Completion, epochOf, type Operation, positionOf, versionOf } from "./protocol.ts";
import type { MessageEvent, Trace } from "./trace.ts";

/**
 * A payload or value in at most so many characters: `{epoch: 1, entries: [{key: 3}]}`; a version as
 * epoch and position: `{version: 2.17}`.
 */
export function payloadText(value: unknown, width: number): string {
  const text = plainText(value);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(partText).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(([name, part]) => {
    const isVersion = name === "version" && typeof part === "number" && part >= versionOf(1, 0);
    return `${name}: ${isVersion ? `${epochOf(part)}.${positionOf(part)}` : partText(part)}`;
  });
  return `{${parts.join(", ")}}`;
}

function partText(value: unknown): string {
  return value === null || value === undefined ? "null" : plainText(value);
}

/** An operation with what came of it, short: `w k3=17`, `r k3 -> 12`, `r k3 -> nothing`, `insert k3=17`. */
export function operationText(operation: Operation, completion?: Completion): string {
  const { kind, key, value } = operation;
  switch (kind) {
    case "read":
      return `r k${key}${completion?.outcome === "ok" ? ` -> ${completion.value ?? "nothing"}` : ""}`;
    case "write":
      return `w k${key}=${value}`;
    default:
      return `${kind} k${key}=${completion?.value ?? value}`;
  }
}

/** How a message ended, in words: `arrives 13.001 ms`, `lost`, `cut off`, ... */
export function fateText(message: MessageEvent, unit = " ms"): string {
  const { fate, arrivalMs, receivedMs, isDuplicate, repeats } = message;
  const arrival = arrivalMs === null ? "" : `${arrivalMs.toFixed(3)}${unit}`;
  const ends: Record<typeof fate, string> = {
    received: `arrives ${arrival}`,
    lost: "lost",
    cut: "cut off",
    down: `receiver down ${arrival}`,
    pending: "still under way",
  };
  const late = receivedMs !== null && arrivalMs !== null && receivedMs > arrivalMs;
  return [
    ...(isDuplicate ? ["second copy"] : []),
    ends[fate],
    ...(late ? [`taken ${receivedMs.toFixed(3)}${unit}`] : []),
    ...(repeats === undefined ? [] : [`and ${repeats} more like it`]),
  ].join(", ");
}

/** Name of a node of a trace; its number if it has none. */
export function nodeName(trace: Trace, node: number): string {
  return trace.nodes[node]?.name ?? `node ${node}`;
}
