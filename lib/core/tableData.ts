import type { Estimate } from "./estimate.ts";

/** What stands in one field of a table. */
export type Cell = number | string | boolean | null | Estimate;

/** One row of a table: plain data, by the name of the column. */
export type Row = Readonly<Record<string, Cell>>;

/** What a column holds. */
export const columnKinds = ["parameter", "estimate", "number", "text"] as const;

/** What a column holds: a `parameter` was chosen, the others were found. */
export type ColumnKind = (typeof columnKinds)[number];

/** One column of a table. */
export interface Column {
  /** Key in the rows. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** What a reader sees in its place; the name if absent. */
  readonly label?: string;
  /** Unit of the numbers, for example `ms`; absent where there is none. */
  readonly unit?: string;
}

/** What a table is made of, and what its texts are written from. */
export interface TableData {
  /** In the order in which they are shown; names differ. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** False if work was interrupted, so that rows are missing. */
  readonly complete: boolean;
  /** Number of rows that a complete table would have; absent where unknown. */
  readonly expectedRows?: number;
}

/** Heading of a column: its label, with the unit. */
export function columnHeading({ name, label, unit }: Column): string {
  return unit === undefined ? (label ?? name) : `${label ?? name} (${unit})`;
}

/** Rows from both ends, and how many were left out between them. */
export interface ElidedRows {
  readonly head: readonly Row[];
  readonly left: number;
  readonly tail: readonly Row[];
}

/** Leaves out the middle of a table with more than `limit` rows. */
export function elideRows(rows: readonly Row[], limit: number): ElidedRows {
  if (rows.length <= limit) return { head: rows, left: 0, tail: [] };
  const half = Math.max(1, Math.floor(limit / 2));
  return { head: rows.slice(0, half), left: rows.length - 2 * half, tail: rows.slice(-half) };
}
