import { produce } from "immer";
import { refuse } from "../core/need.ts";
import type { Cell } from "../core/tableData.ts";
import { plainData } from "./plainData.ts";

/** Values to set in a configuration, by path: `n`, or `latency.legs.w.meanMs`. */
export type GridPoint = Readonly<Record<string, unknown>>;

/** A grid, as the values of each path, or its points one by one. */
export type Grid = Readonly<Record<string, readonly unknown[]>> | readonly GridPoint[];

/** All points of a grid; the last path varies fastest. */
export function gridPoints(grid: Grid): readonly GridPoint[] {
  if (isListOfPoints(grid)) return needPoints(grid);
  const axes = Object.entries(grid);
  for (const [path, values] of axes) {
    const isAxis = Array.isArray(values) && values.length > 0;
    if (!isAxis) refuse("sweep", `over["${path}"]`, "a list of at least one value", values);
  }
  return axes.reduce<readonly GridPoint[]>(
    (points, [path, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [path]: value }))),
    [{}],
  );
}

/** Paths that any of the points sets, in order of first appearance. */
export function gridPaths(points: readonly GridPoint[]): string[] {
  return [...new Set(points.flatMap((point) => Object.keys(point)))];
}

/**
 * A configuration with the values of a grid point in it; the one passed in stays as it is.
 *
 * @throws {RangeError} if a path leads nowhere in the configuration
 */
export function configAt(base: object, point: GridPoint): object {
  return produce(base, (draft) => {
    for (const [path, value] of Object.entries(point)) {
      const { owner, key } = resolve(draft, path);
      owner[key] = plainData("sweep", path, value);
    }
  });
}

/** What a configuration holds at a path, as a field of a table. */
export function cellAt(config: object, path: string): Cell {
  const { owner, key } = resolve(config, path);
  const value = owner[key];
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
}

/** A value that a person chose, as a field of a table: by its name or `toString` where it has one. */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object") return value as Cell;
  if ("name" in value && typeof value.name === "string") return value.name;
  const isNamed = !Array.isArray(value) && value.toString !== Object.prototype.toString;
  return isNamed ? String(value) : JSON.stringify(value);
}

/** A grid point for a person to read: `n=3, r=4`. */
export function pointText(point: GridPoint): string {
  const fields = Object.entries(point).map(([path, value]) => `${path}=${cellOf(value)}`);
  return fields.length === 0 ? "the base" : fields.join(", ");
}

function isListOfPoints(grid: Grid): grid is readonly GridPoint[] {
  return Array.isArray(grid);
}

function needPoints(points: readonly GridPoint[]): readonly GridPoint[] {
  for (const [index, point] of points.entries()) {
    const isPoint = typeof point === "object" && point !== null && !Array.isArray(point);
    if (!isPoint) refuse("sweep", `over[${index}]`, "an object of values by path", point);
  }
  return points;
}

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

function resolve(config: object, path: string): Place {
  const keys = path.split(".");
  let owner = config as Record<string, unknown>;
  for (const [depth, key] of keys.entries()) {
    if (!Object.hasOwn(owner, key)) {
      const above = keys.slice(0, depth).join(".") || "the configuration";
      const known = Object.keys(owner).join(", ") || "nothing";
      refuse("sweep", `path "${path}"`, `in the configuration: ${above} has ${known}`, key);
    }
    const next = owner[key];
    if (depth === keys.length - 1) return { owner, key };
    if (typeof next !== "object" || next === null) {
      const here = keys.slice(0, depth + 1).join(".");
      refuse("sweep", `path "${path}"`, `in the configuration: ${here} has no fields`, next);
    }
    owner = next as Record<string, unknown>;
  }
  return { owner, key: path };
}
