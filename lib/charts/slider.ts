import { refuse } from "../core/need.ts";
import type { ChartSpec } from "./chart.ts";
import { cellOf, type DataRow, titleOf } from "./field.ts";
import { quantity } from "./words.ts";

/** A slider under the chart that shows only the rows with one value of a column. */
export interface FilterSlider<Row extends object> {
  readonly kind: "filter";
  /** Column whose values the slider walks through. */
  readonly column: Extract<keyof Row, string>;
  readonly title: string;
  readonly unit?: string;
  /** Value shown first, and in pictures that cannot move; the first value if left out. */
  readonly startAt?: number | string;
}

/** A slider under the chart that moves a line along the x axis and reads the values there. */
export interface RuleSlider {
  readonly kind: "rule";
  /** Name of the slider; the title of the x axis if left out. */
  readonly title?: string;
  /** Place on the x axis where the line stands first, and in pictures that cannot move. */
  readonly startAt: number;
}

/** A filter slider of rows whose type no longer matters. */
export interface PlainFilter {
  readonly kind: "filter";
  readonly column: string;
  readonly title: string;
  readonly unit?: string;
  readonly startAt?: number | string;
}

/** A filter slider made ready. */
export interface PlotFilter {
  readonly params: readonly ChartSpec[];
  readonly transform: readonly ChartSpec[];
  /** Value of each row, in the order of the rows. */
  readonly values: readonly (number | string)[];
  readonly startAt: number | string;
  /** The first value in words: what a still picture shows. */
  readonly words: string;
  readonly layer: ChartSpec;
}

/** The filter of a chart, if it has one. */
export function plotFilter(
  where: string,
  slider: PlainFilter | RuleSlider | undefined,
  rows: readonly DataRow[],
): PlotFilter | undefined {
  if (slider?.kind !== "filter") return undefined;
  const values = rows.map((row, index) => {
    const value = cellOf(where, slider, row, index);
    if (typeof value === "string" || Number.isFinite(value)) return value as number | string;
    return refuse(where, `rows[${index}].${slider.column}`, "a finite number or a text", value);
  });
  const choices = sortedChoices(values);
  const startAt = slider.startAt ?? choices[0]!;
  if (!choices.includes(startAt)) {
    return refuse(where, "slider.startAt", `one of ${choices.slice(0, 12).join(", ")}`, startAt);
  }
  const shown = typeof startAt === "number" ? quantity(startAt, slider.unit) : startAt;
  const label = JSON.stringify(`${slider.title} = `);
  const unit = slider.unit === undefined ? "" : ` + ${JSON.stringify(` ${slider.unit}`)}`;
  return {
    params: [{ name: "chosen", value: startAt, bind: bindOf(choices, `${titleOf(slider)} `) }],
    transform: [{ filter: matches(choices) }],
    values,
    startAt,
    words: `${slider.title} = ${shown}`,
    layer: {
      data: { values: [{}] },
      mark: {
        type: "text",
        style: "readout",
        fontWeight: "bold",
        align: "right",
        baseline: "bottom",
      },
      encoding: {
        text: { value: { expr: `${label} + chosen${unit}` } },
        x: { value: "width" },
        y: { value: -6 },
      },
    },
  };
}

function sortedChoices(values: readonly (number | string)[]): (number | string)[] {
  const distinct = [...new Set(values)];
  const numeric = distinct.every((value) => typeof value === "number");
  return numeric ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct;
}

/** A range input where the choices are evenly spaced numbers, a list to select from elsewhere. */
function bindOf(choices: readonly (number | string)[], name: string): ChartSpec {
  const step = evenStep(choices);
  if (step === undefined) return { input: "select", options: choices, name };
  return { input: "range", min: choices[0], max: choices.at(-1), step, name };
}

/** Distance of evenly spaced numbers, ascending; undefined where they are not. */
export function evenStep(choices: readonly (number | string)[]): number | undefined {
  const numbers = choices.filter((choice) => typeof choice === "number");
  if (numbers.length !== choices.length || numbers.length < 2) return undefined;
  const step = (numbers.at(-1)! - numbers[0]!) / (numbers.length - 1);
  const even = numbers.every((value, k) => Math.abs(value - numbers[0]! - k * step) < 1e-9 * step);
  return even ? Number(step.toPrecision(12)) : undefined;
}

/** Browsers hand out range values with rounding of the step, so numbers match within a part of it. */
function matches(choices: readonly (number | string)[]): string {
  const step = evenStep(choices);
  if (step === undefined) return "datum.chosen === chosen";
  return `abs(datum.chosen - chosen) < ${step / 4}`;
}
