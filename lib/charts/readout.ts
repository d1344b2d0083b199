import { needNumber } from "../core/need.ts";
import type { ChartSpec } from "./chart.ts";
import { niceStep, type PlotScale } from "./scale.ts";
import { evenStep, type RuleSlider } from "./slider.ts";

interface ReadoutRequest {
  readonly where: string;
  readonly slider: RuleSlider;
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly xTitle: string;
  readonly xUnit: string | undefined;
  readonly series: readonly string[];
  /** Channels that give a mark the colour of its series. */
  readonly colour: ChartSpec;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Places of the rows along x. */
  readonly xs: readonly number[];
  /** Points of the curves in px: the values are written where fewest of them are. */
  readonly pointsPx: readonly { readonly x: number; readonly y: number }[];
}

/**
 * A line that a slider moves along x, marks on the curves at the nearest row of each series, and their
 * values in a corner where the plot is wide enough for them. Nothing is interpolated: what is read is what was computed.
 */
export function ruleReadout(request: ReadoutRequest): { params: ChartSpec[]; layers: ChartSpec[] } {
  const { where, slider, x } = request;
  const [min, max] = x.domain;
  const startAt = needNumber(where, "slider.startAt", slider.startAt, { min, max });
  const grid = x.kind === "linear" ? gridOf(request.xs, startAt) : undefined;
  const params =
    x.kind === "log" ? logParams(request, startAt) : linearParams(request, startAt, grid);
  const texts = request.widthPx < 400 ? [] : textLayers(request, grid ? "at" : "near");
  return { params, layers: [ruleLayer(), markLayer(request), ...texts] };
}

interface Grid {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The places of the rows, where they are evenly spaced and the line starts on one of them. */
function gridOf(xs: readonly number[], startAt: number): Grid | undefined {
  const places = [...new Set(xs)].sort((a, b) => a - b);
  const step = evenStep(places);
  if (step === undefined) return undefined;
  const steps = (startAt - places[0]!) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-6) return undefined;
  return { min: places[0]!, max: places.at(-1)!, step };
}

/** The slider walks along the grid of the rows if there is one, so that it stops where they are. */
function linearParams(
  { slider, x, xTitle }: ReadoutRequest,
  startAt: number,
  grid: Grid | undefined,
): ChartSpec[] {
  const [min, max] = x.domain;
  const range = grid ?? { min, max, step: niceStep((max - min) / 100) };
  const name = `${slider.title ?? xTitle} `;
  return [{ name: "at", value: startAt, bind: { input: "range", ...range, name } }];
}

/** On a log axis the slider moves the exponent, so that each decade gets the same length of it. */
function logParams({ slider, x, xTitle }: ReadoutRequest, startAt: number): ChartSpec[] {
  const [min, max] = x.domain.map(Math.log10) as [number, number];
  const name = `log₁₀ of ${slider.title ?? xTitle} `;
  const value = Number(Math.log10(startAt).toFixed(2));
  return [
    { name: "exponent", value, bind: { input: "range", min, max, step: 0.01, name } },
    { name: "at", expr: "pow(10, exponent)" },
  ];
}

function ruleLayer(): ChartSpec {
  return {
    data: { values: [{}] },
    mark: { type: "rule", style: "rule", strokeDash: [4, 3] },
    encoding: { x: { datum: { expr: "at" }, type: "quantitative" } },
  };
}

/** Keeps the row of each series that lies nearest to the line. */
const nearestRow: readonly ChartSpec[] = [
  { calculate: "abs(datum.x - at)", as: "distance" },
  {
    window: [{ op: "row_number", as: "rank" }],
    sort: [{ field: "distance", order: "ascending" }],
    groupby: ["series", "panel"],
  },
  { filter: "datum.rank === 1" },
];

function markLayer({ colour }: ReadoutRequest): ChartSpec {
  return {
    transform: [...nearestRow, { filter: "isValid(datum.y)" }],
    mark: { type: "point", filled: true, size: 60, opacity: 1 },
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "y", type: "quantitative" },
      ...colour,
    },
  };
}

/** The place read (`near` where rows stand elsewhere than the line), then one line of text for each series, in its colour. */
function textLayers(request: ReadoutRequest, nearness: "at" | "near"): ChartSpec[] {
  const { series, x, y, xUnit } = request;
  const corner = freestCorner(request);
  const place = (line: number): ChartSpec => ({
    x: { value: corner.x },
    y: { value: corner.top + lineHeightPx * line },
  });
  const mark = { type: "text", style: "readout", align: corner.align, baseline: "middle" };
  const number = (field: string): string => `format(datum.${field}, ${JSON.stringify(y.format)})`;
  const interval = `(isValid(datum.low) ? ' [' + ${number("low")} + (isValid(datum.high) ? ', ' + ${number("high")} + ']' : ', ∞)') : '')`;
  const zero = `isValid(datum.high) ? 'at most ' + ${number("high")} : isValid(datum.low) ? '0 or more' : '0'`;
  const unit = xUnit === undefined ? "" : ` ${xUnit}`;
  const head: ChartSpec = {
    data: { values: [{}] },
    mark: { ...mark, fontWeight: "bold" },
    encoding: {
      ...place(0),
      text: {
        value: {
          expr: `${JSON.stringify(`${nearness} `)} + format(at, ${JSON.stringify(x.format)}) + ${JSON.stringify(unit)}`,
        },
      },
    },
  };
  const values = series.map((name, index): ChartSpec => {
    const label = series.length > 1 ? `datum.series + ': ' + ` : "";
    return {
      transform: [
        { filter: `datum.series === ${JSON.stringify(name)}` },
        ...nearestRow,
        {
          calculate: `${label}(isValid(datum.y) ? ${number("y")} + ${interval} : ${zero})`,
          as: "words",
        },
      ],
      mark,
      encoding: { ...place(index + 1), text: { field: "words", type: "nominal" } },
    };
  });
  return [head, ...values];
}

/** Height of a line of the readout, px. */
const lineHeightPx = 16;

/** The corner with the fewest points under the text, in the order of preference. */
function freestCorner({ series, widthPx, heightPx, pointsPx }: ReadoutRequest): Corner {
  const height = lineHeightPx * (series.length + 1);
  const longest = Math.max(...series.map((name) => name.length));
  const width = 7 * (longest + 26);
  const top = 10;
  const bottom = heightPx - height;
  const corners: Corner[] = [
    { x: widthPx - 4, top, align: "right" },
    { x: 6, top: bottom, align: "left" },
    { x: widthPx - 4, top: bottom, align: "right" },
    { x: 6, top, align: "left" },
  ];
  const hidden = ({ x, top: from, align }: Corner): number =>
    pointsPx.filter((point) => {
      const inside = align === "right" ? point.x > x - width : point.x < x + width;
      return inside && point.y > from - lineHeightPx && point.y < from + height;
    }).length;
  return corners.reduce((best, corner) => (hidden(corner) < hidden(best) ? corner : best));
}

interface Corner {
  readonly x: number;
  readonly top: number;
  readonly align: "left" | "right";
}
