import type { Chart } from "../charts/chart.ts";
import type { Table } from "../core/table.ts";
import type { DisplayBundle } from "./kernel.ts";
import { tableMime } from "./reportTableData.ts";
import { waitForPicture } from "./waitForPicture.ts";

/** Scale of the pictures stored in notebooks: sharp on common screens, small enough for version control. */
const pictureScale = 1;

/**
 * A chart for Jupyter: Vega-Lite for clients that draw, a picture for those that do not, such as
 * GitHub, and words. No HTML: JupyterLab would prefer it to Vega-Lite.
 */
export function chartBundle(chart: Chart): DisplayBundle {
  const text = `${chart.title}\n${chart.altText}`;
  const { png, widthPx, heightPx } = waitForPicture({ spec: chart.spec, scale: pictureScale });
  return {
    data: {
      "application/vnd.vegalite.v5+json": chart.spec,
      "image/png": Buffer.from(png).toString("base64"),
      "text/plain": text,
    },
    metadata: { "image/png": { width: widthPx, height: heightPx } },
  };
}

/** A table for Jupyter, with its data in full for reports, which write them to files. */
export function tableBundle(table: Table): DisplayBundle {
  const { columns, rows, complete, expectedRows } = table;
  return {
    data: {
      "text/html": table.toHtml(),
      "text/plain": table.toString(),
      [tableMime]: { columns, rows, complete, ...(expectedRows !== undefined && { expectedRows }) },
    },
    metadata: {},
  };
}
