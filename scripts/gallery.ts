// Draws every kind of chart, on a light and a dark ground, into reports/gallery: for looking at.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTheme } from "../lib/charts/theme.ts";
import { specToSvg, svgToPng } from "../lib/notebook/renderChart.ts";
import { galleryCharts } from "../test/galleryCharts.ts";

const folder = process.argv[2] ?? "reports/gallery";
mkdirSync(folder, { recursive: true });
for (const [name, chart] of Object.entries(galleryCharts())) {
  for (const theme of ["light", "dark"] as const) {
    const svg = await specToSvg(withTheme(chart, theme));
    writeFileSync(join(folder, `${name}-${theme}.png`), await svgToPng(svg, 1.5));
  }
  console.log(`${name}: ${chart.altText}\n`);
}
