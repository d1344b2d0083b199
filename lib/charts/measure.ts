import type { Estimate } from "../core/estimate.ts";
import { refuse } from "../core/need.ts";
import { cellOf, type DataRow, type PlainField } from "./field.ts";

/** A value to draw, with its interval where there is one. */
export interface Measure {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** Value of a column: a finite number, or an `Estimate` with its interval. */
export function measureOf(where: string, field: PlainField, row: DataRow, index: number): Measure {
  const cell = cellOf(where, field, row, index);
  if (typeof cell === "number" && Number.isFinite(cell)) return { value: cell };
  if (isEstimate(cell)) {
    return cell.low === cell.value && cell.high === cell.value
      ? { value: cell.value }
      : { value: cell.value, low: cell.low, high: cell.high };
  }
  return refuse(where, `rows[${index}].${field.column}`, "a finite number or an estimate", cell);
}

/** Value of a column that must be a plain finite number. */
export function numberOf(where: string, field: PlainField, row: DataRow, index: number): number {
  const cell = cellOf(where, field, row, index);
  if (typeof cell === "number" && Number.isFinite(cell)) return cell;
  return refuse(where, `rows[${index}].${field.column}`, "a finite number", cell);
}

function isEstimate(cell: unknown): cell is Pick<Estimate, "value" | "low" | "high"> {
  if (typeof cell !== "object" || cell === null) return false;
  const { value, low, high } = cell as Record<string, unknown>;
  return (
    Number.isFinite(value) &&
    typeof low === "number" &&
    typeof high === "number" &&
    low <= (value as number) &&
    high >= (value as number)
  );
}
