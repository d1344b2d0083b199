import { refuse } from "../core/need.ts";
import { type CsvRecord, CsvSyntaxError, parseCsv } from "./datasetCsv.ts";
import { readText } from "./datasetFile.ts";
import { unitOfColumn, withoutUnit } from "./datasetUnits.ts";

/** What a column holds: `optional-number` may be empty, everything else may not. */
export type CsvKind = "text" | "number" | "integer" | "optional-number";

/** What a column of a CSV file must hold. */
export interface CsvColumn<Kind extends CsvKind = CsvKind> {
  readonly kind: Kind;
  /** Smallest number accepted, in the unit of the column's name. */
  readonly min?: number;
  /** Largest number accepted, in the unit of the column's name. */
  readonly max?: number;
  /** The texts accepted. */
  readonly oneOf?: readonly string[];
}

/** Columns of a CSV file by name; a name ends in its unit, for example `latencyMs`. */
export interface CsvSchema {
  readonly [column: string]: CsvKind | CsvColumn;
}

/** Value of a field of one kind. */
export type CsvValue<Kind> = Kind extends "text"
  ? string
  : Kind extends "optional-number"
    ? number | undefined
    : number;

/** One row of a file read with a schema. */
export type CsvRow<Schema extends CsvSchema> = {
  readonly [Name in keyof Schema]: CsvValue<
    Schema[Name] extends { readonly kind: infer Kind } ? Kind : Schema[Name]
  >;
};

/**
 * Reads a CSV file (RFC 4180, UTF-8, first line the names of the columns) into typed rows.
 *
 * The file must have exactly the columns of the schema, in any order, and every field must fit. The
 * unit stands in the name of the column: a file with `latencyUs` is refused where `latencyMs` is due.
 *
 * @param file path; a relative one starts at the working directory, in a notebook its folder
 * @param schema kind of each column, or `{ kind, min, max, oneOf }`
 * @returns rows in the order of the file, one or more
 * @throws {RangeError} one line with file, line and column, if anything does not fit
 * @see RFC 4180, section 2
 */
export function readCsv<Schema extends CsvSchema>(file: string, schema: Schema): CsvRow<Schema>[] {
  return readCsvAs("readCsv", file, schema);
}

/** `readCsv` on behalf of another loader, whose name the errors carry. */
export function readCsvAs<Schema extends CsvSchema>(
  where: string,
  file: string,
  schema: Schema,
): CsvRow<Schema>[] {
  const [header, ...records] = recordsOf(where, file);
  const names = header!.fields;
  checkHeader(where, file, header!, Object.keys(schema));
  if (records.length === 0) refuse(where, `${file} line 2`, "a row below the header", "nothing");
  const columns = names.map((name) => columnOf(schema[name]!));
  return records.map((record) => {
    checkLength(where, file, record, names.length);
    const row: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) {
      row[name] = fieldValue(record.fields[index]!, columns[index]!, (what, value) =>
        refuse(where, `${file} line ${record.line}, column ${index + 1} (${name})`, what, value),
      );
    }
    return row as CsvRow<Schema>;
  });
}

/** Records of a file; the first is the header. Used where only some columns are of interest. */
export function recordsOf(where: string, file: string): CsvRecord[] {
  const text = readText(where, file);
  try {
    const records = parseCsv(text);
    if (records.length > 0) return records;
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    refuse(
      where,
      `${file} line ${error.line}, column ${error.column}`,
      error.message,
      "other text",
    );
  }
  return refuse(where, `${file} line 1`, "a header with the names of the columns", "an empty file");
}

/** Refuses a record with more or fewer fields than the header. */
export function checkLength(where: string, file: string, record: CsvRecord, length: number): void {
  const { line, fields } = record;
  if (fields.length === length) return;
  const column = Math.min(fields.length, length) + 1;
  const got = fields.length === 1 && fields[0] === "" ? "an empty line" : `${fields.length} fields`;
  refuse(where, `${file} line ${line}, column ${column}`, `one of ${length} fields`, got);
}

/** A finite number written in full, or NaN. */
export function plainNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function columnOf(column: CsvKind | CsvColumn): CsvColumn {
  return typeof column === "string" ? { kind: column } : column;
}

function checkHeader(where: string, file: string, header: CsvRecord, wanted: string[]): void {
  const names = header.fields;
  for (const [index, name] of names.entries()) {
    const field = `${file} line ${header.line}, column ${index + 1}`;
    if (names.indexOf(name) < index) refuse(where, field, "a column not seen before", name);
    if (wanted.includes(name)) continue;
    const sameQuantity = wanted.find(
      (other) => withoutUnit(other) === withoutUnit(name) && !names.includes(other),
    );
    const what = sameQuantity
      ? `"${sameQuantity}" in ${unitOfColumn(sameQuantity) ?? "no unit"}`
      : `one of the columns ${wanted.join(", ")}`;
    refuse(where, field, what, name);
  }
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const field = `${file} line ${header.line}, column ${names.length + 1}`;
  refuse(where, field, `the missing column ${missing.join(", ")}`, "the end of the line");
}

type Refusal = (what: string, value: string) => never;

function fieldValue(text: string, column: CsvColumn, fail: Refusal): string | number | undefined {
  if (column.kind === "text") {
    if (text === "") fail("a text", text);
    const { oneOf } = column;
    if (oneOf && !oneOf.includes(text)) fail(`one of ${oneOf.join(", ")}`, text);
    return text;
  }
  if (column.kind === "optional-number" && text === "") return undefined;
  const value = plainNumber(text);
  const { kind, min = -Infinity, max = Infinity } = column;
  const fits = Number.isFinite(value) && value >= min && value <= max;
  if (fits && (kind !== "integer" || Number.isSafeInteger(value))) return value;
  const noun = kind === "integer" ? "an integer" : "a number";
  const range = min === -Infinity && max === Infinity ? "" : ` in [${min}, ${max}]`;
  return fail(`${noun}${range}${unitHint(text)}`, text);
}

/** A number with a unit behind it deserves a word on where units stand. */
function unitHint(text: string): string {
  return /^[+-]?[\d.]+\s*[a-zµμ]+$/i.test(text) ? " (the unit stands in the column's name)" : "";
}
