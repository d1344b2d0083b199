import { isEstimate } from "../core/estimate.ts";
import { formatEstimate } from "../core/formatEstimate.ts";
import { type Cell, columnHeading, type Row, type TableData } from "../core/tableData.ts";
import { tableNotes } from "../core/tableNotes.ts";
import { formatCell } from "../core/tableText.ts";
import { htmlTable, type PlainTable } from "./reportTable.ts";
import type { MimeBundle } from "./runFormat.ts";

/**
 * MIME type under which a table shows its data beside its text: an object with the fields of
 * `TableData`.
 */
export const tableMime = "application/vnd.quorumlab.table+json";

/** The data of a table in a bundle, undefined if the bundle holds none. */
export function tableData(data: MimeBundle): TableData | undefined {
  const json = data[tableMime] as Partial<TableData> | undefined;
  if (!Array.isArray(json?.columns) || !Array.isArray(json.rows)) return undefined;
  const rows = json.rows.map(revive);
  const { columns, complete = true, expectedRows } = json as TableData;
  return { columns, rows, complete, ...(expectedRows !== undefined && { expectedRows }) };
}

/** JSON has no infinity: an open end of an interval was written as null. */
function revive(row: Row): Row {
  const entries = Object.entries(row).map(([name, cell]) => {
    const ends = cell as { method?: unknown; low?: unknown; high?: unknown } | null;
    if (typeof ends !== "object" || ends === null || typeof ends.method !== "string")
      return [name, cell];
    const { low, high } = ends;
    return [
      name,
      { ...ends, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY },
    ];
  });
  return Object.fromEntries(entries);
}

/** The table that a bundle shows, as texts: from its data, else from its HTML. */
export function shownTable(data: MimeBundle): PlainTable | undefined {
  const table = tableData(data);
  if (table) return plainTable(table);
  const html = data["text/html"];
  return typeof html === "string" ? htmlTable(html) : undefined;
}

function plainTable(table: TableData): PlainTable {
  const { columns, rows } = table;
  const isText = (name: string): boolean =>
    rows.every((row) => typeof (row[name] ?? "") === "string");
  return {
    caption: tableNotes(table).join("; "),
    alignments: columns.map(({ name }) => (isText(name) ? "left" : "right")),
    rows: [
      { cells: columns.map(columnHeading), isHead: true },
      ...rows.map((row) => ({ cells: columns.map(({ name }) => text(row[name])), isHead: false })),
    ],
  };
}

function text(cell: Cell | undefined): string {
  const value = cell ?? null;
  return isEstimate(value) ? formatEstimate(value) : formatCell(value);
}
