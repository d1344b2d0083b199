import type { HeatCell } from "./heatMap.ts";
import { count, inSentence, quantity } from "./words.ts";

interface HeatMapDescription {
  readonly cells: readonly HeatCell[];
  readonly columns: readonly string[];
  readonly lines: readonly string[];
  readonly fields: {
    readonly x: Named;
    readonly y: Named;
    readonly value: Named;
  };
  readonly shown: string | undefined;
}

interface Named {
  readonly title: string;
  readonly unit?: string;
}

/** A heat map in words: its axes, the extremes with their places, and what is missing. */
export function describeHeatMap({
  cells,
  columns,
  lines,
  fields,
  shown,
}: HeatMapDescription): string {
  const { x, y, value } = fields;
  const across = (named: Named, names: readonly string[]): string =>
    `${inSentence(named.title)} (${names[0]} to ${names.at(-1)})`;
  const at = (cell: HeatCell): string => {
    const place = [
      `${x.title} ${cell.x}`,
      `${y.title} ${cell.y}`,
      ...(cell.panel === undefined ? [] : [cell.panel]),
    ];
    return `${quantity(cell.value.value, value.unit)} at ${place.join(", ")}`;
  };
  const top = cells.reduce((best, cell) => (cell.value.value > best.value.value ? cell : best));
  const bottom = cells.reduce((best, cell) => (cell.value.value < best.value.value ? cell : best));
  const panels = new Set(cells.map((cell) => cell.panel)).size;
  const lowest = cells.filter((cell) => cell.value.value === bottom.value.value).length;
  const missing = columns.length * lines.length * panels - cells.length;
  const parts = [
    `Heat map of ${inSentence(value.title)} over ${across(x, columns)} and ${across(y, lines)}${shown === undefined ? "" : `, for ${shown}`}`,
    top.value.value === bottom.value.value
      ? `All cells are ${quantity(top.value.value, value.unit)}`
      : `Highest ${at(top)}; lowest ${lowest > 1 ? `${quantity(bottom.value.value, value.unit)} in ${count(lowest, "cell")}` : at(bottom)}`,
    ...(missing > 0 ? [`${count(missing, "cell")} without a value`] : []),
  ];
  return `${parts.join(". ")}.`;
}
