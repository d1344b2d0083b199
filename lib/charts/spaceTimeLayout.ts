import type { NodeId } from "../core/protocol.ts";
import { operationText } from "../core/traceWords.ts";
import type { LeaderSpan, OperationSpan, Span } from "./spaceTimeSpans.ts";
import { textWidthPx } from "./spaceTimeText.ts";

/** Height of the band of a leader, of the bar of an operation, and what lies between two of them, px. */
const bandHeightPx = 14;
const barHeightPx = 16;
const rowGapPx = 3;

/** Bars side by side of which more would make a lane too high; further ones overlap. */
const maxRows = 5;

/** Time along x and lanes along y, in px from the upper left corner. */
export interface SpaceTimeLayout {
  readonly fromMs: number;
  readonly toMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Nodes, from above. */
  readonly lanes: readonly NodeId[];
  readonly leaders: readonly Placed<LeaderSpan>[];
  readonly operations: readonly Placed<OperationSpan>[];
  xOf(timeMs: number): number;
  /** Middle of the lane of a node. */
  yOf(node: NodeId): number;
  /** Half the height of what is drawn on a lane at its highest. */
  halfOf(node: NodeId): number;
}

/** A span with its place on its lane. */
export type Placed<S extends Span> = S & {
  /** Upper and lower edge, px. */
  readonly top: number;
  readonly bottom: number;
};

interface LayoutRequest {
  readonly lanes: readonly NodeId[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly widthPx: number;
  /** Chosen by the number of lanes if absent. */
  readonly heightPx: number | undefined;
  readonly leaders: readonly LeaderSpan[];
  readonly operations: readonly OperationSpan[];
}

/** Text on the bar of an operation. */
export function operationLabel({ operation, completion }: OperationSpan): string {
  const text = operationText(operation, completion ?? undefined);
  if (completion === null || completion.outcome === "indefinite") return `${text} ?`;
  return completion.outcome === "failed" ? `${text} failed` : text;
}

/** Places for lanes, and on them for bands and bars: in rows, where several last at the same time. */
export function spaceTimeLayout(request: LayoutRequest): SpaceTimeLayout {
  const { lanes, fromMs, toMs, widthPx } = request;
  const xOf = (timeMs: number): number => ((timeMs - fromMs) / (toMs - fromMs)) * widthPx;
  const isSeen = (span: Span): boolean =>
    lanes.includes(span.node) && span.toMs >= fromMs && span.fromMs <= toMs;
  const bands = inRows(request.leaders.filter(isSeen), (span) => [
    xOf(span.fromMs),
    xOf(span.toMs),
  ]);
  const bars = inRows(request.operations.filter(isSeen), (span) => {
    const [left, right] = [xOf(span.fromMs), xOf(span.toMs)];
    const label = textWidthPx(operationLabel(span)) + 8;
    return [left, right - left >= label ? right + 1 : right + label];
  });
  const heights = lanes.map((node) => {
    const bandRows = rowCount(bands, node);
    const barRows = rowCount(bars, node);
    return Math.max(4, bandRows * (bandHeightPx + rowGapPx) + barRows * (barHeightPx + rowGapPx));
  });
  const gapPx = gapOf(heights, request.heightPx);
  const tops = heights.map(
    (_, index) => gapPx * (index + 0.5) + heights.slice(0, index).reduce((a, b) => a + b, 0),
  );
  const topOf = (node: NodeId): number => tops[lanes.indexOf(node)]!;
  const placed = <S extends Span>(
    rows: readonly InRow<S>[],
    height: number,
    skip: (node: NodeId) => number,
  ) =>
    rows.map(({ span, row }): Placed<S> => {
      const top = topOf(span.node) + skip(span.node) + row * (height + rowGapPx) + rowGapPx / 2;
      return { ...span, top, bottom: top + height };
    });
  const bandSpace = (node: NodeId): number => rowCount(bands, node) * (bandHeightPx + rowGapPx);
  return {
    ...{ fromMs, toMs, widthPx, lanes, xOf },
    heightPx: Math.round(heights.reduce((a, b) => a + b, 0) + gapPx * lanes.length),
    leaders: placed(bands, bandHeightPx, () => 0),
    operations: placed(bars, barHeightPx, bandSpace),
    yOf: (node) => Math.round(topOf(node) + heights[lanes.indexOf(node)]! / 2),
    halfOf: (node) => heights[lanes.indexOf(node)]! / 2,
  };
}

/** Space between lanes: what the height leaves, or more for few lanes than for many. */
function gapOf(heights: readonly number[], heightPx: number | undefined): number {
  const count = heights.length;
  if (heightPx === undefined) return Math.min(66, Math.max(40, 400 / count));
  const taken = heights.reduce((a, b) => a + b, 0);
  return Math.max(16, (heightPx - taken) / count);
}

interface InRow<S extends Span> {
  readonly span: S;
  readonly row: number;
}

function rowCount<S extends Span>(rows: readonly InRow<S>[], node: NodeId): number {
  const own = rows.filter(({ span }) => span.node === node);
  return own.reduce((most, { row }) => Math.max(most, row + 1), 0);
}

/** Spans in the first row of their node that is free by then. */
function inRows<S extends Span>(
  spans: readonly S[],
  extentOf: (span: S) => readonly [left: number, right: number],
): InRow<S>[] {
  const ends = new Map<NodeId, number[]>();
  return spans.map((span) => {
    const [left, right] = extentOf(span);
    const taken = ends.get(span.node) ?? [];
    ends.set(span.node, taken);
    const free = taken.findIndex((end) => end <= left);
    const row = free >= 0 ? free : Math.min(taken.length, maxRows - 1);
    taken[row] = Math.max(right, free >= 0 ? 0 : (taken[row] ?? 0));
    return { span, row };
  });
}
