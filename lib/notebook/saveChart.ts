import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { Chart } from "../charts/chart.ts";
import { refuse } from "../core/need.ts";
import { chartPage } from "./chartPage.ts";
import { chartToPng, chartToSvg } from "./renderChart.ts";

/**
 * Writes a chart to a file; folders on the way are made.
 *
 * The ending says how: `.html` is a page of its own that works without a network, with sliders and in
 * dark theme; `.svg` and `.png` are pictures; `.json` is the Vega-Lite specification.
 *
 * @returns the name of the file
 * @throws {RangeError} if the file has another ending
 */
export async function saveChart(chart: Chart, file: string): Promise<string> {
  const content = await contentOf(chart, file);
  await mkdir(dirname(file), { recursive: true });
  // Renamed when complete: a file that exists is whole.
  const partial = `${file}.partial`;
  await writeFile(partial, content);
  await rename(partial, file);
  return file;
}

async function contentOf(chart: Chart, file: string): Promise<string | Uint8Array> {
  switch (extname(file)) {
    case ".html":
      return chartPage([chart]);
    case ".svg":
      return chartToSvg(chart);
    case ".png":
      return chartToPng(chart);
    case ".json":
      return `${JSON.stringify(chart, undefined, 2)}\n`;
    default:
      return refuse("saveChart", "file", "a name that ends in .html, .svg, .png or .json", file);
  }
}
