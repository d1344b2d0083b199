import { needInteger, needNumber, refuse } from "../core/need.ts";
import type { NodeId } from "../core/protocol.ts";
import type { Trace, TraceEvent } from "../core/trace.ts";
import { spanOf } from "../core/traceCones.ts";
import { ownersOf } from "../core/traceOwners.ts";
import type { Chart } from "./chart.ts";
import { chartOf } from "./drawing.ts";
import { arrowsOf } from "./spaceTimeArrows.ts";
import { spaceTimeLayers } from "./spaceTimeLayers.ts";
import { spaceTimeLayout } from "./spaceTimeLayout.ts";
import { type SpaceTimeDrawing, spaceTimeRows } from "./spaceTimeRows.ts";
import {
  conflictSpans,
  cutSpans,
  leaderSpans,
  operationSpans,
  stateSpans,
} from "./spaceTimeSpans.ts";
import { laneChannel, timeChannel } from "./spaceTimeTicks.ts";
import { wallsOf } from "./spaceTimeWalls.ts";
import { describeSpaceTime, spaceTimeNotes } from "./spaceTimeWords.ts";

/** How a run is drawn. */
export interface SpaceTimeChartOptions {
  /** The message of the chart in one sentence. */
  readonly title: string;
  /** What the reader must know to read it: configuration, seed. */
  readonly subtitle?: string;
  /** Nodes drawn, from above; all that take part in something if absent. */
  readonly lanes?: readonly NodeId[];
  /** Start and end of the picture, ms; if absent, of what happens in the trace. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Numbers of the operations that the title speaks of: the lost write, the stale read. */
  readonly highlight?: readonly number[];
  /** Width of the plot without axes, px, in [80, 2000]. */
  readonly widthPx?: number;
  /** Height of the plot without axes, px, in [60, 2000]; by the number of lanes if absent. */
  readonly heightPx?: number;
}

/** Most marks of a space-time diagram; with more, nothing can be made out. */
export const maxSpaceTimeMarks = 2000;

/**
 * A run as a space-time diagram: a lane for each node, time along x, an arrow for each message.
 *
 * Bands show who leads, in one colour for each epoch, and where two lead at once; bars show client
 * operations; crashed nodes have no lane, cuts are walls between lanes. A message that never arrived ends
 * in a cross: where a wall stops it, at the lane of a receiver that is down, or midway.
 *
 * The reader can follow some 60 messages: take a slice of a longer run first (`sliceOf`).
 *
 * @throws {RangeError} if there is nothing to draw, more than 2,000 marks, or a node or operation unknown
 * @see Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, CACM 21(7), 1978, fig. 1
 */
export function spaceTimeChart(trace: Trace, options: SpaceTimeChartOptions): Chart {
  const drawing = drawingOf(trace, options);
  const { layout } = drawing;
  const rows = spaceTimeRows(drawing);
  if (rows.length > maxSpaceTimeMarks) refuseMarks(rows.length);
  const names = layout.lanes.map((node) => laneName(trace, node));
  const channels = { x: timeChannel(layout), y: laneChannel(layout, names) };
  return chartOf("spaceTimeChart", options, {
    ...{ rows, params: [], transform: [], layers: spaceTimeLayers(rows, channels) },
    altText: describeSpaceTime(drawing),
    notes: spaceTimeNotes(drawing),
    widthPx: layout.widthPx,
    heightPx: layout.heightPx,
  });
}

function refuseMarks(count: number): never {
  const what = `at most ${maxSpaceTimeMarks} marks; draw a slice of it: sliceOf(trace, { operations, nodes, fromMs, toMs })`;
  return refuse("spaceTimeChart", "trace", what, `${count} marks`);
}

