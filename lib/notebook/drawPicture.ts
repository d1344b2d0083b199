import type { ChartSpec } from "../charts/chart.ts";
import { specToSvg, svgToPng } from "./renderChart.ts";

/** A chart as PNG with its size. */
export interface Picture {
  readonly png: Uint8Array;
  /** Size of the chart, px, before scaling. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Draws a specification; the size comes from the header of the SVG. */
export async function drawPicture(spec: ChartSpec, scale: number): Promise<Picture> {
  const svg = await specToSvg(spec);
  const size = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  if (size === null) throw new Error("drawPicture: the SVG has no size");
  const png = await svgToPng(svg, scale);
  return { png, widthPx: Number(size[1]), heightPx: Number(size[2]) };
}
