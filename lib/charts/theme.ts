import type { Chart, ChartSpec } from "./chart.ts";
import { type ChartTheme, magnitudeScheme, neutrals, seriesColours } from "./palette.ts";

/** Fonts of charts: those of the reader's system; the bundled DejaVu Sans where we draw ourselves. */
export const chartFont = "Helvetica Neue, Segoe UI, Arial, DejaVu Sans, sans-serif";

/**
 * Specification of a chart on a dark or a light ground. Charts are made for light: an opaque
 * background, because one picture must serve readers of GitHub in both themes.
 */
export function withTheme(chart: Chart, theme: ChartTheme): ChartSpec {
  return { ...chart.spec, background: neutrals[theme].background, config: themeConfig(theme) };
}

/** Vega-Lite `config` of a theme: every colour that is not data, and the palettes. */
export function themeConfig(theme: ChartTheme): ChartSpec {
  const { text, mutedText, grid, axis, faded } = neutrals[theme];
  return {
    font: chartFont,
    range: { category: seriesColours[theme], heatmap: { scheme: magnitudeScheme } },
    view: { stroke: null },
    mark: { color: seriesColours[theme][0] },
    title: {
      anchor: "start",
      color: text,
      fontSize: 14,
      fontWeight: "bold",
      subtitleColor: mutedText,
      subtitleFontSize: 12,
      subtitlePadding: 5,
      offset: 12,
    },
    axis: {
      domainColor: axis,
      gridColor: grid,
      tickColor: axis,
      labelColor: text,
      titleColor: text,
      labelFontSize: 11,
      titleFontSize: 12,
      titleFontWeight: 500,
      titlePadding: 8,
      labelPadding: 4,
      tickSize: 4,
    },
    legend: {
      labelColor: text,
      titleColor: text,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 500,
      labelLimit: 240,
      titleLimit: 300,
      symbolStrokeWidth: 2.5,
      symbolSize: 140,
      symbolOpacity: 1,
      titleOrient: "left",
    },
    header: { labelColor: text, titleColor: text, labelFontSize: 12, labelFontWeight: 600 },
    style: {
      rule: { color: mutedText, strokeWidth: 1 },
      readout: { color: text, fontSize: 12 },
      interval: { color: text },
      faded: { color: faded, opacity: 0.55 },
      label: { color: text, fontSize: 11 },
    },
  };
}
