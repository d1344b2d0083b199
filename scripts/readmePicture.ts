// Draws the picture of README.md, the curves of notebook 01: node scripts/readmePicture.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ChartSpec } from "../lib/charts/chart.ts";
import { specToSvg, svgToPng } from "../lib/notebook/renderChart.ts";
import { parseNotebook } from "../lib/notebook/runFormat.ts";

const folder = resolve(import.meta.dirname, "../notebooks");
const file = join(folder, "01-stale-reads-under-partial-quorums.ipynb");
const cell = parseNotebook(readFileSync(file, "utf8"), file).cells.find(
  ({ id }) => id === "curves-chart",
);
const [output] = cell?.outputs ?? [];
if (!output || !("data" in output)) throw new Error(`${file}: cell "curves-chart" shows no chart`);
const spec = output.data["application/vnd.vegalite.v5+json"] as ChartSpec;
writeFileSync(join(folder, "thumbnails/readme.png"), await svgToPng(await specToSvg(spec), 1.5));
