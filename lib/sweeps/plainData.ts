import { refuse } from "../core/need.ts";

/**
 * A copy of a configuration as plain data: objects, arrays, numbers, text, truth values and null.
 * Objects with a `toJSON` method, such as distributions, become what it gives.
 *
 * Unlike a way through JSON text, it keeps infinite numbers.
 *
 * @param where function named in errors
 * @param path of the value, named in errors
 * @throws {RangeError} naming the path, if there is a function, a symbol or a cycle
 */
export function plainData(where: string, path: string, value: unknown): unknown {
  return copy(where, path, value, []);
}

function copy(where: string, path: string, value: unknown, above: readonly object[]): unknown {
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    return refuse(where, path, "plain data, which can be sent to a worker", String(value));
  }
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return refuse(where, path, "without cycles", "a cycle");
  const inside = [...above, value];
  if (hasToJson(value)) return copy(where, path, value.toJSON(), inside);
  if (Array.isArray(value)) {
    return value.map((item, index) => copy(where, `${path}.${index}`, item, inside));
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, copy(where, `${path}.${key}`, field, inside)]),
  );
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}
