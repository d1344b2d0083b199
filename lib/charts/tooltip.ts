import type { ChartSpec } from "./chart.ts";

/** A tooltip: transforms that make its words, and its lines. */
export interface Tooltip {
  readonly transform: readonly ChartSpec[];
  readonly lines: readonly ChartSpec[];
}

interface TooltipRequest {
  /** Field of the value and title of its line. */
  readonly field: string;
  readonly title: string;
  /** d3 format of the numbers. */
  readonly format: string;
  /** Fields of the ends of its interval, where rows have one. */
  readonly low: string;
  readonly high: string;
  readonly hasInterval: boolean;
}

/**
 * Lines of a tooltip for a value and its interval, as words made by a transform: rows without an
 * interval, and values of zero below a log axis, would otherwise read `NaN`.
 */
export function valueTooltip(request: TooltipRequest): Tooltip {
  const { field, title, format, low, high, hasInterval } = request;
  const number = (name: string): string => `format(datum.${name}, ${JSON.stringify(format)})`;
  const bounded = `${number(low)} + ' to ' + ${number(high)}`;
  const interval = `isValid(datum.${high}) ? ${bounded} : ${number(low)} + ' or more'`;
  const [valueWords, intervalWords] = [`${field}Words`, `${field}IntervalWords`];
  return {
    transform: [
      { calculate: `isValid(datum.${field}) ? ${number(field)} : '0'`, as: valueWords },
      ...(hasInterval
        ? [{ calculate: `isValid(datum.${low}) ? (${interval}) : 'exact'`, as: intervalWords }]
        : []),
    ],
    lines: [
      { field: valueWords, type: "nominal", title },
      ...(hasInterval ? [{ field: intervalWords, type: "nominal", title: "interval" }] : []),
    ],
  };
}
