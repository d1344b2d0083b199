import type { History } from "../core/history.ts";
import { epochOf, type NodeId, positionOf } from "../core/protocol.ts";
import {
  eventMs,
  type FaultEvent,
  leadershipOf,
  type Trace,
  type TraceEvent,
} from "../core/trace.ts";
import { nodeName, operationText, payloadText } from "../core/traceWords.ts";
import { amountOf, badOutcomeTexts } from "./badOutcomes.ts";
import { cutTexts } from "./cutGroups.ts";
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
  const lines = withCutsJoined(trace.events).flatMap((event) => {
    if (event.kind === "fault" && event.timeMs >= healMs) return [];
    const time = `${eventMs(event).toFixed(3)} ms`;
    return textsOf(trace, history, event).map((text) => `${time}  ${text}`);
  });
  return [...lines, conclusionOf(metrics, wanted)];
}

/** Links to which the same happens at the same time, in one event: the first. */
function withCutsJoined(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const isLinks = (event: TraceEvent): event is FaultEvent =>
    event.kind === "fault" && event.links.length > 0;
  const keyOf = ({ timeMs, name, value }: FaultEvent): string => `${timeMs} ${name} ${value}`;
  const together = Map.groupBy(events.filter(isLinks), keyOf);
  return events.flatMap((event): readonly TraceEvent[] => {
    if (!isLinks(event)) return [event];
    const all = together.get(keyOf(event))!;
    return event === all[0] ? [{ ...event, links: all.flatMap(({ links }) => links) }] : [];
  });
}

function conclusionOf(metrics: RunMetrics, wanted: Wanted): string {
  if (typeof wanted === "function")
    return "So the operations have the property that was asked for.";
  const amount = Number(amountOf(metrics, wanted).toPrecision(6));
  const unit = metricDefinitions.find(({ name }) => name === wanted)?.unit ?? "";
  const shown = unit === "" || unit === "share" ? `${amount}` : `${amount} ${unit}`;
  return `So ${badOutcomeTexts[wanted]}: ${wanted} ${shown}.`;
}

function textsOf(trace: Trace, history: History, event: TraceEvent): readonly string[] {
  switch (event.kind) {
    case "invoke":
      return [`${nodeName(trace, event.node)} asks: ${operationText(event.operation)}`];
    case "complete":
      return [answerText(trace, history, event)];
    case "fault":
      return faultTexts(trace, event);
    case "observe": {
      const text = observationText(trace, event);
      return text === undefined ? [] : [text];
    }
    default:
      return [];
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

/** A text for nodes, and one for each part of the network whose links are cut or healed. */
function faultTexts(trace: Trace, { name, nodes, links, value }: FaultEvent): readonly string[] {
  const nameOf = (node: NodeId): string => nodeName(trace, node);
  const amount = value === 0 ? [] : [String(value)];
  const text = (...whom: readonly string[]): string =>
    [`fault: ${name}`, ...whom, ...amount].join(" ");
  return links.length === 0
    ? [text(...nodes.map(nameOf))]
    : cutTexts(links, nameOf).map((whom) => text(whom));
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
