import { type Estimate, isEstimate } from "./estimate.ts";
import { refuse } from "./need.ts";
import { tableCsv } from "./tableCsv.ts";
import type { Cell, Column, Row, TableData } from "./tableData.ts";
import { type TableHtmlOptions, tableHtml } from "./tableHtml.ts";
import { type TableTextOptions, tableText } from "./tableText.ts";

/** What a table is made from: `complete` is true if absent. */
export type TableInput = Omit<TableData, "complete"> & { readonly complete?: boolean };

/** Order of rows. */
export type SortDirection = "ascending" | "descending";

/**
 * A tidy table: one row a case, one column a parameter or a result, estimates with their intervals.
 *
 * Never changed once made; `where` and `sortBy` give new ones.
 *
 * @throws {RangeError} if two columns have one name, or a row has a field without a column
 * @example
 * new Table({ columns: [{ name: "n", kind: "parameter" }], rows: [{ n: 3 }] }).column("n"); // => [3]
 */
export class Table implements TableData {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly complete: boolean;
  readonly expectedRows?: number;

  constructor({ columns, rows, complete = true, expectedRows }: TableInput) {
    needConsistent(columns, rows);
    this.columns = columns;
    this.rows = rows;
    this.complete = complete;
    if (expectedRows !== undefined) this.expectedRows = expectedRows;
  }

  /** Values of one column, in the order of the rows; `null` where a row has none. */
  column(name: string): Cell[] {
    this.needColumn("Table.column", name);
    return this.rows.map((row) => row[name] ?? null);
  }

  /** Numbers of one column; of an estimate its value. */
  numbers(name: string): number[] {
    return this.column(name).map((cell, index) => {
      const value = isEstimate(cell) ? cell.value : cell;
      if (typeof value === "number") return value;
      return refuse("Table.numbers", `rows[${index}].${name}`, "a number or an estimate", value);
    });
  }

  /** Estimates of one column. */
  estimates(name: string): Estimate[] {
    return this.column(name).map((cell, index) => {
      if (isEstimate(cell)) return cell;
      return refuse("Table.estimates", `rows[${index}].${name}`, "an estimate", cell);
    });
  }

  /** Only these columns, in this order. */
  select(...names: readonly string[]): Table {
    for (const name of names) this.needColumn("Table.select", name);
    const columns = names.map((name) => this.columns.find((column) => column.name === name)!);
    const rows = this.rows.map((row) =>
      Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    );
    return new Table({ ...this, columns, rows });
  }

  /**
   * The table with one more column at the right, `values` in the order of the rows.
   *
   * @throws {RangeError} if the name is taken or there is not one value a row
   * @example
   * new Table({ columns: [], rows: [{}, {}] }).withColumn({ name: "n", kind: "number" }, [1, 2]).column("n"); // => [1, 2]
   */
  withColumn(column: Column, values: readonly Cell[]): Table {
    if (values.length !== this.rows.length) {
      refuse("Table.withColumn", "values", `${this.rows.length} values, one a row`, values.length);
    }
    const rows = this.rows.map((row, index) => ({ ...row, [column.name]: values[index]! }));
    return new Table({ ...this, columns: [...this.columns, column], rows });
  }

  /** The rows for which a condition holds. */
  where(predicate: (row: Row) => boolean): Table {
    return new Table({
      columns: this.columns,
      rows: this.rows.filter((row) => predicate(row)),
      complete: this.complete,
    });
  }

  /** The rows in the order of one column; equal ones keep their order, those without a value come last. */
  sortBy(name: string, direction: SortDirection = "ascending"): Table {
    this.needColumn("Table.sortBy", name);
    const cells = (row: Row) => row[name] ?? null;
    const present = this.rows.filter((row) => cells(row) !== null);
    const absent = this.rows.filter((row) => cells(row) === null);
    const sign = direction === "ascending" ? 1 : -1;
    present.sort((first, second) => sign * compareCells(cells(first), cells(second)));
    const rows = [...present, ...absent];
    return new Table({ ...this, rows });
  }

  /** Aligned text for a terminal; long tables are cut in the middle, wide ones are folded. */
  toString(options?: TableTextOptions): string {
    return tableText(this, options);
  }

  /** HTML for a notebook; long tables are cut in the middle. */
  toHtml(options?: TableHtmlOptions): string {
    return tableHtml(this, options);
  }

  /** Comma-separated values by RFC 4180, an estimate as three columns. */
  toCsv(): string {
    return tableCsv(this);
  }

  /** The rows, for `JSON.stringify`, which writes an infinite end as `null`. */
  toJSON(): readonly Row[] {
    return this.rows;
  }

  private needColumn(where: string, name: string): void {
    const names = this.columns.map((column) => column.name);
    if (!names.includes(name)) refuse(where, "name", `one of ${names.join(", ")}`, name);
  }
}

function needConsistent(columns: readonly Column[], rows: readonly Row[]): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) refuse("Table", "columns", "of different names", name);
    names.add(name);
  }
  for (const [index, row] of rows.entries()) {
    const stray = Object.keys(row).find((key) => !names.has(key));
    if (stray !== undefined) refuse("Table", `rows[${index}]`, "without stray fields", stray);
  }
}

/** Numbers and estimates by size, then text by code unit. */
function compareCells(first: Cell, second: Cell): number {
  const a = sortKey(first);
  const b = sortKey(second);
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

function sortKey(cell: Cell): number | string {
  if (isEstimate(cell)) return cell.value;
  return typeof cell === "number" ? cell : String(cell);
}
