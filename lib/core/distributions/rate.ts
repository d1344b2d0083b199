import { type Duration, formatDuration, needDurationMs } from "../duration.ts";
import { needNumber, needRecord, refuse } from "../need.ts";
import { shortNumber } from "./define.ts";

/** How fast an exponential decays: its mean, or its rate as published fits give it. */
export type MeanOrRate =
  /** Mean in ms (or a text such as `"5 ms"`), > 0. */
  | { readonly meanMs: Duration; readonly ratePerMs?: never }
  /** Rate in 1/ms, > 0: one over the mean. */
  | { readonly ratePerMs: number; readonly meanMs?: never };

/** Mean and rate, the one that was given as plain data, and a readable form. */
export interface CheckedRate {
  readonly meanMs: number;
  readonly ratePerMs: number;
  readonly given: { readonly meanMs: number } | { readonly ratePerMs: number };
  readonly text: string;
}

/** Checks that exactly one of mean and rate is given, and is positive. */
export function needMeanOrRate(where: string, parameters: MeanOrRate): CheckedRate {
  const { meanMs, ratePerMs } = needRecord(where, "parameters", parameters);
  if ((meanMs === undefined) === (ratePerMs === undefined)) {
    refuse(where, "parameters", "given either meanMs or ratePerMs", parameters);
  }
  if (meanMs !== undefined) {
    const mean = needDurationMs(where, "meanMs", meanMs, { positive: true });
    const given = { meanMs: mean };
    return { ...given, ratePerMs: 1 / mean, given, text: `mean ${formatDuration(mean)}` };
  }
  const rate = needNumber(where, "ratePerMs", ratePerMs, {
    min: 0,
    exclusiveMin: true,
    exclusiveMax: true,
    unit: "per ms",
  });
  const given = { ratePerMs: rate };
  return { ...given, meanMs: 1 / rate, given, text: `rate ${shortNumber(rate)} per ms` };
}
