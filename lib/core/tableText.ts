import { isEstimate } from "./estimate.ts";
import { formatEstimateParts, formatNumber } from "./formatEstimate.ts";
import { type Cell, type Column, columnHeading, elideRows, type TableData } from "./tableData.ts";
import { tableNotes } from "./tableNotes.ts";

/** A cell in pieces, each of which lines up with the same piece of the cells above and below. */
type Pieces = readonly string[];

/**
 * A table as aligned text for a terminal; the middle of a long one is left out.
 *
 * @param rowLimit most rows shown
 */
export function tableText(table: TableData, rowLimit = 40): string {
  const { head, left, tail } = elideRows(table.rows, rowLimit);
  const columns = table.columns.map((column) =>
    columnText(
      column,
      [...head, ...tail].map((row) => row[column.name] ?? null),
    ),
  );
  const lines =
    columns[0]?.map((_, index) => columns.map((texts) => texts[index]).join("  ")) ?? [];
  const width = lines[0]?.length ?? 0;
  const rule = "─".repeat(width);
  const gap = left === 0 ? [] : [`… ${left} more rows …`];
  const [heading = "", ...body] = lines;
  return [
    heading,
    rule,
    ...body.slice(0, head.length),
    ...gap,
    ...body.slice(head.length),
    ...tableNotes(table),
  ]
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Heading and cells of a column, all of one width. */
function columnText(column: Column, cells: readonly Cell[]): string[] {
  const alignLeft = cells.every((cell) => typeof cell === "string" || cell === null);
  const texts = joinPieces(cells.map(pieces));
  const heading = columnHeading(column);
  const width = Math.max(heading.length, ...texts.map((text) => text.length));
  const pad = (text: string) => (alignLeft ? text.padEnd(width) : text.padStart(width));
  return [heading, ...texts].map(pad);
}

function pieces(cell: Cell): Pieces {
  if (!isEstimate(cell)) return [formatCell(cell)];
  const { value, low, high } = formatEstimateParts(cell);
  if (cell.method === "exact") return [value];
  return [value, ` ${low}, `, high];
}

/** Pads each piece to the longest one in its place, so that values and both ends line up. */
function joinPieces(rows: readonly Pieces[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, place) =>
    Math.max(0, ...rows.map((row) => row[place]?.length ?? 0)),
  );
  return rows.map((row) =>
    widths.map((width, place) => (row[place] ?? "").padStart(width)).join(""),
  );
}

/** A field that is no estimate, as text. */
export function formatCell(cell: Exclude<Cell, object> | null): string {
  if (cell === null) return "";
  return typeof cell === "number" ? formatNumber(cell) : String(cell);
}
