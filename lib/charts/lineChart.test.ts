import { describe, expect, test } from "vitest";
import { proportion } from "../core/proportion.ts";
import { Table } from "../core/table.ts";
import type { Chart } from "./chart.ts";
import { lineChart } from "./lineChart.ts";

const x = { column: "t", title: "Time", unit: "ms" } as const;
const y = { column: "p", title: "Probability" } as const;
const title = "It falls";
const plain = [0, 1, 2, 3].map((t) => ({ t, p: 1 / (1 + t), q: t < 2 ? "a" : "b" }));

/** A number as charts hold it, with seven digits. */
const drawnNumber = (value: number): number => Number(value.toPrecision(7));

interface Layer {
  readonly mark: { readonly type: string; readonly shape?: string };
}

/** Rows of a specification; layers are named by their marks. */
function parts(chart: Chart): { rows: Record<string, unknown>[]; marks: string[] } {
  const { data, layer } = chart.spec as unknown as {
    data: { values: Record<string, unknown>[] };
    layer: Layer[];
  };
  return { rows: data.values, marks: layer.map(({ mark }) => mark.shape ?? mark.type) };
}

test("plain numbers give a line and points, estimates a band besides", () => {
  expect(parts(lineChart({ title, rows: plain, x, y })).marks).toEqual(["line", "point"]);
  const rows = plain.map(({ t }) => ({ t, p: proportion({ hits: 10 - t, trials: 20 }) }));
  const chart = parts(lineChart({ title, rows, x, y }));
  expect(chart.marks).toEqual(["area", "line", "point"]);
  expect(chart.rows[1]).toMatchObject({
    x: 1,
    y: 0.45,
    low: drawnNumber(rows[1]!.p.low),
    high: drawnNumber(rows[1]!.p.high),
  });
});

test("a table of core can be drawn as it is", () => {
  const table = new Table({
    columns: [
      { name: "t", kind: "parameter" },
      { name: "p", kind: "number" },
    ],
    rows: plain.map(({ t, p }) => ({ t, p })),
  });
  expect(lineChart({ title, rows: table, x, y }).spec).toEqual(
    lineChart({ title, rows: plain, x, y }).spec,
  );
});

test("on a log axis a zero count is a bound, an exact zero is told, and the line breaks", () => {
  const none = proportion({ hits: 0, trials: 100 });
  const rows = [
    { t: 0, p: proportion({ hits: 50, trials: 100 }) },
    { t: 1, p: none },
    { t: 2, p: { ...none, high: 0, method: "exact" as const } },
  ];
  const chart = lineChart({ title, rows, x, y: { ...y, scale: "log" } });
  const { rows: drawn, marks } = parts(chart);
  expect(drawn.map((row) => row.y)).toEqual([0.5, null, null]);
  expect(drawn.map((row) => row.bound)).toEqual([undefined, drawnNumber(none.high), undefined]);
  expect(marks).toContain("triangle-down");
  const subtitle = (chart.spec.title as { subtitle: string[] }).subtitle.join(" ");
  expect(subtitle).toBe(
    "▽ no event seen: upper end of the interval 1 value is exactly zero, below the log axis",
  );
});

test("many bounds are thinned out to at most ten on a curve, and rows stay", () => {
  const rows = Array.from({ length: 95 }, (_, t) => ({
    t,
    p: proportion({ hits: t === 0 ? 50 : 0, trials: 100 }),
  }));
  const { rows: drawn } = parts(lineChart({ title, rows, x, y: { ...y, scale: "log" } }));
  expect(drawn).toHaveLength(95);
  const bounds = drawn.filter((row) => row.bound !== undefined).length;
  expect(bounds).toBeLessThanOrEqual(10);
  expect(bounds).toBeGreaterThanOrEqual(5);
});

