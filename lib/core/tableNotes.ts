import { isEstimate } from "./estimate.ts";
import { formatNumber } from "./formatEstimate.ts";
import type { TableData } from "./tableData.ts";

/** What a reader of a table must know beside its rows: confidence, size, and what is missing. */
export function tableNotes(table: TableData): string[] {
  return [incompleteNote(table), confidenceNote(table)].filter((note) => note !== "");
}

function incompleteNote({ complete, rows, expectedRows }: TableData): string {
  if (complete) return "";
  // Of some of the rows nobody knows how many there would be.
  if (expectedRows === undefined) return "incomplete: rows are missing";
  return `incomplete: ${rows.length} of ${expectedRows} rows were finished`;
}

function confidenceNote({ rows }: TableData): string {
  const levels = rows
    .flatMap((row) => Object.values(row))
    .filter(isEstimate)
    .filter(({ method }) => method !== "exact")
    .map(({ confidence }) => confidence);
  const distinct = [...new Set(levels)].sort((first, second) => first - second);
  if (distinct.length === 0) return "";
  return `intervals: ${distinct.map((level) => `${formatNumber(100 * level)} %`).join(", ")}`;
}
