import { createRequire } from "node:module";
import { refuse } from "./need.ts";
import type { Millis } from "./units.ts";

/** A length of time: a number of ms, or a text with its unit such as `"5 ms"`, `"2 s"`, `"3 h"`. */
export type Duration = number | string;

const acceptedForms =
  'a duration: a number of ms, or a text such as "150 us", "5 ms", "2 s", "1.5 min", "3 h"';

/**
 * A duration in ms, from a number of ms or a text with a unit of time.
 *
 * Units are those of mathjs: ns, us, ms, s, min, h, day, week and their long names ("hours").
 *
 * @param value finite and >= 0
 * @returns ms, in [0, Infinity)
 * @throws {RangeError} if it is negative, not finite, or a text without a number and a unit of time
 * @example
 * durationMs("1.5 min"); // => 90000
 * durationMs("150 us"); // => 0.15
 * durationMs(5); // => 5
 */
export function durationMs(value: Duration): Millis {
  return needDurationMs("durationMs", "value", value);
}

/** What a field accepts beyond "a duration". */
interface DurationRange {
  /** Refuse zero. */
  positive?: boolean;
}

/** As `durationMs`, with an error that names the caller's function and field. */
export function needDurationMs(
  where: string,
  field: string,
  value: unknown,
  { positive = false }: DurationRange = {},
): Millis {
  const ms = typeof value === "string" ? parseMs(value) : value;
  const inRange = typeof ms === "number" && (positive ? ms > 0 : ms >= 0) && ms < Infinity;
  if (inRange) return ms as Millis;
  return refuse(where, field, `${acceptedForms}, ${positive ? "> 0" : ">= 0"}`, value);
}

/** A number, then one unit: mathjs itself would also read `"ms"`, `"1/Hz"` and `"5"`. */
const numberAndUnit = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z]+)\s*$/;

/** ms, or nothing if the text is not a number with a unit of time. */
function parseMs(text: string): number | undefined {
  const [, number, unit] = numberAndUnit.exec(text.replace(/[\u00b5\u03bc]s/, "us")) ?? [];
  const unitMs = unit === undefined ? undefined : sizeMs(unit);
  if (unitMs === undefined) return undefined;
  // One operation with an integer, so that "0.3 ms" is 0.3 and "199.99 us" is 0.19999: mathjs works
  // in seconds and is off by the last digit.
  return unitMs >= 1 ? Number(number) * unitMs : Number(number) / Math.round(1 / unitMs);
}

/** Length of a unit of time in ms; nothing for other units. */
function sizeMs(unit: string): number | undefined {
  try {
    return mathjs().unit(1, unit).toNumber("ms");
  } catch {
    return undefined;
  }
}

/**
 * Loaded at the first text and not before: it takes half a second, more than all else together. It
 * has to be synchronous, and `require` of Node keeps the module.
 */
function mathjs(): typeof import("mathjs") {
  return createRequire(import.meta.url)("mathjs");
}

/** Units for reading, largest first: the first in which the number is at least 1 is taken. */
const readableUnits: readonly (readonly [string, number])[] = [
  ["days", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
  ["us", 1e-3],
  ["ns", 1e-6],
];

/**
 * A duration as a short text for people, rounded to four significant digits.
 *
 * @param ms any number but `NaN`; a difference of durations may be negative
 * @throws {RangeError} if it is not a number
 * @example
 * formatDuration(2500); // => "2.5 s"
 * formatDuration(0.15); // => "150 us"
 */
export function formatDuration(ms: number): string {
  if (typeof ms !== "number" || Number.isNaN(ms)) {
    refuse("formatDuration", "ms", "a number of ms", ms);
  }
  if (ms === 0 || !Number.isFinite(ms)) return `${ms} ms`;
  // The unit is that of the rounded value, so that 999.99 ms becomes 1 s and not 1000 ms.
  const rounded = Number(ms.toPrecision(4));
  const [name, size] =
    readableUnits.find(([, unitMs]) => Math.abs(rounded) >= unitMs) ?? readableUnits.at(-1)!;
  return `${Number((ms / size).toPrecision(4))} ${name}`;
}
