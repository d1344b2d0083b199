import { isEstimate } from "./estimate.ts";
import type { Cell, Column, TableData } from "./tableData.ts";

/**
 * A table as comma-separated values. An estimate becomes three columns, `name`, `name_low` and
 * `name_high`; numbers keep all their digits; an open end is `Infinity` or `-Infinity`.
 *
 * @see RFC 4180
 */
export function tableCsv({ columns, rows }: TableData): string {
  const wide = columns.map((column) => ({
    column,
    isWide: column.kind === "estimate" || rows.some((row) => isEstimate(row[column.name] ?? null)),
  }));
  const heading = wide.flatMap(({ column, isWide }) => names(column, isWide));
  const body = rows.map((row) =>
    wide.flatMap(({ column, isWide }) => fields(row[column.name] ?? null, isWide)),
  );
  return [heading, ...body].map((line) => `${line.map(quote).join(",")}\r\n`).join("");
}

function names({ name }: Column, isWide: boolean): string[] {
  return isWide ? [name, `${name}_low`, `${name}_high`] : [name];
}

function fields(cell: Cell, isWide: boolean): string[] {
  if (isEstimate(cell)) return [cell.value, cell.low, cell.high].map(String);
  const text = cell === null ? "" : String(cell);
  return isWide ? [text, text, text] : [text];
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
