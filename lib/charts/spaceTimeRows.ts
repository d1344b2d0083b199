import type { Trace } from "../core/trace.ts";
import { fateText, nodeName, payloadText } from "../core/traceWords.ts";
import type { ChartSpec } from "./chart.ts";
import type { Arrow } from "./spaceTimeArrows.ts";
import { type ArrowLabel, type Box, labelsOf } from "./spaceTimeLabels.ts";
import { operationLabel, type SpaceTimeLayout } from "./spaceTimeLayout.ts";
import { type Text, textIn } from "./spaceTimeSeats.ts";
import type { ConflictSpan, StateSpan } from "./spaceTimeSpans.ts";
import { textWidthPx } from "./spaceTimeText.ts";
import type { Wall } from "./spaceTimeWalls.ts";
import { quantity } from "./words.ts";

/** What a space-time diagram is drawn from. */
export interface SpaceTimeDrawing {
  readonly trace: Trace;
  readonly layout: SpaceTimeLayout;
  readonly states: readonly StateSpan[];
  readonly conflicts: readonly ConflictSpan[];
  readonly walls: readonly Wall[];
  readonly arrows: readonly Arrow[];
  readonly highlight: readonly number[];
}

/** Places in the range of colours of series for the epochs of leaders; the second warns. */
const epochColours = ["c0", "c2", "c3", "c4", "c5"];

/** Colour of what needs attention. */
const warning = "c1";

/** How much wider a bold text is. */
const boldFactor = 1.12;

/** One row for each mark, by the layer that draws it; places in px. */
export function spaceTimeRows(drawing: SpaceTimeDrawing): ChartSpec[] {
  const { layout, arrows } = drawing;
  const texts = [
    ...conflictTexts(drawing),
    ...wallTexts(drawing),
    ...stateTexts(drawing),
    ...bandTexts(drawing),
    ...barTexts(drawing),
  ];
  const states = stateRows(drawing).map(({ x, x2, y, y2 }) => {
    return { left: x, right: x2, top: y, bottom: y2 } as Box;
  });
  const boxes = [...layout.leaders, ...layout.operations].map(
    ({ fromMs, toMs, top, bottom }): Box => ({
      ...{ left: layout.xOf(fromMs), right: layout.xOf(toMs), top, bottom },
    }),
  );
  const lanes = layout.lanes.map((node): Box => {
    const y = layout.yOf(node);
    return { left: 0, right: layout.widthPx, top: y - 1, bottom: y + 1 };
  });
  const labels = labelsOf(arrows, [...texts, ...states, ...boxes, ...lanes], layout);
  return [
    ...conflictRows(drawing),
    ...wallRows(drawing),
    ...laneRows(drawing),
    ...stateRows(drawing),
    ...bandRows(drawing),
    ...arrows.flatMap((arrow) => arrowRows(arrow, drawing)),
    ...barRows(drawing),
    ...barTexts(drawing).map(plateRow),
    ...texts.map(({ row }) => row),
    ...labels.map(labelRow),
  ];
}

/** Left and right edge of a time span within the plot. */
function sides(
  { xOf, widthPx }: SpaceTimeLayout,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): { x: number; x2: number } {
  const within = (x: number): number => Math.min(widthPx, Math.max(0, x));
  return { x: within(xOf(fromMs)), x2: within(xOf(toMs)) };
}

function isSeen(
  { fromMs, toMs }: SpaceTimeLayout,
  span: { readonly fromMs: number; readonly toMs: number },
): boolean {
  return span.toMs > fromMs && span.fromMs < toMs;
}

/** `from 10 ms to 20 ms`; open ends are those of the run. */
export function whenInWords(
  { durationMs }: Trace,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): string {
  const start = fromMs <= 0 ? "from the start" : `from ${quantity(fromMs, "ms")}`;
  return toMs >= durationMs ? `${start} on` : `${start} to ${quantity(toMs, "ms")}`;
}

/** Upper edge of the upper and lower edge of the lower lane of a conflict. */
function conflictEdges({ yOf }: SpaceTimeLayout, { nodes }: ConflictSpan): [number, number] {
  const [a, b] = nodes.map(yOf) as [number, number];
  return [Math.min(a, b) - 12, Math.max(a, b) + 12];
}

function seenConflicts({ conflicts, layout }: SpaceTimeDrawing): readonly ConflictSpan[] {
  return conflicts.filter(
    (span) => isSeen(layout, span) && span.nodes.every((node) => layout.lanes.includes(node)),
  );
}

