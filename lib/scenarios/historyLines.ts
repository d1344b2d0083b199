import type { History, OperationRecord } from "../core/history.ts";
import { needInteger, needNumber, needOneOf, needRecord, refuse } from "../core/need.ts";
import { operationKinds, outcomes } from "../core/protocol.ts";

/** The fields of a line, in their order. */
const fields = [
  ...["id", "kind", "key", "session", "device", "client", "servedBy", "value", "version"],
  ...["invokedMs", "completedMs", "outcome"],
] as const satisfies readonly (keyof OperationRecord)[];

/**
 * A history as JSON Lines: one object for each operation, in the order of invocation, each line with its
 * newline. The same history gives the same bytes.
 *
 * | field | meaning |
 * | --- | --- |
 * | `id` | number of the operation, from 0 |
 * | `kind` | `read`, `write`, or `insert` (asks for a new primary key) |
 * | `key` | number of the key |
 * | `session`, `device` | number of the user, and of his device |
 * | `client`, `servedBy` | node where it was invoked, replica that answered (-1: none) |
 * | `value` | what was written (the `id` of the write), what was read (`null`: nothing there, or no answer), or the primary key |
 * | `version` | place of the value in the order of all entries, epoch * 2^32 + position; 0: none, or not known |
 * | `invokedMs`, `completedMs` | true times in ms; `completedMs` is `null` if it never ended |
 * | `outcome` | `ok`; `failed`: surely did not happen; `indefinite`: may have happened |
 */
export function* historyLines(history: History): Generator<string, void> {
  for (const record of history) {
    yield `${JSON.stringify(Object.fromEntries(fields.map((field) => [field, record[field]])))}\n`;
  }
}

/**
 * The history that lines hold: undoes `historyLines`. Empty lines are skipped, unknown fields ignored.
 *
 * @throws {RangeError} if a line is not JSON, or a field is missing or out of range
 */
export function historyFromLines(lines: Iterable<string>): History {
  const records: OperationRecord[] = [];
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() !== "") records.push(recordFrom(line, `line ${number}`));
  }
  return records;
}

function recordFrom(line: string, name: string): OperationRecord {
  const where = "historyFromLines";
  const given = needRecord(where, name, parse(line, name));
  const integer = (field: keyof OperationRecord, min: number) =>
    needInteger(where, `${name}.${field}`, given[field], { min });
  const orNull = <Value>(value: unknown, read: () => Value) => (value === null ? null : read());
  return {
    id: integer("id", 0),
    kind: needOneOf(where, `${name}.kind`, given.kind, operationKinds),
    key: integer("key", 0),
    session: integer("session", 0),
    device: integer("device", 0),
    client: integer("client", 0),
    servedBy: integer("servedBy", -1),
    value: orNull(given.value, () => integer("value", 0)),
    version: integer("version", 0),
    invokedMs: needNumber(where, `${name}.invokedMs`, given.invokedMs, { min: 0 }),
    completedMs: orNull(given.completedMs, () =>
      needNumber(where, `${name}.completedMs`, given.completedMs, { min: 0 }),
    ),
    outcome: needOneOf(where, `${name}.outcome`, given.outcome, outcomes),
  };
}

function parse(line: string, name: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return refuse("historyFromLines", name, "JSON", line);
  }
}
