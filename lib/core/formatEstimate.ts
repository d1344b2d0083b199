import type { Estimate } from "./estimate.ts";

/** Significant digits of a value that no interval limits. */
const exactDigits = 6;

/** Share of the width of the interval below which a value reads as 0: 1e-22 beside 1e-4 is nothing. */
const negligible = 1e-3;

/**
 * An estimate as text, with as many digits as its interval warrants: its width to two digits; of a number
 * that is not 0 at least one digit that is not 0, unless it is less than a thousandth of that width.
 *
 * Forms: `0.1819 [0.1811, 0.1826]`; an unbounded end `12.4 [11.0, ∞)`; without error `0.444444 (exact)`.
 *
 * @example
 * formatEstimate({ value: 0.18187, low: 0.18112, high: 0.18263, confidence: 0.95, trials: 1e6, method: "wilson" });
 * // => "0.1819 [0.1811, 0.1826]"
 */
export function formatEstimate(estimate: Estimate): string {
  if (estimate.method === "exact") return `${formatNumber(estimate.value)} (exact)`;
  const { value, low, high } = formatEstimateParts(estimate);
  return `${value} ${low}, ${high}`;
}

/** The numbers of an estimate as text, all to the same decimal place. */
export interface EstimateParts {
  readonly value: string;
  /** Lower end with the bracket before it, `[` or, where unbounded, `(`. */
  readonly low: string;
  /** Upper end with the bracket after it, `]` or, where unbounded, `)`. */
  readonly high: string;
}

/** Value and ends of an estimate as text, for tables that line them up. */
export function formatEstimateParts({ value, low, high, method }: Estimate): EstimateParts {
  const error = method === "exact" ? 0 : extent({ value, low, high });
  const text = (x: number): string => (error > 0 ? toPlace(x, error) : formatNumber(x));
  const open = low === Number.NEGATIVE_INFINITY ? "(" : "[";
  const close = high === Number.POSITIVE_INFINITY ? ")" : "]";
  return { value: text(value), low: open + text(low), high: text(high) + close };
}

/**
 * A number as text with up to `digits` significant digits, without trailing zeros; powers of ten
 * where plain digits would hide the size.
 */
export function formatNumber(value: number, digits: number = exactDigits): string {
  if (!Number.isFinite(value)) return infinite(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const rounded = Number(value.toPrecision(digits));
  return isPlain(rounded) ? String(rounded) : rounded.toExponential();
}

/** Width of the interval; from the value to its end where the other end is infinite. */
function extent({ value, low, high }: Pick<Estimate, "value" | "low" | "high">): number {
  if (Number.isFinite(high - low)) return high - low;
  if (Number.isFinite(low) && Number.isFinite(value)) return value - low;
  return Number.isFinite(high) && Number.isFinite(value) ? high - value : 0;
}

/** `value` rounded to the place of the second digit of `error`. */
function toPlace(value: number, error: number): string {
  if (!Number.isFinite(value)) return infinite(value);
  if (value === 0 || value === 1) return String(value);
  const place = Math.floor(Math.log10(error)) - 1;
  if (isPlain(value) || (Math.abs(value) < 1e-4 && place >= -6)) {
    const text = value.toFixed(Math.min(100, Math.max(0, -place)));
    const isHidden = Number(text) === 0 && Math.abs(value) >= error * negligible;
    return isHidden ? formatNumber(value, 1) : text;
  }
  const digits = Math.floor(Math.log10(Math.abs(value))) - place;
  return value.toExponential(Math.min(15, Math.max(0, digits)));
}

function isPlain(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-4 && size < 1e9);
}

function infinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "-∞";
}
