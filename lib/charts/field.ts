import { refuse } from "../core/need.ts";

/** Rows of a chart: plain records, or a table that holds them in `rows`. */
export type Rows<Row extends object> = readonly Row[] | { readonly rows: readonly Row[] };

/** A column of the rows and what its values are called. */
export interface Field<Row extends object> {
  /** Name of the column. */
  readonly column: Extract<keyof Row, string>;
  /** What the values are, for the reader; the unit goes into `unit`. */
  readonly title: string;
  /** Unit of the values, for example `"ms"`; leave it out for counts and probabilities. */
  readonly unit?: string;
  /** d3 number format, for example `".1%"`; otherwise chosen from the data. */
  readonly format?: string;
}

/** A column drawn along an axis. */
export interface Axis<Row extends object> extends Field<Row> {
  /** Scale of the axis; `"linear"` if left out. */
  readonly scale?: "linear" | "log";
  /** First and last value of the axis; otherwise taken from the data. Marks outside are cut. */
  readonly domain?: readonly [number, number];
}

/** A field of rows whose type no longer matters. */
export interface PlainField {
  readonly column: string;
  readonly title: string;
  readonly unit?: string;
  readonly format?: string;
  readonly scale?: "linear" | "log";
  readonly domain?: readonly [number, number];
}

/** A row whose columns are looked up by name. */
export type DataRow = { readonly [column: string]: unknown };

/** The records of `rows`, with at least one. */
export function recordsOf(where: string, rows: unknown): readonly DataRow[] {
  const records = Array.isArray(rows) ? rows : (rows as { rows?: unknown } | null)?.rows;
  if (!Array.isArray(records)) {
    return refuse(where, "rows", "an array of records or a table with `rows`", rows);
  }
  if (records.length === 0) return refuse(where, "rows", "at least one row", records);
  return records as readonly DataRow[];
}

/** Value of a column that must be there. */
export function cellOf(where: string, field: PlainField, row: DataRow, index: number): unknown {
  const value = row[field.column];
  if (value !== undefined && value !== null) return value;
  const known = Object.keys(row).join(", ");
  return refuse(where, `rows[${index}].${field.column}`, `given (columns: ${known})`, value);
}

/** Value of a column as the text of a category. */
export function nameOf(where: string, field: PlainField, row: DataRow, index: number): string {
  const value = cellOf(where, field, row, index);
  if (typeof value === "object") {
    return refuse(where, `rows[${index}].${field.column}`, "a text or a number", value);
  }
  return String(value);
}

/** Title of an axis or a legend, with the unit. */
export function titleOf(field: { readonly title: string; readonly unit?: string }): string {
  return field.unit === undefined ? field.title : `${field.title} (${field.unit})`;
}

/** Distinct names in the order of the data, or ascending where all are numbers. */
export function orderedNames(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)];
  const numeric = distinct.every((name) => name.trim() !== "" && !Number.isNaN(Number(name)));
  return numeric ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct;
}

/** A name that can stand alone: a bare number gets the title of its column. */
export function labelOf(title: string, name: string): string {
  return title !== "" && name !== "" && !Number.isNaN(Number(name)) ? `${title} = ${name}` : name;
}
