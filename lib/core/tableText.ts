import { isEstimate } from "./estimate.ts";
import { formatEstimateParts, formatNumber } from "./formatEstimate.ts";
import { type Cell, type Column, columnHeading, elideRows, type TableData } from "./tableData.ts";
import { tableNotes } from "./tableNotes.ts";

/** A cell in pieces, each of which lines up with the same piece of the cells above and below. */
type Pieces = readonly string[];

/** How much of a table is shown. */
export interface TableTextOptions {
  /** Most rows shown, from both ends; 40 if absent. */
  readonly rowLimit?: number;
  /** Width of the screen in characters; columns that do not fit go below. Unlimited if absent. */
  readonly width?: number;
}

/** Heading and cells of a column, all of one width. */
type ColumnText = readonly string[];

/**
 * A table as aligned text for a terminal. The middle of a long table is left out; one that is wider
 * than the screen is folded, with its parameters repeated beside every part.
 */
export function tableText(
  table: TableData,
  { rowLimit = 40, width = Number.POSITIVE_INFINITY }: TableTextOptions = {},
): string {
  const { head, left, tail } = elideRows(table.rows, rowLimit);
  const texts = table.columns.map((column) => {
    const cells = [...head, ...tail].map((row) => row[column.name] ?? null);
    return { isParameter: column.kind === "parameter", text: columnText(column, cells) };
  });
  const parameters = texts.filter(({ isParameter }) => isParameter).map(({ text }) => text);
  const others = texts.filter(({ isParameter }) => !isParameter).map(({ text }) => text);
  const isFolded = widthOf(texts.map(({ text }) => text)) > width && parameters.length > 0;
  const blocks = isFolded
    ? fold(others, width - widthOf(parameters)).map((part) => [...parameters, ...part])
    : [texts.map(({ text }) => text)];
  const gap = { after: head.length, text: left === 0 ? undefined : `… ${left} more rows …` };
  const parts = blocks.map((columns) => blockText(columns, gap));
  return [parts.join("\n\n"), ...tableNotes(table)].join("\n");
}

/** Columns side by side, under a rule, with the gap where rows were left out. */
function blockText(
  columns: readonly ColumnText[],
  gap: { readonly after: number; readonly text: string | undefined },
): string {
  const [heading = "", ...rows] = (columns[0] ?? []).map((_, index) =>
    columns.map((column) => column[index]).join(separator),
  );
  const body =
    gap.text === undefined
      ? rows
      : [...rows.slice(0, gap.after), gap.text, ...rows.slice(gap.after)];
  const rule = "─".repeat(heading.length);
  return [heading, rule, ...body].map((line) => line.trimEnd()).join("\n");
}

const separator = "  ";

/** Groups of consecutive columns that fit into a width, at least one column each. */
function fold(columns: readonly ColumnText[], width: number): ColumnText[][] {
  const groups: ColumnText[][] = [[]];
  for (const column of columns) {
    const group = groups.at(-1)!;
    const isFull = widthOf([...group, column]) + separator.length > width;
    if (isFull && group.length > 0) groups.push([column]);
    else group.push(column);
  }
  return groups;
}

function widthOf(columns: readonly ColumnText[]): number {
  const widths = columns.map((column) => column[0]!.length);
  const separators = separator.length * Math.max(0, columns.length - 1);
  return widths.reduce((sum, width) => sum + width, separators);
}

function columnText(column: Column, cells: readonly Cell[]): ColumnText {
  const alignLeft = cells.every((cell) => typeof cell === "string" || cell === null);
  const parts = cells.map(pieces);
  const texts = alignLeft ? parts.map((each) => each.join("")) : joinPieces(parts);
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
