import { neutrals } from "../charts/palette.ts";
import { themeConfig } from "../charts/theme.ts";
import { specToSvg } from "./renderChart.ts";
import { chartMimes } from "./reportResults.ts";
import type { CellOutput, Notebook } from "./runFormat.ts";

/** A chart of a notebook, drawn. */
export interface ReportFigure {
  /** Vega-Lite specification. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What it shows, in words. */
  readonly altText: string;
  /** The drawing on a light ground. */
  readonly svg: string;
}

/** The charts of a notebook by the output that shows them. */
export type ReportFigures = ReadonlyMap<CellOutput, ReportFigure>;

/**
 * Draws all charts of a notebook, without a browser.
 *
 * @throws {Error} naming the cell if a specification cannot be drawn or draws with warnings
 */
export async function drawFigures(notebook: Notebook): Promise<ReportFigures> {
  const figures = new Map<CellOutput, ReportFigure>();
  for (const [index, cell] of notebook.cells.entries()) {
    for (const output of cell.outputs ?? []) {
      const spec = chartSpec(output);
      if (!spec) continue;
      const altText = String(spec.description ?? spec.title ?? "Chart");
      try {
        figures.set(output, { spec, altText, svg: await drawChart(spec) });
      } catch (error) {
        const { message } = error as Error;
        throw new Error(`cell ${index + 1}: Vega-Lite refused the chart: ${message}`);
      }
    }
  }
  return figures;
}

function chartSpec(output: CellOutput): Record<string, unknown> | undefined {
  if (!("data" in output)) return undefined;
  const spec = chartMimes.map((mime) => output.data[mime]).find((value) => value !== undefined);
  return spec as Record<string, unknown> | undefined;
}

/** The chart on a light ground; one that was written by hand gets the colours of ours. */
function drawChart(spec: Record<string, unknown>): Promise<string> {
  const { background } = neutrals.light;
  return specToSvg({ config: themeConfig("light"), background, ...spec });
}
