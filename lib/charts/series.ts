import { refuse } from "../core/need.ts";
import type { ChartSpec } from "./chart.ts";
import { type DataRow, nameOf, orderedNames, type PlainField } from "./field.ts";
import { maxSeries, seriesDashes } from "./palette.ts";

/** Series of a chart: their names, and the channels that tell them apart. */
export interface PlotSeries {
  readonly names: readonly string[];
  /** Name of each row's series; the empty text where there is only one without a name. */
  readonly ofRow: readonly string[];
  /** Channels of a mark with a fill or a stroke; empty for a single series. */
  readonly colour: ChartSpec;
  /** Channels of a line: colour and dash. */
  readonly line: ChartSpec;
}

interface LegendStyle {
  readonly symbol?: "stroke" | "square" | "circle";
  /** Whether a line of text stands between the legend and the plot. */
  readonly hasLineBelow?: boolean;
}

/** Series of the rows by a column, or the single series of all rows. */
export function plotSeries(
  where: string,
  field: PlainField | undefined,
  rows: readonly DataRow[],
  style: LegendStyle = {},
): PlotSeries {
  if (field === undefined) {
    return { names: [""], ofRow: rows.map(() => ""), colour: {}, line: {} };
  }
  const ofRow = rows.map((row, index) => nameOf(where, field, row, index));
  return namedSeries(where, field.title, ofRow, style);
}

/** Series whose names are known already. */
export function namedSeries(
  where: string,
  title: string,
  ofRow: readonly string[],
  { symbol = "stroke", hasLineBelow = false }: LegendStyle = {},
): PlotSeries {
  const names = orderedNames(ofRow);
  if (names.length > maxSeries) {
    const remedy = `a column with at most ${maxSeries} values: more curves cannot be told apart; use smallMultiples, a filter slider or fewer rows`;
    refuse(where, "series", remedy, `${names.length} values`);
  }
  const channel = { field: "series", type: "nominal", title, sort: null };
  const legend = {
    orient: "top",
    columns: columnsFor(names),
    symbolType: symbol,
    ...(hasLineBelow && { offset: 24 }),
  };
  const colour = { color: { ...channel, scale: { domain: names }, legend } };
  const range = names.map((_, index) => seriesDashes[index % seriesDashes.length]);
  const strokeDash = { ...channel, scale: { domain: names, range }, legend };
  return { names, ofRow, colour, line: { ...colour, strokeDash } };
}

/** Columns of a legend above a plot, so that its names fit beside each other. */
function columnsFor(names: readonly string[]): number {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.max(1, Math.min(names.length, Math.floor(84 / (longest + 6))));
}
