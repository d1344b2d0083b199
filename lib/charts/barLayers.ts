import type { PlainBarOptions } from "./barChart.ts";
import type { ChartSpec } from "./chart.ts";
import { titleOf } from "./field.ts";
import type { PlotScale } from "./scale.ts";
import type { PlotSeries } from "./series.ts";
import { type Tooltip, valueTooltip } from "./tooltip.ts";

/** Width of a character of an axis label, 11 px DejaVu Sans, on average. */
export const charWidthPx: number = 7;

/** What the layers are made from. */
export interface BarStyle {
  readonly options: PlainBarOptions;
  readonly widthPx: number;
  readonly value: PlotScale;
  readonly series: PlotSeries;
  readonly categories: readonly string[];
  readonly rows: readonly ChartSpec[];
  /** Bars seen at one time. */
  readonly shownCount: number;
}

/** Layers of bars: bars or dots, error bars, bounds, values. */
export function barLayers(style: BarStyle): ChartSpec[] {
  const { options, widthPx, value, series, categories, rows, shownCount } = style;
  const [along, across] = options.direction === "right" ? ["x", "y"] : ["y", "x"];
  const tilt = options.direction === "right" ? 0 : labelAngle(categories, widthPx);
  const place: ChartSpec = {
    [across]: {
      field: "category",
      type: "nominal",
      title: titleOf(options.category),
      sort: categories,
      axis: { labelAngle: tilt, grid: false, labelLimit: 220 },
      scale: { type: "band", paddingInner: 0.25, paddingOuter: 0.15 },
    },
    ...(series.names.length > 1 && {
      [`${across}Offset`]: { field: "series", type: "nominal", sort: series.names },
    }),
  };
  const at = (field: string): ChartSpec => ({
    [along]: { field, type: "quantitative", ...value.channel },
  });
  const { transform, lines: tooltip } = barTooltip(style);
  const dots = value.kind === "log";
  const bar: ChartSpec = dots
    ? {
        transform,
        mark: { type: "point", filled: true, size: 70, opacity: 1, clip: value.clip },
        encoding: { ...place, ...at("y"), ...series.colour, tooltip },
      }
    : {
        transform,
        mark: { type: "bar", clip: value.clip },
        encoding: { ...place, ...at("y"), ...series.colour, tooltip },
      };
  const bounds: ChartSpec = {
    transform: [{ filter: "isValid(datum.bound)" }, ...transform],
    mark: {
      type: "point",
      shape: options.direction === "right" ? "triangle-left" : "triangle-down",
      filled: false,
      size: 60,
      opacity: 1,
      clip: value.clip,
    },
    encoding: { ...place, ...at("bound"), ...series.colour, tooltip },
  };
  return [
    bar,
    ...(rows.some((row) => row.low !== undefined)
      ? errorBars({ place, at, along, value, dots })
      : []),
    ...(rows.some((row) => row.bound !== undefined) ? [bounds] : []),
    ...(!dots && shownCount <= 12 ? [valueLabels({ place, at, along, value })] : []),
  ];
}

/** Names stay level while they fit beside each other. */
function labelAngle(categories: readonly string[], widthPx: number): number {
  const longest = Math.max(...categories.map((name) => name.length));
  return longest * charWidthPx > widthPx / categories.length ? -40 : 0;
}

interface MarkPlace {
  readonly place: ChartSpec;
  readonly at: (field: string) => ChartSpec;
  readonly along: string | undefined;
  readonly value: PlotScale;
}

function errorBars({ place, at, along, value, dots }: MarkPlace & { dots: boolean }): ChartSpec[] {
  const [bottom, top] = value.domain;
  const transform = [
    { filter: "isValid(datum.low)" },
    { calculate: `max(datum.low, ${bottom})`, as: "lower" },
    { calculate: `isValid(datum.high) ? datum.high : ${top}`, as: "upper" },
  ];
  const stem = { ...place, ...at("lower"), [`${along}2`]: { field: "upper" } };
  const cap = { type: "tick", style: "interval", thickness: 1.5, size: 8, clip: value.clip };
  // Dots carry their interval in their own place; on a bar it is drawn over the end of the bar.
  return [
    {
      transform,
      mark: { type: "rule", style: "interval", strokeWidth: dots ? 2 : 1.5, clip: value.clip },
      encoding: stem,
    },
    ...["lower", "upper"].map((end) => ({
      transform: [...transform, { filter: `isValid(datum.y) && datum.${end} > ${bottom}` }],
      mark: cap,
      encoding: { ...place, ...at(end) },
    })),
  ];
}

function valueLabels({ place, at, along, value }: MarkPlace): ChartSpec {
  const offset = along === "y" ? { dy: -5, baseline: "bottom" } : { dx: 5, align: "left" };
  return {
    transform: [
      { filter: "isValid(datum.y)" },
      { calculate: "isValid(datum.high) ? max(datum.y, datum.high) : datum.y", as: "end" },
    ],
    mark: { type: "text", style: "label", ...offset },
    encoding: {
      ...place,
      ...at("end"),
      text: { field: "y", type: "quantitative", format: value.format },
    },
  };
}

function barTooltip({ options, value, series, rows }: BarStyle): Tooltip {
  const hasInterval = rows.some((row) => row.low !== undefined);
  const ends = { low: "low", high: "high", hasInterval };
  const words = valueTooltip({
    field: "y",
    title: titleOf(options.value),
    format: value.format,
    ...ends,
  });
  const category = { field: "category", type: "nominal", title: titleOf(options.category) };
  const name = { field: "series", type: "nominal", title: options.series?.title };
  const lines = [category, ...(series.names.length > 1 ? [name] : []), ...words.lines];
  return { transform: words.transform, lines };
}
