import { needRecord, refuse } from "../core/need.ts";

/**
 * An object with no other fields than those named, so that a misspelt one does not go unnoticed.
 *
 * @throws {RangeError} naming the field that is unknown
 */
export function needFields(
  where: string,
  field: string,
  value: unknown,
  names: readonly string[],
): Record<string, unknown> {
  const record = needRecord(where, field, value);
  const stray = Object.keys(record).find((key) => !names.includes(key));
  if (stray === undefined) return record;
  return refuse(where, `fields of ${field}`, `among ${names.join(", ")}`, stray);
}