test("an unbounded interval has no upper end in the data and ends at the edge of the plot", () => {
  const p = { ...proportion({ hits: 5, trials: 10 }), high: Number.POSITIVE_INFINITY };
  const chart = lineChart({
    title,
    rows: [
      { t: 0, p },
      { t: 1, p },
    ],
    x,
    y,
  });
  expect(parts(chart).rows[0]).toMatchObject({ high: null });
  expect(JSON.stringify(chart.spec)).toContain("isValid(datum.high) ? datum.high : ");
});

test("the description says axes, ranges and the course of each line", () => {
  const rows = [..."ab"].flatMap((q) =>
    plain.map(({ t, p }) => ({ t, p: q === "a" ? p : 1 - p, q })),
  );
  const chart = lineChart({ title, rows, x, y, series: { column: "q", title: "Quorum" } });
  expect(chart.altText).toBe(
    "Line chart of probability against time from 0 to 3 ms. a falls from 1 at 0 ms to 0.25 at 3 ms. " +
      "b rises from 0 at 0 ms to 0.75 at 3 ms. Over all, values lie between 0 and 1.",
  );
  expect(chart.spec.description).toBe(`It falls. ${chart.altText}`);
});

describe("sliders", () => {
  test("a line along x becomes a parameter, marks and values", () => {
    const chart = lineChart({ title, rows: plain, x, y, slider: { kind: "rule", startAt: 1 } });
    expect(chart.spec.params).toEqual([
      {
        name: "at",
        value: 1,
        bind: { input: "range", min: 0, max: 3, step: 1, name: "Time (ms) " },
      },
    ]);
    expect(parts(chart).marks).toEqual(["line", "point", "rule", "point", "text", "text"]);
  });

  test("it walks along the rows where it can, and says so where not", () => {
    const draw = (startAt: number, rows = plain) => {
      const chart = lineChart({ title, rows, x, y, slider: { kind: "rule", startAt } });
      const step = (chart.spec.params as { bind: { step: number } }[])[0]!.bind.step;
      return [step, JSON.stringify(chart.spec).includes('\\"near \\"')];
    };
    expect(draw(2)).toEqual([1, false]);
    expect(draw(1.5)).toEqual([0.02, true]);
    expect(draw(1, [...plain, { t: 3.3, p: 0, q: "a" }])).toEqual([0.02, true]);
  });

  test("on a log axis it moves the exponent", () => {
    const rows = [1, 10, 100].map((t) => ({ t, p: t }));
    const { params } = lineChart({
      title,
      rows,
      x: { ...x, scale: "log" },
      y,
      slider: { kind: "rule", startAt: 10 },
    }).spec;
    expect(params).toMatchObject([
      { name: "exponent", value: 1, bind: { min: 0, max: 2 } },
      { name: "at", expr: "pow(10, exponent)" },
    ]);
  });

  test("an evenly spaced column gets a range, another a list", () => {
    const rows = (values: readonly (number | string)[]) =>
      values.flatMap((n) => plain.map((row) => ({ ...row, n })));
    const bind = (values: readonly (number | string)[]) => {
      const slider = { kind: "filter", column: "n", title: "N" } as const;
      const [param] = lineChart({ title, rows: rows(values), x, y, slider }).spec.params as {
        bind: unknown;
      }[];
      return param!.bind;
    };
    expect(bind([0.3, 0.1, 0.2])).toEqual({
      input: "range",
      min: 0.1,
      max: 0.3,
      step: 0.1,
      name: "N ",
    });
    expect(bind([1, 2, 4])).toEqual({ input: "select", options: [1, 2, 4], name: "N " });
    expect(bind(["b", "a"])).toEqual({ input: "select", options: ["b", "a"], name: "N " });
  });

  test("the description tells what the still picture shows", () => {
    const rows = [3, 5].flatMap((n) => plain.map((row) => ({ ...row, p: row.p / n, n })));
    const slider = { kind: "filter", column: "n", title: "N", startAt: 5 } as const;
    expect(lineChart({ title, rows, x, y, slider }).altText).toMatch(
      /, for N = 5\. The line falls from 0\.2 /,
    );
  });
});

