/** Widths of the characters of DejaVu Sans that are not about 0.62 of its size, as shares of it. */
const widths: Readonly<Record<string, number>> = {
  ...each("ijl", 0.28),
  ...each(" ,.:|!';", 0.33),
  ...each("frt()[]-", 0.39),
  ...each("csz?", 0.54),
  ...each("wABCDEGHKNOPQRSTUVXYZ", 0.76),
  ...each("=+<>×→m", 0.9),
  ...each("MW", 0.98),
};

function each(characters: string, width: number): Record<string, number> {
  return Object.fromEntries([...characters].map((character) => [character, width]));
}

/** Size of the texts in a space-time diagram, px. */
export const labelSizePx = 10;

/**
 * Width of a text in px, in DejaVu Sans, the widest of the fonts that charts are drawn with: what is
 * given room by it has room in the others too.
 */
export function textWidthPx(text: string): number {
  return [...text].reduce((sum, each) => sum + (widths[each] ?? 0.63), 0) * labelSizePx;
}
