import type { Arrow } from "./spaceTimeArrows.ts";
import { textWidthPx } from "./spaceTimeText.ts";

/** A rectangle in px. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The name of a message, beside its line. */
export interface ArrowLabel {
  readonly arrow: Arrow;
  readonly text: string;
  /** Middle of the text, or its start or end, px. */
  readonly x: number;
  readonly y: number;
  readonly anchor: "" | "Start" | "End";
  /** Angle of the text, degrees, clockwise. */
  readonly angle: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Half the height of a label, px, and its distance from its line. */
const halfHeightPx = 5.5;
const besidePx = 7;

/** Where along its line a name may stand, the best place first. */
const places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];

/**
 * Names of messages where there is room: beside their lines, off each other, off bars and bands, and
 * where they cross few other lines. Of messages that one handler sent under one name, one is named.
 *
 * @param taken boxes that must stay free
 */
export function labelsOf(
  arrows: readonly Arrow[],
  taken: readonly Box[],
  size: { readonly widthPx: number; readonly heightPx: number },
): ArrowLabel[] {
  const labels: ArrowLabel[] = [];
  const circles: Point[] = [];
  const named = new Set<string>();
  for (const arrow of byImportance(arrows)) {
    const { name, from, cause, repeats, sentMs } = arrow.message;
    const text = repeats === undefined ? name : `${name} ×${repeats + 1}`;
    const family = `${name} ${from} ${cause} ${sentMs} ${repeats}`;
    if (named.has(family)) continue;
    const candidates = placesOf(arrow, text).filter((label) =>
      isFree(pointsOf(label), { circles, taken, size }),
    );
    const crossings = candidates.map((label) => crossingsOf(label, arrows));
    const best = candidates[crossings.indexOf(Math.min(...crossings))];
    if (best === undefined || Math.min(...crossings) > (arrow.isReply ? 1 : 2)) continue;
    named.add(family);
    labels.push(best);
    circles.push(...pointsOf(best));
  }
  return labels;
}

function byImportance(arrows: readonly Arrow[]): Arrow[] {
  const rank = ({ isStrong, end, isReply }: Arrow): number =>
    isStrong ? 0 : end === "cross" ? 1 : isReply ? 3 : 2;
  return [...arrows].sort((a, b) => rank(a) - rank(b));
}

/** Along the line where it is not too steep to read, else upright beside it. */
function placesOf(arrow: Arrow, text: string): ArrowLabel[] {
  const { x1, y1, x2, y2 } = arrow;
  const width = textWidthPx(text);
  const length = Math.hypot(x2 - x1, y2 - y1);
  const slope = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const isSteep = Math.abs(slope) > 62;
  if (!isSteep && length < width + 12) return [];
  return places.flatMap((share): ArrowLabel[] => {
    const x = x1 + share * (x2 - x1);
    const y = y1 + share * (y2 - y1);
    if (isSteep) {
      return [
        { arrow, text, x: x + 5, y, angle: 0, anchor: "Start" },
        { arrow, text, x: x - 5, y, angle: 0, anchor: "End" },
      ];
    }
    const radians = (slope * Math.PI) / 180;
    return [1, -1].map((side) => ({
      ...{ arrow, text, angle: slope, anchor: "" },
      x: x + side * besidePx * Math.sin(radians),
      y: y - side * besidePx * Math.cos(radians),
    }));
  });
}

/** Points along a text, near enough to each other to stand for it. */
function pointsOf({ x, y, angle, text, anchor }: ArrowLabel): Point[] {
  const width = textWidthPx(text);
  const middle = x + (anchor === "Start" ? width / 2 : anchor === "End" ? -width / 2 : 0);
  const half = width / 2 - 3;
  const count = Math.max(2, Math.ceil((2 * half) / 7));
  const radians = (angle * Math.PI) / 180;
  return Array.from({ length: count + 1 }, (_, k) => {
    const along = -half + (2 * half * k) / count;
    return { x: middle + along * Math.cos(radians), y: y + along * Math.sin(radians) };
  });
}

function isFree(
  points: readonly Point[],
  {
    circles,
    taken,
    size,
  }: {
    circles: readonly Point[];
    taken: readonly Box[];
    size: { widthPx: number; heightPx: number };
  },
): boolean {
  return points.every(({ x, y }) => {
    const isInside = x >= 4 && x <= size.widthPx - 2 && y >= 4 && y <= size.heightPx - 4;
    const isHit = taken.some((box) => {
      const [dx, dy] = [
        Math.max(box.left - x, 0, x - box.right),
        Math.max(box.top - y, 0, y - box.bottom),
      ];
      return Math.hypot(dx, dy) < halfHeightPx;
    });
    return isInside && !isHit && !circles.some((c) => Math.hypot(c.x - x, c.y - y) < 11.5);
  });
}

/** Number of lines of other messages that run through a text. */
function crossingsOf(label: ArrowLabel, arrows: readonly Arrow[]): number {
  const points = pointsOf(label);
  return arrows.filter(
    (other) =>
      other !== label.arrow && points.some((point) => distance(point, other) < halfHeightPx),
  ).length;
}

/** Whether the line of an arrow runs through a box. */
export function runsThrough(arrow: Arrow, { left, right, top, bottom }: Box): boolean {
  const y = (top + bottom) / 2;
  const count = Math.max(2, Math.ceil((right - left) / 6));
  return Array.from({ length: count + 1 }, (_, k) => left + ((right - left) * k) / count).some(
    (x) => distance({ x, y }, arrow) < 7,
  );
}

function distance({ x, y }: Point, { x1, y1, x2, y2 }: Arrow): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const share =
    square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}
