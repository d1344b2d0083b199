/**
 * What changed from one state to the next, one line a change: `path: before -> after`, `+ path: value`
 * for what is new, `- path: value` for what is gone. Empty if nothing changed.
 *
 * Parts that are the same object are not looked into, so that two steps of an inspected run are compared
 * in the time that their difference takes.
 *
 * @example
 * stateDifference({ term: 1, log: ["a"] }, { term: 2, log: ["a", "b"] });
 * // => "term: 1 -> 2\n+ log[1]: \"b\""
 */
export function stateDifference(before: unknown, after: unknown): string {
  return differences(before, after, "").join("\n");
}

function differences(before: unknown, after: unknown, path: string): string[] {
  if (Object.is(before, after)) return [];
  if (!isHolder(before) || !isHolder(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [`${path || "state"}: ${inShort(before)} -> ${inShort(after)}`];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const part = pathTo(path, name, Array.isArray(after));
    if (!(name in before)) return [`+ ${part}: ${inShort(after[name])}`];
    if (!(name in after)) return [`- ${part}: ${inShort(before[name])}`];
    return differences(before[name], after[name], part);
  });
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function pathTo(path: string, name: string, isIndex: boolean): string {
  if (isIndex || !/^[A-Za-z_$][\w$]*$/.test(name))
    return `${path}[${isIndex ? name : inShort(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** A value in at most 60 characters. */
function inShort(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
