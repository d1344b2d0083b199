import type { ChartSpec } from "./chart.ts";
import { titleOf } from "./field.ts";
import type { PlainHeatMapOptions } from "./heatMap.ts";
import { magnitudeScheme } from "./palette.ts";
import type { PlotScale } from "./scale.ts";
import { valueTooltip } from "./tooltip.ts";

/** What the layers are made from. */
export interface HeatStyle {
  readonly options: PlainHeatMapOptions;
  readonly scale: PlotScale;
  readonly columns: readonly string[];
  readonly lines: readonly string[];
  readonly roomy: boolean;
  readonly hasInterval: boolean;
  /** Whether any cell has a colour: zeros on a log scale have none. */
  readonly hasColour: boolean;
}

/** Layers of a heat map: cells, and their values in the ink that reads best. */
export function heatLayers({
  options,
  scale,
  columns,
  lines,
  roomy,
  hasInterval,
  hasColour,
}: HeatStyle): ChartSpec[] {
  const axis = { labelAngle: 0, grid: false, domain: false, ticks: false };
  const gap = { paddingInner: 0.03 };
  const place = {
    x: { field: "x", type: "ordinal", title: titleOf(options.x), sort: columns, axis, scale: gap },
    y: {
      field: "y",
      type: "ordinal",
      title: titleOf(options.y),
      sort: lines.toReversed(),
      axis,
      scale: gap,
    },
  };
  const value = valueTooltip({
    field: "value",
    title: titleOf(options.value),
    format: scale.format,
    low: "low",
    high: "high",
    hasInterval,
  });
  const tooltip = [
    { field: "x", type: "nominal", title: titleOf(options.x) },
    { field: "y", type: "nominal", title: titleOf(options.y) },
    ...value.lines,
  ];
  const type = scale.kind === "log" ? { type: "log" } : {};
  const color = {
    field: "value",
    type: "quantitative",
    title: titleOf(options.value),
    scale: { ...type, domain: scale.domain, scheme: magnitudeScheme },
    legend: !hasColour
      ? null
      : {
          orient: "right",
          titleOrient: "right",
          gradientThickness: 12,
          ...legendLabels(scale),
        },
  };
  const words = `isValid(datum.value) ? format(datum.value, ${JSON.stringify(scale.format)}) : isValid(datum.high) ? '≤ ' + format(datum.high, '.2~g') : '0'`;
  // Cells without a colour keep the ink of the theme.
  const text = ["white", "black", "plain"].map(
    (ink): ChartSpec => ({
      transform: [{ filter: `datum.ink === '${ink}'` }, { calculate: words, as: "words" }],
      mark: { type: "text", style: "label", ...(ink !== "plain" && { color: ink }) },
      encoding: { ...place, text: { field: "words", type: "nominal" } },
    }),
  );
  return [
    {
      transform: [{ filter: "isValid(datum.value)" }, ...value.transform],
      mark: { type: "rect" },
      encoding: { ...place, color, tooltip },
    },
    ...(roomy ? text : []),
  ];
}

/** Labels of the colour scale: those of an axis. */
function legendLabels(scale: PlotScale): ChartSpec {
  const { values, labelExpr, format } = scale.channel.axis as ChartSpec;
  return {
    ...(values !== undefined && { values }),
    ...(labelExpr !== undefined && { labelExpr }),
    ...(format !== undefined && { format }),
  };
}
