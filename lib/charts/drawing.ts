import { needNumber, refuse } from "../core/need.ts";
import { Chart, type ChartSpec } from "./chart.ts";
import type { Rows } from "./field.ts";
import { neutrals } from "./palette.ts";
import { themeConfig } from "./theme.ts";

/** What every chart is given. */
export interface ChartOptions<Row extends object> {
  /** The message of the chart in one sentence. */
  readonly title: string;
  /** What the reader must know to read it: configuration, number of trials, confidence. */
  readonly subtitle?: string;
  /** Rows to draw, 1 to 5,000. */
  readonly rows: Rows<Row>;
  /** Width of the plot without axes, px, in [80, 2000]. */
  readonly widthPx?: number;
  /** Height of the plot without axes, px, in [60, 2000]. */
  readonly heightPx?: number;
}

/** Columns of a chart side by side or in rows: how a drawing is repeated. */
export interface PanelLayout {
  readonly names: readonly string[];
  readonly columns: number;
}

/** A chart before it gets its title: rows under fixed names, and layers that draw them. */
export interface Drawing {
  readonly rows: readonly ChartSpec[];
  readonly params: readonly ChartSpec[];
  readonly transform: readonly ChartSpec[];
  readonly layers: readonly ChartSpec[];
  /** The drawing in words. */
  readonly altText: string;
  /** Notes that the reader needs beside the subtitle. */
  readonly notes: readonly string[];
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Most rows that one specification may hold; more would make notebooks and pages slow. */
export const maxChartRows = 5000;

/** Width and height of the plot, checked. */
export function plotSize(
  where: string,
  options: { readonly widthPx?: number; readonly heightPx?: number },
  defaults: { widthPx: number; heightPx: number },
): { widthPx: number; heightPx: number } {
  const { widthPx = defaults.widthPx, heightPx = defaults.heightPx } = options;
  needNumber(where, "widthPx", widthPx, { min: 80, max: 2000 });
  needNumber(where, "heightPx", heightPx, { min: 60, max: 2000 });
  return { widthPx, heightPx };
}

/** Refuses more rows than a specification may hold and says how to get fewer. */
export function needFewRows(where: string, rowCount: number): void {
  if (rowCount <= maxChartRows) return;
  refuse(
    where,
    "rows",
    `at most ${maxChartRows} rows; aggregate first: a coarser grid, quantiles of each group, or one row in ${Math.ceil(rowCount / maxChartRows)}. Raw samples belong into cumulativeChart, which reduces them`,
    `${rowCount} rows`,
  );
}

/** Chart of a drawing, repeated in panels if a layout is given. */
export function chartOf(
  where: string,
  options: { readonly title: string; readonly subtitle?: string },
  drawing: Drawing,
  panels?: PanelLayout,
): Chart {
  if (typeof options.title !== "string" || options.title.trim() === "") {
    refuse(where, "title", "a sentence that states the message", options.title);
  }
  needFewRows(where, drawing.rows.length);
  const widthPx = drawing.widthPx * (panels ? Math.min(panels.columns, panels.names.length) : 1);
  const config = themeConfig("light");
  const spec: ChartSpec = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    description: `${options.title.replace(/\.$/, "")}. ${drawing.altText}`,
    title: titleOfChart(options, drawing.notes, widthPx),
    background: neutrals.light.background,
    padding: 12,
    usermeta: {
      quorumlab: { altText: drawing.altText },
      embedOptions: {
        renderer: "svg",
        actions: { export: true, source: false, compiled: false, editor: false },
      },
    },
    params: drawing.params,
    data: { values: drawing.rows.map(roundedRow) },
    ...(panels === undefined ? plot(drawing) : facets(drawing, panels)),
    config,
  };
  return new Chart({
    spec: JSON.parse(JSON.stringify(spec)) as ChartSpec,
    title: options.title,
    altText: drawing.altText,
    rowCount: drawing.rows.length,
  });
}

function plot({ widthPx, heightPx, layers, transform }: Drawing): ChartSpec {
  return { width: widthPx, height: heightPx, transform, layer: layers };
}

function facets(drawing: Drawing, { names, columns }: PanelLayout): ChartSpec {
  const { transform, ...spec } = plot(drawing);
  return {
    transform,
    facet: { field: "panel", type: "nominal", title: null, sort: names },
    columns: Math.min(columns, names.length),
    spacing: 24,
    spec,
  };
}

/**
 * A row with seven digits in each number: finer than any screen, half the size, and the same text where
 * the last bits of a computation differ. What a filter compares stays as it is.
 */
function roundedRow(row: ChartSpec): ChartSpec {
  const entries = Object.entries(row).map(([name, value]) =>
    typeof value === "number" && name !== "chosen"
      ? [name, Number(value.toPrecision(7))]
      : [name, value],
  );
  return Object.fromEntries(entries);
}

function titleOfChart(
  { title, subtitle }: { readonly title: string; readonly subtitle?: string },
  notes: readonly string[],
  widthPx: number,
): ChartSpec {
  const under = [...(subtitle === undefined ? [] : [subtitle]), ...notes];
  const subtitles = under.flatMap((text) => wrap(text, (widthPx + 50) / 6.4));
  return {
    text: wrap(title, (widthPx + 50) / 8.3),
    ...(subtitles.length > 0 && { subtitle: subtitles }),
  };
}

/** Lines of at most so many characters, broken at spaces: Vega draws a title on one line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
