import { escapeHtml } from "./escapeHtml.ts";
import { isEstimate } from "./estimate.ts";
import { formatEstimateParts } from "./formatEstimate.ts";
import { type Cell, columnHeading, elideRows, type Row, type TableData } from "./tableData.ts";
import { tableNotes } from "./tableNotes.ts";
import { formatCell } from "./tableText.ts";

/** How much of a table is shown. */
export interface TableHtmlOptions {
  /** Most rows shown, from both ends; 60 if absent. */
  readonly rowLimit?: number;
}

const rightAligned = ' style="text-align:right;font-variant-numeric:tabular-nums"';
const leftAligned = ' style="text-align:left"';

/**
 * A table as HTML: semantic, escaped, without colours or outer style sheets, so that it takes on the
 * theme around it. The middle of a long one is left out.
 */
export function tableHtml(table: TableData, { rowLimit = 60 }: TableHtmlOptions = {}): string {
  const { head, left, tail } = elideRows(table.rows, rowLimit);
  const aligned = table.columns.map(({ name }) =>
    table.rows.every((row) => typeof (row[name] ?? "") === "string") ? leftAligned : rightAligned,
  );
  const heading = table.columns
    .map((column, i) => `<th scope="col"${aligned[i]}>${escapeHtml(columnHeading(column))}</th>`)
    .join("");
  const body = (row: Row) =>
    `<tr>${table.columns.map(({ name }, i) => `<td${aligned[i]}>${cellHtml(row[name] ?? null)}</td>`).join("")}</tr>`;
  const gap = `<tr><td colspan="${table.columns.length}" style="text-align:center">… ${left} more rows …</td></tr>`;
  const notes = tableNotes(table).map(escapeHtml).join("; ");
  return [
    "<table>",
    notes && `<caption style="caption-side:bottom;text-align:left">${notes}</caption>`,
    `<thead><tr>${heading}</tr></thead>`,
    "<tbody>",
    ...head.map(body),
    left > 0 ? gap : "",
    ...tail.map(body),
    "</tbody>",
    "</table>",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function cellHtml(cell: Cell): string {
  if (!isEstimate(cell)) return escapeHtml(formatCell(cell));
  const { value, low, high } = formatEstimateParts(cell);
  if (cell.method === "exact") return value;
  return `${value} <span style="opacity:0.7">${low}, ${high}</span>`;
}
