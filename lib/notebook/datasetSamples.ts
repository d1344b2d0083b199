import type { Percentile } from "../core/distributions/empiricalFromPercentiles.ts";
import { needOneOf, refuse } from "../core/need.ts";
import { type TimeUnit, timeUnits, toMs, unitOfColumn } from "./datasetUnits.ts";
import { checkLength, plainNumber, recordsOf } from "./readCsv.ts";

/** Where in a file latencies stand, and in which unit. */
export interface LatencyColumn {
  /** Name of the column; other columns of the file are ignored. */
  readonly column: string;
  /** Unit of the numbers in it; must not contradict a unit in the column's name. */
  readonly unit: TimeUnit;
}

/** Where in a file the percentiles of a latency stand. */
export interface PercentileColumns extends LatencyColumn {
  /** Name of the column with the percentiles, numbers in [0, 100]. */
  readonly percentileColumn: string;
}

/**
 * Latencies measured one by one, from one column of a CSV file, in ms: what `empiricalFromSamples`
 * takes as `samplesMs`.
 *
 * @returns latencies in the order of the file, ms, >= 0, one or more
 * @throws {RangeError} with file, line and column, if a field is no latency or the unit is wrong
 */
export function loadLatencySamples(file: string, { column, unit }: LatencyColumn): number[] {
  const where = "loadLatencySamples";
  return columnsOf(where, file, [[column, "latency"]], { column, unit }).map(([value]) =>
    toMs(value!, unit),
  );
}

/**
 * Percentiles of a latency, from two columns of a CSV file: what `empiricalFromPercentiles` takes.
 *
 * @returns lines in the order of the file, latencies in ms; percentages and latencies do not fall
 * @throws {RangeError} with file, line and column, if a field does not fit or an order is broken
 */
export function loadPercentiles(file: string, columns: PercentileColumns): Percentile[] {
  const { percentileColumn, column, unit } = columns;
  const wanted: Wanted = [
    [percentileColumn, "percentile"],
    [column, "latency"],
  ];
  return columnsOf("loadPercentiles", file, wanted, columns).map(([percent, value]) => ({
    percent: percent!,
    valueMs: toMs(value!, unit),
  }));
}

type Wanted = readonly (readonly [name: string, kind: keyof typeof largest])[];

const largest = { latency: Number.MAX_VALUE, percentile: 100 };

/** Fields of some columns as numbers, row by row; percentiles and the latencies beside them rise. */
function columnsOf(
  where: string,
  file: string,
  wanted: Wanted,
  { column, unit }: LatencyColumn,
): number[][] {
  checkUnit(where, column, unit);
  const [header, ...records] = recordsOf(where, file);
  const names = wanted.map(([name]) => name);
  const places = names.map((name) => placeOf(where, file, header!.fields, name));
  if (records.length === 0) refuse(where, `${file} line 2`, "a row below the header", "nothing");
  const previous = names.map(() => 0);
  return records.map((record) => {
    checkLength(where, file, record, header!.fields.length);
    return places.map((place, index) => {
      const text = record.fields[place]!;
      const value = plainNumber(text);
      const min = names.length > 1 ? previous[index]! : 0;
      const max = largest[wanted[index]![1]];
      if (value >= min && value <= max) {
        previous[index] = value;
        return value;
      }
      const field = `${file} line ${record.line}, column ${place + 1} (${names[index]})`;
      const range = max === 100 ? `in [${min}, 100]` : `>= ${min}`;
      const rising = min > 0 ? ", as the table rises" : "";
      return refuse(where, field, `a number ${range}${rising}`, text);
    });
  });
}

function checkUnit(where: string, column: string, unit: TimeUnit): void {
  needOneOf(where, "unit", unit, timeUnits);
  const named = unitOfColumn(column);
  if (named && named !== unit) refuse(where, "unit", `"${named}" as in column ${column}`, unit);
}

function placeOf(where: string, file: string, header: readonly string[], name: string): number {
  const place = header.indexOf(name);
  if (place < 0) refuse(where, "column", `one of ${header.join(", ")} (line 1 of ${file})`, name);
  if (header.lastIndexOf(name) !== place) {
    const field = `${file} line 1, column ${header.lastIndexOf(name) + 1}`;
    refuse(where, field, "a column not seen before", name);
  }
  return place;
}
