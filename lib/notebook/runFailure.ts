import { format, inspect } from "node:util";
import type { CellFailure } from "./runProtocol.ts";

/**
 * Why a cell failed, from what tslab said: one error, or lines of the type checker.
 *
 * @param cell index of the cell, from 0
 * @param errors arguments of each call to the `error` of the kernel's console
 */
export function failureOf(cell: number, errors: readonly unknown[][]): CellFailure {
  const [first] = errors;
  if (!first)
    return { cell, name: "Error", message: "the cell failed without a message", details: "" };
  const thrown = first.length === 1 ? first[0] : undefined;
  if (thrown === undefined) {
    const lines = errors.map((args) => format(...args).replace(/^undefined /, ""));
    return { cell, name: "Type error", message: lines[0]!, details: lines.join("\n") };
  }
  if (!(thrown instanceof Error)) {
    return { cell, name: "Thrown value", message: inspect(thrown), details: inspect(thrown) };
  }
  const isOurs = (line: string): boolean => !/tslab[/\\]dist|\(?node:|runChild\.[tj]s/.test(line);
  const details = inspect(thrown).split("\n").filter(isOurs).join("\n");
  return { cell, name: thrown.name, message: thrown.message.split("\n")[0]!, details };
}
