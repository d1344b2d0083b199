/** Where a label stands beside its point. */
export type LabelSide = "right-above" | "left-above" | "right-below" | "left-below";

/** All sides, the preferred one first. */
export const labelSides: readonly LabelSide[] = [
  "right-above",
  "left-below",
  "left-above",
  "right-below",
];

interface LabelRequest {
  /** Points in px, from the upper left corner of the plot. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Points that want a label, as indices, the most important first. */
  readonly labelled: readonly number[];
  /** Labels of all points. */
  readonly texts: readonly string[];
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width and height of a label in px: a character of 11 px DejaVu Sans is 6.6 px wide on average. */
const charWidthPx = 6.6;
const lineHeightPx = 13;
const gapPx = 5;

/**
 * Sides for labels so that they cover neither each other, nor a point, nor the edge; no side where
 * there is no room.
 */
export function placeLabels(request: LabelRequest): Map<number, LabelSide> {
  const { points, labelled, texts, widthPx, heightPx } = request;
  const taken: Box[] = points.map(({ x, y }) => ({
    left: x - 4,
    right: x + 4,
    top: y - 4,
    bottom: y + 4,
  }));
  const placed = new Map<number, LabelSide>();
  for (const index of labelled) {
    const width = texts[index]!.length * charWidthPx;
    const side = labelSides.find((candidate) => {
      const box = boxOf(points[index]!, width, candidate);
      const inside =
        box.left >= 0 && box.right <= widthPx && box.top >= -lineHeightPx && box.bottom <= heightPx;
      return inside && !taken.some((other) => overlaps(box, other));
    });
    if (side === undefined) continue;
    placed.set(index, side);
    taken.push(boxOf(points[index]!, width, side));
  }
  return placed;
}

function boxOf({ x, y }: { x: number; y: number }, width: number, side: LabelSide): Box {
  const left = side.startsWith("right") ? x + gapPx : x - gapPx - width;
  const top = side.endsWith("above") ? y - gapPx - lineHeightPx : y + gapPx;
  return { left, right: left + width, top, bottom: top + lineHeightPx };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
