import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { readFontMetrics } from "./fontMetrics.ts";

const file = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
const metrics = readFontMetrics(file);

test("widths of single characters are those of the font", () => {
  // From the table hmtx of DejaVu Sans 2.37, as fontTools prints it: units of 1/2048 em.
  expect(metrics.widthOf("A") * 2048).toBeCloseTo(1401, 6);
  expect(metrics.widthOf(" ") * 2048).toBeCloseTo(651, 6);
  expect(metrics.widthOf("i") * 2048).toBeCloseTo(569, 6);
});

test.each(["Probability of a stale read", "10⁻⁴", "▽ no event seen", "R=1 W=2"])(
  "the renderer draws %s as wide as measured",
  (text) => {
    const fontSize = 200;
    const svg = (line: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="400"><text y="300" font-family="DejaVu Sans" font-size="${fontSize}">${line}</text></svg>`;
    const options = {
      font: { loadSystemFonts: false, fontFiles: [file], defaultFontFamily: "DejaVu Sans" },
    };
    const right = (line: string): number => {
      const box = new Resvg(svg(line), options).getBBox()!;
      return box.x + box.width;
    };
    // Between two bars the advance is the difference of their right edges: no side bearings involved.
    // Kerning, which the font has and Vega ignores, moves letters by up to a hundredth of a line.
    const drawn = right(`|${text}|`) - right("|") - metrics.widthOf("|") * fontSize;
    expect(Math.abs(drawn / (metrics.widthOf(text) * fontSize) - 1)).toBeLessThan(0.02);
  },
);
