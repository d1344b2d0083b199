/** A Vega-Lite specification as plain, frozen JSON. */
export type ChartSpec = { readonly [key: string]: unknown };

/** What a chart function hands to `Chart`. */
export interface ChartParts {
  readonly spec: ChartSpec;
  readonly title: string;
  readonly altText: string;
  readonly rowCount: number;
}

/**
 * A chart: a Vega-Lite specification with its title and a description in words.
 *
 * It holds plain data and never changes. As the last expression of a notebook cell it shows itself;
 * elsewhere it prints what it shows and how to save it.
 */
export class Chart {
  /** Vega-Lite specification, version 5 schema; versions 5 and 6 draw it alike. */
  readonly spec: ChartSpec;
  /** Title, without the subtitle. */
  readonly title: string;
  /** What the chart shows, in words, derived from its data. */
  readonly altText: string;
  /** Number of rows of data that the specification holds. */
  readonly rowCount: number;

  constructor(parts: ChartParts) {
    this.spec = deepFreeze(parts.spec);
    this.title = parts.title;
    this.altText = parts.altText;
    this.rowCount = parts.rowCount;
    Object.freeze(this);
  }

  /** The specification, for `JSON.stringify`. */
  toJSON(): ChartSpec {
    return this.spec;
  }

  /** Title, description, size and how to save the chart. */
  toString(): string {
    const rows = `${this.rowCount} ${this.rowCount === 1 ? "row" : "rows"}`;
    return [
      `Chart: ${this.title}`,
      this.altText,
      `(${rows}; save it with: await saveChart(chart, "chart.html"), or .svg, .png, .json)`,
    ].join("\n");
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
