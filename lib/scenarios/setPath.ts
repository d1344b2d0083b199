import { refuse } from "../core/need.ts";
import { suggestion } from "./shapes/nearest.ts";

const where = "setPath";

/**
 * A scenario, or a part of one, with another value at a path, for example
 * `protocol.options.failover.timeout.minMs` or `faults[0].when.atMs`; the one passed in stays as it is.
 *
 * The way has to exist; its end need not, as fields may be optional, and the number after the last one
 * adds to a list. A new `kind` replaces the whole alternative, which then has its default settings. The
 * value is not checked here: `scenarioFromJson` checks what all settings give together.
 *
 * @throws {RangeError} naming the fields there are, and the nearest, if the path leads nowhere
 */
export function setPath<Given extends object>(
  scenario: Given,
  path: string,
  value: unknown,
): Given {
  return setAt(scenario, needKeys(path), { path, done: [] }, value) as Given;
}

/** The parts of a path: `a.b[2].c` and `a.b.2.c` are the same. */
function needKeys(path: string): readonly string[] {
  const keys = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  const isPath = path !== "" && keys.every((key) => /^[\w-]+$/.test(key));
  return isPath ? keys : refuse(where, "path", "names joined by dots, as in `network.loss`", path);
}

interface Way {
  readonly path: string;
  /** Parts of the path that lead to here. */
  readonly done: readonly string[];
}

function setAt(owner: object, keys: readonly string[], way: Way, value: unknown): unknown {
  const [key, ...rest] = keys as [string, ...string[]];
  const next = { path: way.path, done: [...way.done, key] };
  if (Array.isArray(owner)) return setItem(owner, key, rest, next, value);
  const fields = owner as Readonly<Record<string, unknown>>;
  if (rest.length > 0) {
    return { ...fields, [key]: setAt(needOwner(fields, key, next), rest, next, value) };
  }
  const isOther = key === "kind" && fields.kind !== undefined && fields.kind !== value;
  return isOther ? { kind: value } : { ...fields, [key]: value };
}

function setItem(
  items: readonly unknown[],
  key: string,
  rest: readonly string[],
  way: Way,
  value: unknown,
): unknown {
  const index = Number(key);
  const last = rest.length === 0 ? items.length : items.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) {
    const range = last < 0 ? "left out: the list is empty" : `an integer in [0, ${last}]`;
    refuse(where, `"${key}" of path "${way.path}"`, range, key);
  }
  const copy = [...items];
  copy[index] = rest.length === 0 ? value : setAt(needOwner(items, key, way), rest, way, value);
  return copy;
}

function needOwner(owner: object, key: string, { path, done }: Way): object {
  const found = Object.hasOwn(owner, key)
    ? (owner as Readonly<Record<string, unknown>>)[key]
    : undefined;
  if (typeof found === "object" && found !== null) return found;
  const above = done.slice(0, -1).join(".") || "the scenario";
  const names = Object.keys(owner);
  const isThere = Object.hasOwn(owner, key);
  const what = isThere
    ? `one to something with fields; ${done.join(".")} has none`
    : `one that exists; ${above} has ${names.join(", ") || "no fields"}${suggestion(key, names)}`;
  return refuse(where, `path "${path}"`, what, isThere ? found : key);
}
