import type { ChartSpec } from "./chart.ts";
import type { Arrow } from "./spaceTimeArrows.ts";
import { type Box, runsThrough } from "./spaceTimeLabels.ts";
import { textWidthPx } from "./spaceTimeText.ts";

/** A text and where it stands. */
export interface Text extends Box {
  readonly row: ChartSpec;
}

/** Where in its box a text may stand, as shares of the room beside it: in twentieths from the left. */
const seats = Array.from({ length: 21 }, (_, k) => k / 20);

/** A text for which there is room, and how much is in its way. */
interface Seat {
  readonly text: string;
  readonly room: Box;
  readonly trouble: number;
}

/** How much worse than a line through a text a cross on it is. */
const crossTrouble = 4;

/**
 * The first of the texts for which there is room in a box without a cross on it, where the fewest arrows
 * run through it; else the one that is least in the way; none if there is no room.
 */
export function textIn(
  texts: readonly string[],
  box: Box,
  { arrows, layer }: { readonly arrows: readonly Arrow[]; readonly layer: string },
): Text[] {
  const best = texts
    .filter((text) => textWidthPx(text) + 8 <= box.right - box.left)
    .map((text) => bestSeat(text, box, arrows));
  const least = Math.min(...best.map(({ trouble }) => trouble));
  const seat = best.find(({ trouble }) => trouble < crossTrouble || trouble === least);
  if (seat === undefined) return [];
  const { room, text } = seat;
  const [x, y] = [(room.left + room.right) / 2, (box.top + box.bottom) / 2];
  return [{ ...room, row: { layer, x, y, text } }];
}

function bestSeat(text: string, box: Box, arrows: readonly Arrow[]): Seat {
  const width = textWidthPx(text);
  const found = seats.map((seat): Seat => {
    const left = box.left + 4 + seat * (box.right - box.left - 8 - width);
    const room = { ...box, left, right: left + width };
    return { text, room, trouble: troubleIn(room, arrows) };
  });
  return found.reduce((least, seat) => (seat.trouble < least.trouble ? seat : least));
}

function troubleIn(room: Box, arrows: readonly Arrow[]): number {
  const weights = arrows.map((arrow) => {
    const isCrossed =
      arrow.end === "cross" &&
      arrow.x2 > room.left - 5 &&
      arrow.x2 < room.right + 5 &&
      Math.abs(arrow.y2 - (room.top + room.bottom) / 2) < 10;
    return isCrossed ? crossTrouble : runsThrough(arrow, room) ? 1 : 0;
  });
  return weights.reduce((sum: number, weight) => sum + weight, 0);
}
