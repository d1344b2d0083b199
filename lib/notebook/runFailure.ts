import { format, inspect } from "node:util";
import type { CellFailure } from "./runProtocol.ts";

/**
 * Why a cell failed, from what tslab said: one error, or lines of the type checker.
 *
 * @param cell index of the cell, from 0
 * @param errors arguments of each call to the `error` of the kernel's console
 * @param variables those of the cells so far
 */
export function failureOf(
  cell: number,
  errors: readonly unknown[][],
  variables: Readonly<Record<string, unknown>> = {},
): CellFailure {
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
  const hint = shorthandHint(thrown, variables);
  const isOurs = (line: string): boolean => !/tslab[/\\]dist|\(?node:|runChild\.[tj]s/.test(line);
  const details = [...inspect(thrown).split("\n").filter(isOurs), ...hint].join("\n");
  return { cell, name: thrown.name, message: thrown.message.split("\n")[0]!, details };
}

/** tslab 1.0 rewrites `x` of an earlier cell to its place there, but not inside `{ x }`. */
function shorthandHint(error: Error, variables: Readonly<Record<string, unknown>>): string[] {
  const name = error.name === "ReferenceError" && /^(\S+) is not defined/.exec(error.message)?.[1];
  if (!name || !(name in variables)) return [];
  return [
    `${name} is a variable of an earlier cell: write { ${name}: ${name} } instead of { ${name} }`,
  ];
}
