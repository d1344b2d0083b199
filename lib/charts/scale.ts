import { needNumber, refuse } from "../core/need.ts";
import type { ChartSpec } from "./chart.ts";
import { type PlainField, titleOf } from "./field.ts";

/** An axis made ready: its ends, and the `scale` and `axis` of its Vega-Lite channel. */
export interface PlotScale {
  readonly kind: "linear" | "log";
  readonly domain: readonly [number, number];
  /** Whether the caller set the ends, so that marks beyond them must be cut. */
  readonly clip: boolean;
  /** d3 format of single values, in tooltips and readouts. */
  readonly format: string;
  readonly channel: ChartSpec;
}

interface ScaleRequest {
  readonly where: string;
  /** Name of the option, for errors. */
  readonly name: string;
  readonly field: PlainField;
  readonly values: readonly number[];
  /**
   * `round`: the axis ends at round numbers, a linear one holds zero. `tight`: it ends at the first
   * and last value, or at zero where that is near.
   */
  readonly ends: "round" | "tight";
}

/** Scale of an axis that holds all `values`. */
export function plotScale(request: ScaleRequest): PlotScale {
  return request.field.scale === "log" ? logScale(request) : linearScale(request);
}

function linearScale({ where, name, field, values, ends }: ScaleRequest): PlotScale {
  const given = field.domain && needDomain(where, name, field.domain);
  const [min, max] = extent(values);
  const domain = given ?? (ends === "round" ? roundEnds(min, max) : tightEnds(min, max));
  const ticks = ends === "tight" ? wholeTicks(values) : undefined;
  const big = Math.max(...domain.map(Math.abs)) >= 1e5;
  const format = field.format ?? (big ? "~s" : ticks && "d");
  return {
    kind: "linear",
    domain,
    clip: given !== undefined,
    format: field.format ?? ".3~g",
    channel: {
      title: titleOf(field),
      scale: { domain, nice: false, zero: false },
      axis: { ...(ticks && { values: ticks }), ...(format && { format }), labelFlush: false },
    },
  };
}

/** Zero and round numbers around the values. */
function roundEnds(min: number, max: number): [number, number] {
  const [low, high] = padded([Math.min(0, min), Math.max(0, max)]);
  const step = niceStep((high - low) / 10);
  return [exact(Math.floor(low / step + 1e-9) * step), exact(Math.ceil(high / step - 1e-9) * step)];
}

function tightEnds(min: number, max: number): [number, number] {
  return padded(min > 0 && min < 0.1 * max ? [0, max] : [min, max]);
}

/** A tick for each value where they are few whole numbers: counts of replicas have no tenths. */
function wholeTicks(values: readonly number[]): number[] | undefined {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const few = distinct.length <= 12 && distinct.every(Number.isInteger);
  return few && distinct.at(-1)! - distinct[0]! <= 2 * distinct.length ? distinct : undefined;
}

function logScale({ where, name, field, values, ends }: ScaleRequest): PlotScale {
  const wrong = values.findIndex((value) => value <= 0);
  if (wrong !== -1) {
    const remedy = `positive on a log scale (leave such rows out, or use scale: "linear")`;
    return refuse(where, `${name} values`, remedy, values[wrong]);
  }
  const given = field.domain && needDomain(where, name, field.domain, 0);
  const [min, max] = extent(values);
  const whole = ends === "round" || min === max;
  const [low, high] = given ?? (whole ? decades(min, max) : [min, max]);
  return {
    kind: "log",
    domain: [low, high],
    clip: given !== undefined,
    format: field.format ?? ".3~g",
    channel: {
      title: titleOf(field),
      scale: { type: "log", domain: [low, high], nice: false },
      axis: { ...logAxis(low, high, field.format), labelFlush: false },
    },
  };
}

/** Whole decades around the values; around a single decade or less, 1, 2 and 5 end the axis too. */
function decades(min: number, max: number): [number, number] {
  const steps = max / min < 10 ? [1, 2, 5, 10] : [1, 10];
  const floor = 10 ** Math.floor(Math.log10(min));
  const below = steps.findLast((step) => step * floor <= min) ?? 1;
  const top = 10 ** Math.floor(Math.log10(max));
  const above = steps.find((step) => step * top >= max) ?? 10;
  const low = exact(below * floor);
  const high = exact(above * top);
  return low < high ? [low, high] : [exact(low / 2), exact(high * 2)];
}

/** Ticks at powers of ten with readable labels; at 1, 2 and 5 of each where the axis is short. */
function logAxis(low: number, high: number, format: string | undefined): ChartSpec {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  if (to - from < 2) return { values: finerTicks(low, high), format: format ?? "~g" };
  const step = Math.ceil((to - from) / 8);
  const length = Math.floor((to - from) / step) + 1;
  const exponents = Array.from({ length }, (_, k) => from + k * step);
  const values = exponents.map((exponent) => Number(`1e${exponent}`));
  if (format !== undefined) return { values, format };
  const labels = Object.fromEntries(exponents.map((e, k) => [String(values[k]), powerLabel(e)]));
  return { values, labelExpr: `(${JSON.stringify(labels)})[datum.value]` };
}

function finerTicks(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const exponents = Array.from(
    { length: Math.ceil(Math.log10(high)) - from + 1 },
    (_, k) => from + k,
  );
  const ticks = exponents.flatMap((exponent) =>
    [1, 2, 5].map((step) => Number(`${step}e${exponent}`)),
  );
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

function powerLabel(exponent: number): string {
  if (exponent >= -3 && exponent <= 4) return Number(`1e${exponent}`).toLocaleString("en-US");
  const digits = [...String(Math.abs(exponent))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
  return `10${exponent < 0 ? "⁻" : ""}${digits.join("")}`;
}

function needDomain(
  where: string,
  name: string,
  [low, high]: readonly [number, number],
  above = -Infinity,
): [number, number] {
  needNumber(where, `${name}.domain[0]`, low, { min: above, exclusiveMin: true });
  needNumber(where, `${name}.domain[1]`, high, {
    min: low,
    exclusiveMin: true,
    max: Number.MAX_VALUE,
  });
  return [low, high];
}

function extent(values: readonly number[]): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  // Nothing has a place on the axis, such as zeros on a log scale: around one.
  for (const value of values.length > 0 ? values : [1]) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

function padded([low, high]: [number, number]): [number, number] {
  // Below the smallest normal numbers steps would round to zero.
  if (high - low > 1e-290) return [low, high];
  const size = Math.abs(low) / 2;
  const margin = size > 1e-290 ? size : 1;
  return [low - margin, high + margin];
}

/** Removes the rounding of a product with a power of ten. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** The largest of 1, 2 and 5 times a power of ten that is at most `wanted`. */
export function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [5, 2, 1].find((step) => step * power <= wanted * (1 + 1e-9)) ?? 1;
  return exact(factor * power);
}

/** Place of a value between the ends of its axis, 0 to 1. */
export function partOf(value: number, { kind, domain: [low, high] }: PlotScale): number {
  if (kind === "linear") return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}
