import { needInteger } from "../core/need.ts";
import type { PanelLayout } from "./drawing.ts";
import { type DataRow, labelOf, nameOf, orderedNames, type PlainField } from "./field.ts";

/** Panels of small multiples: the layout, and the panel of each row. */
export interface PlotPanels {
  readonly layout: PanelLayout;
  readonly ofRow: readonly string[];
}

/** Panels of the rows by a column. */
export function plotPanels(
  where: string,
  field: PlainField,
  rows: readonly DataRow[],
  wanted: number | undefined,
): PlotPanels {
  const values = rows.map((row, index) => nameOf(where, field, row, index));
  const names = orderedNames(values);
  const columns = wanted ?? (names.length === 4 ? 2 : 3);
  needInteger(where, "columns", columns, { min: 1, max: 8 });
  const label = (name: string): string => labelOf(field.title, name);
  return { layout: { names: names.map(label), columns }, ofRow: values.map(label) };
}