function drawingOf(trace: Trace, options: SpaceTimeChartOptions): SpaceTimeDrawing {
  const where = "spaceTimeChart";
  const { widthPx = 860, heightPx, highlight = [] } = options;
  needNumber(where, "widthPx", widthPx, { min: 80, max: 2000 });
  if (heightPx !== undefined) needNumber(where, "heightPx", heightPx, { min: 60, max: 2000 });
  const lanes = lanesOf(trace, options.lanes);
  const operations = operationSpans(trace);
  for (const id of highlight) {
    const isKnown = operations.some(({ operation }) => operation.id === id);
    if (!isKnown) refuse(where, "highlight", "operations of the trace", id);
  }
  const leaders = leaderSpans(trace);
  const window = windowOf(trace, options);
  // What is refused in the end is refused before names are placed, which takes long for many.
  const seen = trace.events.filter((event) => isDrawn(event) && isIn(window, event)).length;
  if (seen > maxSpaceTimeMarks) refuseMarks(seen);
  const layout = spaceTimeLayout({
    ...{ lanes, ...window, widthPx, heightPx, leaders, operations },
  });
  const walls = wallsOf(trace, cutSpans(trace), layout);
  const owners = ownersOf(trace);
  return {
    ...{ trace, layout, walls, highlight, states: stateSpans(trace) },
    conflicts: conflictSpans(leaders),
    arrows: arrowsOf({ trace, layout, walls, owners, highlight }),
  };
}

/** Name of a lane: that of the node, with its role where the name does not hold it. */
function laneName({ nodes }: Trace, node: NodeId): string {
  const { name, role } = nodes[node]!;
  return name.includes(role) ? name : `${name} (${role})`;
}

function lanesOf({ nodes, events }: Trace, wanted?: readonly NodeId[]): readonly NodeId[] {
  for (const node of wanted ?? []) {
    needInteger("spaceTimeChart", "lanes", node, { min: 0, max: nodes.length - 1 });
  }
  if (wanted !== undefined && new Set(wanted).size < wanted.length) {
    refuse("spaceTimeChart", "lanes", "different nodes", wanted);
  }
  const active = new Set(
    events.flatMap((event) => {
      if (event.kind === "message") return [event.from, event.to];
      return event.kind === "fault" ? [...event.nodes, ...event.links.flat()] : [event.node];
    }),
  );
  const lanes = wanted ?? [...nodes.keys()].filter((node) => active.has(node));
  if (lanes.length === 0)
    refuse("spaceTimeChart", "trace", "one in which something happens", "nothing");
  return lanes;
}

function isDrawn({ kind }: TraceEvent): boolean {
  return kind === "message" || kind === "invoke";
}

function isIn(
  window: { readonly fromMs: number; readonly toMs: number },
  event: TraceEvent,
): boolean {
  const [first, last] = spanOf(event);
  return first <= window.toMs && last >= window.fromMs;
}

/** From the first to the last thing that happens, with a little room on both sides, as far as the run goes. */
function windowOf(
  trace: Trace,
  options: SpaceTimeChartOptions,
): { readonly fromMs: number; readonly toMs: number } {
  const seen = trace.events.filter(({ kind }) => kind !== "fault" && kind !== "observe");
  const spans = (seen.length > 0 ? seen : trace.events).map(spanOf);
  const first = spans.reduce((least, [fromMs]) => Math.min(least, fromMs), Infinity);
  const last = spans.reduce((most, [, toMs]) => Math.max(most, toMs), 0);
  const end = Math.min(trace.durationMs, last);
  const room = 0.02 * Math.max(end - first, 1e-3);
  // Nothing is known of what comes after the run.
  const until = Math.max(Math.min(end + room, trace.durationMs), first + room);
  const { fromMs = Math.max(0, first - room), toMs = until } = options;
  needNumber("spaceTimeChart", "fromMs", fromMs, { min: 0, max: Number.MAX_VALUE });
  needNumber("spaceTimeChart", "toMs", toMs, {
    ...{ min: fromMs, exclusiveMin: true, max: Number.MAX_VALUE },
  });
  return { fromMs, toMs };
}
