import { needInteger, needList, needNumber } from "../core/need.ts";
import { needFields } from "./needFields.ts";

/** Clocks of the nodes, as plain data. */
export interface ClockSpec {
  /** Offset of each clock from true time at the start, uniform in [-offsetMs, offsetMs], ms. */
  readonly offsetMs: number;
  /** Drift of each clock, uniform in [-driftPpm, driftPpm], in millionths; below 1,000,000. */
  readonly driftPpm: number;
  /** Clocks of single nodes that are known; absent: none. */
  readonly nodes?: readonly NodeClockSpec[];
  /** Setting of the clocks by a time server; absent: never. */
  readonly resync?: ResyncSpec;
}

/** A clock that is known; what is absent is drawn as for the others. */
export interface NodeClockSpec {
  /** Index of the node. */
  readonly node: number;
  /** Offset from true time at the start, ms: positive is ahead. */
  readonly offsetMs?: number;
  /** Millionths by which it is fast. */
  readonly driftPpm?: number;
}

/**
 * Every so often a clock is set to true time, but for an error uniform in [-boundMs, boundMs]: it jumps,
 * forward or back. The first time comes after a random part of `everyMs`, for each node another.
 */
export interface ResyncSpec {
  /** > 0, ms of true time. */
  readonly everyMs: number;
  /** >= 0, ms. */
  readonly boundMs: number;
}

/** Below this a clock would stand still or run backwards. */
const ppmMax = 1e6;

/**
 * Clocks from their plain data, checked.
 *
 * @param where the function that was given the data, named by errors
 * @param count number of nodes, if known
 * @throws {RangeError} naming the field that is unknown, missing or out of range
 */
export function needClocks(where: string, value: unknown, count: number = Infinity): ClockSpec {
  const spec = needFields(where, "clocks", value, ["offsetMs", "driftPpm", "nodes", "resync"]);
  needFinite(where, "clocks.offsetMs", spec.offsetMs, 0);
  needNumber(where, "clocks.driftPpm", spec.driftPpm, { min: 0, max: ppmMax, exclusiveMax: true });
  if (spec.nodes !== undefined) {
    for (const [i, node] of needList(where, "clocks.nodes", spec.nodes).entries()) {
      needNodeClock(where, `clocks.nodes[${i}]`, node, count);
    }
  }
  if (spec.resync !== undefined) {
    const resync = needFields(where, "clocks.resync", spec.resync, ["everyMs", "boundMs"]);
    const positive = { min: 0, exclusiveMin: true, exclusiveMax: true, unit: "ms" };
    needNumber(where, "clocks.resync.everyMs", resync.everyMs, positive);
    needFinite(where, "clocks.resync.boundMs", resync.boundMs, 0);
  }
  return value as ClockSpec;
}

function needNodeClock(where: string, field: string, value: unknown, count: number): void {
  const spec = needFields(where, field, value, ["node", "offsetMs", "driftPpm"]);
  const max = Math.min(count - 1, Number.MAX_SAFE_INTEGER);
  needInteger(where, `${field}.node`, spec.node, { min: 0, max });
  if (spec.offsetMs !== undefined) needFinite(where, `${field}.offsetMs`, spec.offsetMs, -Infinity);
  if (spec.driftPpm === undefined) return;
  const range = { min: -ppmMax, exclusiveMin: true, exclusiveMax: true };
  needNumber(where, `${field}.driftPpm`, spec.driftPpm, range);
}

function needFinite(where: string, field: string, value: unknown, min: number): void {
  const isOpen = min === -Infinity;
  needNumber(where, field, value, { min, exclusiveMin: isOpen, exclusiveMax: true, unit: "ms" });
}