function conflictRows(drawing: SpaceTimeDrawing): ChartSpec[] {
  const { trace, layout } = drawing;
  return seenConflicts(drawing).map((span) => {
    const [y, y2] = conflictEdges(layout, span);
    const names = span.nodes.map((node) => nodeName(trace, node)).join(" and ");
    const tip = { what: "two leaders at once", where: names, when: whenInWords(trace, span) };
    return { layer: "conflict", ...sides(layout, span), y, y2, colour: warning, ...tip };
  });
}

function conflictTexts(drawing: SpaceTimeDrawing): Text[] {
  const { layout } = drawing;
  return seenConflicts(drawing).flatMap((span) => {
    const [top] = conflictEdges(layout, span);
    const { x, x2 } = sides(layout, span);
    const lasts = quantity(span.toMs - span.fromMs, "ms");
    const texts = [`two leaders for ${lasts}`, "two leaders", "2"];
    const box = { left: x, right: x2, top: top + 24, bottom: top + 38 };
    return textIn(texts, box, { arrows: drawing.arrows, layer: "warnText" });
  });
}

function wallRows({ walls, layout, trace }: SpaceTimeDrawing): ChartSpec[] {
  return walls.map((wall) => ({
    ...{ layer: "wall", ...sides(layout, wall), y: wall.y - 6, y2: wall.y + 6 },
    ...{ what: "cut", where: wall.label, when: whenInWords(trace, wall) },
  }));
}

function wallTexts(drawing: SpaceTimeDrawing): Text[] {
  const { walls, layout } = drawing;
  return walls.flatMap((wall) => {
    const { x, x2 } = sides(layout, wall);
    const box = { left: x, right: x2, top: wall.y - 6, bottom: wall.y + 6 };
    return textIn([`cut: ${wall.label}`, wall.shortLabel, "cut"], box, {
      arrows: drawing.arrows,
      layer: "text",
    });
  });
}

/** Pieces of a lane: the times at which its node was not down. */
function laneRows({ layout, states }: SpaceTimeDrawing): ChartSpec[] {
  const { lanes, fromMs, toMs, yOf } = layout;
  return lanes.flatMap((node) => {
    const downs = states.filter((span) => span.kind === "down" && span.node === node);
    const starts = [fromMs, ...downs.map((span) => span.toMs)];
    const ends = [...downs.map((span) => span.fromMs), toMs];
    return starts.flatMap((start, index) => {
      const piece = { fromMs: start, toMs: ends[index]! };
      if (!isSeen(layout, piece) || piece.toMs <= piece.fromMs) return [];
      return [{ layer: "lane", ...sides(layout, piece), y: yOf(node) }];
    });
  });
}

function seenStates({ states, layout }: SpaceTimeDrawing): readonly StateSpan[] {
  return states.filter((span) => layout.lanes.includes(span.node) && isSeen(layout, span));
}

function stateRows(drawing: SpaceTimeDrawing): ChartSpec[] {
  const { layout, trace } = drawing;
  return seenStates(drawing).map((span) => ({
    ...{ layer: span.kind, ...sides(layout, span) },
    ...{ y: layout.yOf(span.node) - 9, y2: layout.yOf(span.node) + 9, what: stateName(span) },
    ...{ where: nodeName(trace, span.node), when: whenInWords(trace, span) },
  }));
}

function stateName({ kind, factor }: StateSpan): string {
  return kind === "slow" ? `slow ×${factor}` : kind;
}

function stateTexts(drawing: SpaceTimeDrawing): Text[] {
  const { layout } = drawing;
  return seenStates(drawing).flatMap((span) => {
    const { x, x2 } = sides(layout, span);
    const y = layout.yOf(span.node);
    const box = { left: x, right: x2, top: y - 7, bottom: y + 7 };
    return textIn([stateName(span)], box, { arrows: drawing.arrows, layer: "text" });
  });
}

function bandRows({ layout, trace }: SpaceTimeDrawing): ChartSpec[] {
  const epochs = [
    ...new Set(layout.leaders.map(({ partition, epoch }) => `${partition} ${epoch}`)),
  ];
  return layout.leaders.map((span) => {
    const place = epochs.indexOf(`${span.partition} ${span.epoch}`) % epochColours.length;
    const partition = isPartitioned(layout) ? ` of partition ${span.partition}` : "";
    return {
      ...{ layer: "band", ...sides(layout, span), y: span.top, y2: span.bottom },
      ...{ colour: epochColours[place]!, what: `leader in epoch ${span.epoch}${partition}` },
      ...{ where: nodeName(trace, span.node), when: whenInWords(trace, span) },
    };
  });
}