describe("what is refused", () => {
  const draw = (change: object) => () =>
    lineChart({ title, rows: plain, x, y, ...change } as never);
  test.each([
    [{ rows: [] }, "lineChart: need rows to be at least one row"],
    [{ rows: 3 }, "an array of records or a table with `rows`"],
    [{ rows: [{ t: 1 }] }, "need rows[0].p to be given (columns: t), got undefined"],
    [{ rows: [{ t: Number.NaN, p: 1 }] }, "need rows[0].t to be a finite number, got NaN"],
    [{ rows: [{ t: 1, p: "x" }] }, 'need rows[0].p to be a finite number or an estimate, got "x"'],
    [{ rows: [{ t: 1, p: Number.NaN }] }, "need rows[0].p to be a finite number or an estimate"],
    [{ rows: [{ t: 1, p: { value: Number.NaN, low: 0, high: 1 } }] }, "need rows[0].p to be"],
    [{ rows: [{ t: 1, p: { value: 2, low: 0, high: 1 } }] }, "need rows[0].p to be"],
    [{ title: " " }, "need title to be a sentence that states the message"],
    [
      { x: { ...x, scale: "log" } },
      'need x values to be positive on a log scale (leave such rows out, or use scale: "linear"), got 0',
    ],
    [
      { y: { ...y, scale: "log" }, rows: [{ t: 0, p: -1 }] },
      "need y values to be positive on a log scale",
    ],
    [{ y: { ...y, domain: [1, 1] } }, "need y.domain[1]"],
    [
      { rows: [...plain, plain[1]!] },
      'need rows[4] to be alone in its place (aggregate first, or split the rows by a series, a panel or a filter slider), got "the place of rows[1]: 1"',
    ],
    [{ widthPx: 10 }, "need widthPx"],
    [
      { slider: { kind: "rule", startAt: 9 } },
      "need slider.startAt to be a number in [0, 3], got 9",
    ],
    [
      { slider: { kind: "filter", column: "q", title: "q", startAt: "c" } },
      'need slider.startAt to be one of a, b, got "c"',
    ],
    [
      {
        rows: Array.from({ length: 13 }, (_, q) => ({ t: 0, p: 0, q })),
        series: { column: "q", title: "q" },
      },
      "at most 12 values",
    ],
  ])("%j", (change, message) => {
    expect(draw(change)).toThrow(RangeError);
    expect(draw(change)).toThrow(message);
  });

  test("more than 5,000 rows, with what to do instead", () => {
    const rows = Array.from({ length: 5001 }, (_, t) => ({ t, p: 1 }));
    expect(draw({ rows })).toThrow(
      /at most 5000 rows; aggregate first: .* one row in 2\..*, got "5001 rows"/,
    );
    expect(lineChart({ title, rows: rows.slice(1), x, y }).rowCount).toBe(5000);
  });
});

test("rows hold seven digits, and what a filter compares is kept", () => {
  const n = 0.1 + 0.2;
  const slider = { kind: "filter", column: "n", title: "N" } as const;
  const chart = lineChart({ title, rows: [{ t: 1 / 3, p: 2 / 3, n }], x, y, slider });
  expect(parts(chart).rows).toEqual([{ x: 0.3333333, y: 0.6666667, series: "", chosen: n }]);
  expect(chart.spec.params).toMatchObject([{ value: n }]);
});

test("a chart cannot be changed, and leaves its rows alone", () => {
  const chart = lineChart({ title, rows: plain, x, y });
  expect(() => Object.assign(chart, { title: "other" })).toThrow(TypeError);
  expect(() => Object.assign(chart.spec.data as object, { values: [] })).toThrow(TypeError);
  expect(Object.isFrozen(plain)).toBe(false);
  expect(JSON.parse(JSON.stringify(chart))).toEqual(chart.spec);
  expect(chart.toString().split("\n")).toEqual([
    "Chart: It falls",
    chart.altText,
    '(4 rows; save it with: await saveChart(chart, "chart.html"), or .svg, .png, .json)',
  ]);
});
