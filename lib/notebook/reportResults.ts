import { isEstimate } from "../core/estimate.ts";
import { tableCsv } from "../core/tableCsv.ts";
import type { Cell, TableData } from "../core/tableData.ts";
import { tableNotes } from "../core/tableNotes.ts";
import { htmlTable, type PlainTable } from "./reportTable.ts";
import { tableData } from "./reportTableData.ts";
import type { Notebook, NotebookCell } from "./runFormat.ts";

/** MIME types of charts, newest first; JupyterLab and VS Code draw version 5. */
export const chartMimes: readonly string[] = [
  "application/vnd.vegalite.v6+json",
  "application/vnd.vegalite.v5+json",
];

/** A table shown in a notebook, or the data behind a chart. */
export interface ReportResult {
  /** `table`, or `chart` for the data that a chart was drawn from. */
  readonly kind: "table" | "chart";
  /** Number of the cell, from 1. */
  readonly cell: number;
  /** Identity of the cell in the notebook. */
  readonly cellId: string;
  /** Name of its CSV file, without the ending. */
  readonly name: string;
  /** Title or caption; empty if it has none. */
  readonly title: string;
  readonly columns: readonly string[];
  /** Rows as they were shown: numbers stay numbers, an estimate keeps its interval. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Tables and data of charts that a notebook shows, in order. */
export function reportResults(notebook: Notebook): ReportResult[] {
  return notebook.cells.flatMap((cell, index) => cellResults(cell, index + 1));
}

function cellResults(cell: NotebookCell, number: number): ReportResult[] {
  const bundles = (cell.outputs ?? []).flatMap((o) => ("data" in o ? [o.data] : []));
  const found = bundles.flatMap((bundle) => {
    const table = tableData(bundle);
    if (table) return [tableResult(table)];
    const html = bundle["text/html"];
    const plain = typeof html === "string" ? htmlTable(html) : undefined;
    if (plain) return [plainResult(plain)];
    const chart = chartMimes.map((mime) => bundle[mime]).find(isRecord);
    return chart ? chartResults(chart) : [];
  });
  return found.map((result, index) => ({
    ...result,
    cell: number,
    cellId: cell.id,
    name: `cell-${String(number).padStart(2, "0")}-${result.kind}-${index + 1}`,
  }));
}

type BareResult = Omit<ReportResult, "cell" | "cellId" | "name">;

function tableResult(table: TableData): BareResult {
  const columns = table.columns.map(({ name }) => name);
  return { kind: "table", title: tableNotes(table).join("; "), columns, rows: table.rows };
}

/** A table that was made as HTML: texts, with numbers where the text is one. */
function plainResult({ caption, rows }: PlainTable): BareResult {
  const head = rows.find((row) => row.isHead)?.cells ?? [];
  const body = rows.filter((row) => !row.isHead);
  const width = Math.max(head.length, ...body.map((row) => row.cells.length));
  const columns = Array.from({ length: width }, (_, i) => head[i] || `column ${i + 1}`);
  const value = (text: string): unknown =>
    text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  const read = (cells: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(columns.map((name, i) => [name, value(cells[i] ?? "")]));
  return { kind: "table", title: caption, columns, rows: body.map((row) => read(row.cells)) };
}

/** The data inside a specification: its own, those of its layers, and named data sets. */
function chartResults(spec: Record<string, unknown>): BareResult[] {
  const sets: unknown[] = isRecord(spec.datasets) ? Object.values(spec.datasets) : [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    if (!isRecord(part)) return;
    if (isRecord(part.data) && Array.isArray(part.data.values)) sets.push(part.data.values);
    for (const name of ["layer", "hconcat", "vconcat", "concat", "spec"]) visit(part[name]);
  };
  visit(spec);
  const title = isRecord(spec.title) ? String(spec.title.text ?? "") : String(spec.title ?? "");
  return sets.flatMap((values) => {
    const rows = (values as unknown[]).filter(isRecord);
    const columns = columnsOf(rows);
    return columns.length === 0 ? [] : [{ kind: "chart" as const, title, columns, rows }];
  });
}

function columnsOf(rows: readonly Record<string, unknown>[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Rows as CSV, as tables write it; what no table holds, such as a list, is written as JSON. */
export function resultCsv({ columns, rows }: ReportResult): string {
  const cells = rows.map((row) => {
    return Object.fromEntries(columns.map((name) => [name, cellOf(row[name])]));
  });
  return tableCsv({
    columns: columns.map((name) => ({ name, kind: "text" })),
    rows: cells,
    complete: true,
  });
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || isEstimate(value)) return value as Cell;
  return JSON.stringify(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
