import type { History } from "../core/history.ts";
import { epochOf, positionOf } from "../core/protocol.ts";
import { eventMs, leadershipOf, type Trace, type TraceEvent } from "../core/trace.ts";
import { nodeName, operationText, payloadText } from "../core/traceWords.ts";
import { amountOf, badOutcomeTexts } from "./badOutcomes.ts";
import { metricDefinitions } from "./metrics/metricDefinitions.ts";
import type { RunMetrics } from "./metrics/runMetrics.ts";
import type { Wanted } from "./witnessTrial.ts";

/** What a witness is explained from. */
interface Told {
  /** When the workload ends and all is healed: what faults do then is not part of the story. */
  readonly healMs: number;
  readonly trace: Trace;
  readonly history: History;
  readonly metrics: RunMetrics;
  readonly wanted: Wanted;
}

/**
 * A run in words: what clients asked and were told, faults, who led, what was thrown away; and at the end
 * what went wrong.
 */
export function explainWitness(told: Told): readonly string[] {
  const { healMs, trace, history, metrics, wanted } = told;
  const lines = trace.events.flatMap((event) => {
    if (event.kind === "fault" && event.timeMs >= healMs) return [];
    const text = textOf(trace, history, event);
    return text === undefined ? [] : [`${eventMs(event).toFixed(3)} ms  ${text}`];
  });
  return [...lines, conclusionOf(metrics, wanted)];
}

function conclusionOf(metrics: RunMetrics, wanted: Wanted): string {
  if (typeof wanted === "function")
    return "So the operations have the property that was asked for.";
  const amount = Number(amountOf(metrics, wanted).toPrecision(6));
  const unit = metricDefinitions.find(({ name }) => name === wanted)?.unit ?? "";
  const shown = unit === "" || unit === "share" ? `${amount}` : `${amount} ${unit}`;
  return `So ${badOutcomeTexts[wanted]}: ${wanted} ${shown}.`;
}

function textOf(trace: Trace, history: History, event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "invoke":
      return `${nodeName(trace, event.node)} asks: ${operationText(event.operation)}`;
    case "complete":
      return answerText(trace, history, event);
    case "fault":
      return faultText(trace, event);
    case "observe":
      return observationText(trace, event);
    default:
      return undefined;
  }
}

function answerText(
  trace: Trace,
  history: History,
  { node, operation, completion }: Extract<TraceEvent, { kind: "complete" }>,
): string {
  const { outcome, value, version, servedBy } = completion;
  const { kind, key } = history[operation]!;
  const asked =
    kind === "read" ? `r k${key}` : kind === "write" ? `w k${key}=${operation}` : "insert";
  const found = kind === "write" || outcome !== "ok" ? "" : ` ${value ?? "nothing"}`;
  const place = version > 0 ? `, version ${epochOf(version)}.${positionOf(version)}` : "";
  const by = servedBy >= 0 ? `, by ${nodeName(trace, servedBy)}` : "";
  return `${nodeName(trace, node)} is told: ${asked} ${outcome}${found}${place}${by}`;
}

function faultText(
  trace: Trace,
  { name, nodes, links, value }: Extract<TraceEvent, { kind: "fault" }>,
): string {
  const who = nodes.map((node) => nodeName(trace, node));
  const cut = links.map(([from, to]) => `${nodeName(trace, from)} -> ${nodeName(trace, to)}`);
  const amount = value === 0 ? [] : [String(value)];
  return [`fault: ${name}`, ...who, ...cut, ...amount].join(" ");
}

/** Of what protocols tell: who leads, and what is thrown away or comes back. */
function observationText(
  trace: Trace,
  { node, name, value }: Extract<TraceEvent, { kind: "observe" }>,
): string | undefined {
  const who = nodeName(trace, node);
  const { epoch, partition } = leadershipOf(value);
  const where = partition > 0 ? ` in partition ${partition}` : "";
  switch (name) {
    case "leads": {
      const { lastPosition } = value as { readonly lastPosition?: number };
      const log = lastPosition === undefined ? "" : `, with a log up to ${lastPosition}`;
      return `${who} leads${where}, epoch ${epoch}${log}`;
    }
    case "yields":
      return `${who} leads no more${where}, epoch ${epoch}`;
    case "discarded":
    case "kept":
    case "fellBack":
    case "suspended":
    case "promoted":
      return `${who}: ${name} ${payloadText(value, 80)}`;
    default:
      return undefined;
  }
}
