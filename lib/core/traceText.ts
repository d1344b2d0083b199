import { needInteger } from "./need.ts";
import type { Operation } from "./protocol.ts";
import { eventMs, type Trace, type TraceEvent } from "./trace.ts";
import { fateText, nodeName, operationText, payloadText } from "./traceWords.ts";

/** How a trace is printed. */
export interface TraceTextOptions {
  /** Most events printed, from both ends; 200 if absent. */
  readonly rowLimit?: number;
  /** Most characters of a payload; 48 if absent. */
  readonly payloadWidth?: number;
}

/** Time, who, what, and the rest of a line. */
type Cells = readonly [time: string, who: string, what: string, rest: string];

/**
 * A run as text, one line an event, in the order of the trace: a message stands where it was sent, with
 * the time at which it arrives. The middle of a long one is left out.
 *
 * @example
 * const nodes = [{ name: "a", role: "client" }, { name: "b", role: "replica" }];
 * const write = { kind: "message", name: "write", from: 0, to: 1, sentMs: 2, arrivalMs: 3.5 } as const;
 * const rest = { receivedMs: 3.5, fate: "received", isDuplicate: false, cause: -1 } as const;
 * const events = [{ ...write, ...rest, payload: { key: 3 } }];
 * traceText({ seed: 1, durationMs: 5, nodes, events });
 * // => "2.000 ms  a -> b  write  {key: 3}  (arrives 3.500 ms)"
 */
export function traceText(
  trace: Trace,
  { rowLimit = 200, payloadWidth = 48 }: TraceTextOptions = {},
): string {
  needInteger("traceText", "rowLimit", rowLimit, { min: 2 });
  needInteger("traceText", "payloadWidth", payloadWidth, { min: 4 });
  const { events } = trace;
  const left = Math.max(0, events.length - rowLimit);
  const headCount = left === 0 ? events.length : Math.ceil(rowLimit / 2);
  const operations = operationsOf(events);
  const cells = [...events.slice(0, headCount), ...events.slice(headCount + left)].map((event) =>
    cellsOf(event, trace, operations, payloadWidth),
  );
  const lines = aligned(cells);
  if (left > 0) lines.splice(headCount, 0, `… ${left} more events …`);
  return lines.join("\n");
}

function operationsOf(events: readonly TraceEvent[]): ReadonlyMap<number, Operation> {
  return new Map(
    events.flatMap((event) =>
      event.kind === "invoke" ? [[event.operation.id, event.operation] as const] : [],
    ),
  );
}

function cellsOf(
  event: TraceEvent,
  trace: Trace,
  operations: ReadonlyMap<number, Operation>,
  payloadWidth: number,
): Cells {
  const time = `${eventMs(event).toFixed(3)} ms`;
  const name = (node: number): string => nodeName(trace, node);
  const short = (value: unknown): string => payloadText(value, payloadWidth);
  switch (event.kind) {
    case "message": {
      const rest = [short(event.payload), `(${fateText(event)})`].filter((part) => part !== "");
      return [time, `${name(event.from)} -> ${name(event.to)}`, event.name, rest.join("  ")];
    }
    case "timer":
      return [
        time,
        name(event.node),
        event.name,
        [short(event.payload), "(timer)"].join("  ").trim(),
      ];
    case "invoke":
      return [
        time,
        name(event.node),
        "asks",
        `${operationText(event.operation)}  (operation ${event.operation.id})`,
      ];
    case "complete": {
      const { outcome } = event.completion;
      const operation = operations.get(event.operation);
      const what = operation === undefined ? "" : `${operationText(operation, event.completion)}  `;
      return [time, name(event.node), outcome, `${what}(operation ${event.operation})`];
    }
    case "observe":
      return [time, name(event.node), event.name, short(event.value)];
    default: {
      const links = event.links.map(([from, to]) => `${name(from)} -> ${name(to)}`);
      const who = [...event.nodes.map(name), ...links].join(", ") || "network";
      const value = event.value === 0 ? "" : String(event.value);
      return [time, who, event.name.toUpperCase(), value];
    }
  }
}

/** Lines of cells, the first to the right, the others to the left. */
function aligned(rows: readonly Cells[]): string[] {
  const width = (column: 0 | 1 | 2): number =>
    Math.max(0, ...rows.map((row) => row[column].length));
  const [time, who, what] = [width(0), width(1), width(2)];
  return rows.map((row) =>
    [row[0].padStart(time), row[1].padEnd(who), row[2].padEnd(what), row[3]].join("  ").trimEnd(),
  );
}