/** Whether leaders of more than the one partition with number 0 are drawn. */
function isPartitioned({ leaders }: SpaceTimeLayout): boolean {
  return leaders.some(({ partition }) => partition !== 0);
}

function bandTexts(drawing: SpaceTimeDrawing): Text[] {
  const { layout } = drawing;
  return layout.leaders.flatMap((span) => {
    const { x, x2 } = sides(layout, span);
    const which = isPartitioned(layout) ? `partition ${span.partition}, ` : "";
    const box = { left: x, right: x2, top: span.top, bottom: span.bottom };
    const texts = [`leader, ${which}epoch ${span.epoch}`, `epoch ${span.epoch}`, `${span.epoch}`];
    return textIn(texts, box, { arrows: drawing.arrows, layer: "text" });
  });
}

function barRows({ layout, trace, highlight }: SpaceTimeDrawing): ChartSpec[] {
  return layout.operations.map((span) => {
    const { operation, completion } = span;
    const isOk = completion?.outcome === "ok";
    const kind = operation.kind === "read" ? "read" : "write";
    return {
      layer: `${kind}${highlight.includes(operation.id) ? "Strong" : ""}${isOk ? "" : "Open"}`,
      ...{ ...sides(layout, span), y: span.top, y2: span.bottom, colour: warning },
      what: `operation ${operation.id}: ${operationLabel(span)}`,
      ...{ where: nodeName(trace, span.node), when: whenInWords(trace, span) },
      outcome: completion?.outcome ?? "no answer",
    };
  });
}

/** On the bar, or to its right where it is too short, or to its left at the edge of the plot. */
function barTexts({ layout, highlight }: SpaceTimeDrawing): Text[] {
  return layout.operations.map((span) => {
    const text = operationLabel(span);
    const isStrong = highlight.includes(span.operation.id);
    const width = textWidthPx(text) * (isStrong ? boldFactor : 1);
    const { x, x2 } = sides(layout, span);
    const isInside = x2 - x >= width + 4;
    const isRight = x2 + width + 6 <= layout.widthPx;
    const at = isInside ? (x + x2) / 2 : isRight ? x2 + 4 : x - 4;
    const left = isInside ? at - width / 2 : isRight ? at : at - width;
    const anchor = isInside ? "" : isRight ? "Start" : "End";
    const strong = isStrong ? "strongText" : "text";
    const { top, bottom } = span;
    const row = { layer: `${strong}${anchor}`, x: at, y: (top + bottom) / 2, text };
    return { row, left, right: left + width, top, bottom };
  });
}

/** Hides the line of the lane where a text lies on it. */
function plateRow({ left, right, top, bottom }: Text): ChartSpec {
  const y = (top + bottom) / 2;
  return { layer: "plate", x: left - 2, x2: right + 2, y: y - 3, y2: y + 3 };
}

function arrowRows(arrow: Arrow, { trace, layout }: SpaceTimeDrawing): ChartSpec[] {
  const { message, x1, y1, x2, y2, end, isReply, isStrong } = arrow;
  const kind = message.isDuplicate ? "copy" : isStrong ? "strong" : isReply ? "reply" : "arrow";
  const tip = {
    what: message.name,
    where: `${nodeName(trace, message.from)} → ${nodeName(trace, message.to)}`,
    when: `sent ${message.sentMs.toFixed(3)} ms`,
    outcome: fateText(message),
    payload: payloadText(message.payload, 120),
  };
  const line = { layer: kind, x: x1, y: y1, x2, y2, colour: warning, ...tip };
  const takenX = Math.min(layout.widthPx, layout.xOf(message.receivedMs ?? -Infinity));
  // The receiver was paused or busy: the message waits for it on the lane.
  const waits = takenX - x2 > 2 && x2 >= 0 ? [{ layer: "wait", x: x2, x2: takenX, y: y2 }] : [];
  const isIn = x2 >= 0 && x2 <= layout.widthPx;
  if (end === "open" || !isIn) return [line];
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const place = { x: x2, y: y2, angle, colour: warning };
  // What a head could say its line says.
  if (end === "cross") return [line, { layer: "cross", ...place, ...tip }];
  return [line, ...waits, { layer: isStrong ? "strongHead" : "head", ...place }];
}

function labelRow({ arrow, text, x, y, angle, anchor }: ArrowLabel): ChartSpec {
  const layer = arrow.isReply && !arrow.isStrong ? "replyName" : "name";
  return { layer: `${layer}${anchor}`, x, y, angle, text };
}
