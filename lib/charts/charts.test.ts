import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constant } from "../core/distributions/constant.ts";
import { proportion } from "../core/proportion.ts";
import { barChart } from "./barChart.ts";
import { cumulativeChart } from "./cumulativeChart.ts";
import { pointsOfDistribution, pointsOfSamples } from "./cumulativePoints.ts";
import { heatMap } from "./heatMap.ts";
import { labelSides, placeLabels } from "./labelPlacement.ts";
import { neutrals, seriesColours } from "./palette.ts";
import { paretoChart } from "./paretoChart.ts";
import { paretoFront } from "./paretoFront.ts";
import { plotScale } from "./scale.ts";
import { smallMultiples } from "./smallMultiples.ts";
import { themeConfig, withTheme } from "./theme.ts";
import { numberInWords, trendInWords } from "./words.ts";

type Rows = { data: { values: Record<string, unknown>[] } };
const rowsOf = (chart: { spec: unknown }): Record<string, unknown>[] =>
  (chart.spec as Rows).data.values;

describe("Pareto front", () => {
  const better = fc.constantFrom("lower" as const, "higher" as const);
  // Few values, so that ties in one or both quantities are common.
  const points = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })),
    { minLength: 1, maxLength: 30 },
  );

  test("holds exactly the points that no other dominates", () => {
    fc.assert(
      fc.property(points, better, better, (pairs, betterX, betterY) => {
        const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const cost = (k: number): [number, number] => [
          betterX === "lower" ? x[k]! : -x[k]!,
          betterY === "lower" ? y[k]! : -y[k]!,
        ];
        const dominates = (i: number, j: number): boolean => {
          const [[ax, ay], [bx, by]] = [cost(i), cost(j)];
          return ax <= bx && ay <= by && (ax < bx || ay < by);
        };
        const obvious = pairs.flatMap((_, j) => (pairs.some((_, i) => dominates(i, j)) ? [] : [j]));
        const front = paretoFront({ x, y, betterX, betterY });
        expect([...front].sort((a, b) => a - b)).toEqual(obvious);
        const costs = front.map((k) => cost(k)[0]);
        expect(costs).toEqual([...costs].sort((a, b) => a - b));
      }),
    );
  });

  test("is told in words and drawn with names", () => {
    const rows = [
      { name: "a", ms: 1, lost: 9 },
      { name: "b", ms: 2, lost: 3 },
      { name: "c", ms: 3, lost: 5 },
    ];
    const chart = paretoChart({
      title: "c is never best",
      rows,
      x: { column: "ms", title: "Latency", unit: "ms", better: "lower" },
      y: { column: "lost", title: "Writes lost", better: "lower" },
      name: { column: "name", title: "Design" },
    });
    expect(chart.altText).toBe(
      "Trade-off of writes lost (lower is better) against latency (lower is better), 3 points. " +
        "2 on the front: a (1 ms, 9) and b (2 ms, 3). 1 point dominated.",
    );
    expect(rowsOf(chart).map((row) => row.front)).toEqual([0, 1, undefined]);
  });
});

test("a trade-off shows the whole of an interval below zero", () => {
  const gain = { ...proportion({ hits: 1, trials: 10 }), value: -3, low: -5, high: -1 };
  const chart = paretoChart({
    title: "Losses",
    rows: [{ name: "a", gain, cost: 1 }],
    x: { column: "gain", title: "Gain", better: "higher" },
    y: { column: "cost", title: "Cost", better: "lower" },
    name: { column: "name", title: "Name" },
  });
  expect(JSON.stringify(chart.spec)).toContain('"domain":[-5,0]');
});

test("the text after a title keeps the dots of the title", () => {
  const options = {
    category: { column: "a", title: "A" },
    value: { column: "b", title: "B" },
  } as const;
  const chart = barChart({ ...options, title: "Delays 0..10 ms.", rows: [{ a: "x", b: 1 }] });
  expect(chart.spec.description).toMatch(/^Delays 0\.\.10 ms\. Bar chart/);
});

test.each([
  [
    "two curves of one name",
    [
      { name: "a", samples: [1] },
      { name: "a", samples: [2] },
    ],
    "below",
    /different names, got "a"/,
  ],
  [
    "nothing above",
    [{ name: "a", distribution: constant({ valueMs: 5 }) }],
    "above",
    /with a share above x somewhere/,
  ],
] as const)("cumulative curves: %s are refused", (_, curves, show, message) => {
  const x = { title: "Latency", unit: "ms" };
  expect(() => cumulativeChart({ title: "Curves", curves: [...curves], x, show })).toThrow(message);
});

test("a trade-off keeps its zeros on a log axis: at their bound, or at the edge", () => {
  const none = proportion({ hits: 0, trials: 100 });
  const rows = [
    { name: "loses", ms: 1, lost: proportion({ hits: 50, trials: 100 }) },
    { name: "none seen", ms: 2, lost: none },
    { name: "never", ms: 3, lost: { ...none, high: 0, method: "exact" as const } },
  ];
  const chart = paretoChart({
    title: "t",
    rows,
    x: { column: "ms", title: "Latency", unit: "ms", better: "lower" },
    y: { column: "lost", title: "Lost", better: "lower", scale: "log" },
    name: { column: "name", title: "Design" },
  });
  const drawn = rowsOf(chart);
  const [bottom] = (
    JSON.stringify(chart.spec).match(/"type":"log","domain":\[([\d.]+)/) ?? []
  ).slice(1);
  expect(drawn.map((row) => row.y)).toEqual([
    0.5,
    Number(none.high.toPrecision(7)),
    Number(bottom),
  ]);
  expect(drawn.map((row) => row.yValue)).toEqual([0.5, 0, 0]);
  expect(drawn.map((row) => row.zero)).toEqual([undefined, "triangle-down", "triangle-down"]);
  expect((chart.spec.title as { subtitle: string[] }).subtitle.join(" ")).toMatch(
    /no event seen.*exactly zero/,
  );
});

test("labels cover neither each other nor a point", () => {
  const place = fc.record({
    x: fc.integer({ min: 0, max: 400 }),
    y: fc.integer({ min: 0, max: 300 }),
  });
  const overlap = (a: number[], b: number[]): boolean =>
    a[0]! < b[1]! && b[0]! < a[1]! && a[2]! < b[3]! && b[2]! < a[3]!;
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (points) => {
      const texts = points.map((_, index) => `R=${index}`);
      const sides = placeLabels({
        points,
        labelled: points.map((_, k) => k),
        texts,
        widthPx: 400,
        heightPx: 300,
      });
      const boxes = [...sides].map(([index, side]) => {
        const { x, y } = points[index]!;
        const width = 6.6 * texts[index]!.length;
        const left = side.startsWith("right") ? x + 5 : x - 5 - width;
        const top = side.endsWith("above") ? y - 18 : y + 5;
        return [left, left + width, top, top + 13];
      });
      const dots = points.map(({ x, y }) => [x - 4, x + 4, y - 4, y + 4]);
      boxes.forEach((box, k) => {
        expect(dots.some((dot) => overlap(box, dot))).toBe(false);
        expect(boxes.some((other, j) => j !== k && overlap(box, other))).toBe(false);
      });
    }),
  );
  const alone = {
    points: [{ x: 200, y: 150 }],
    labelled: [0],
    texts: ["a"],
    widthPx: 400,
    heightPx: 300,
  };
  expect(placeLabels(alone).get(0)).toBe(labelSides[0]);
});

describe("cumulative curves", () => {
  const request = { where: "t", curve: "c", above: true, smallestShare: 1e-3, confidence: 0.95 };

  test("of samples agree with counting at every point", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 500 }),
        fc.boolean(),
        (samples, above) => {
          const points = pointsOfSamples(samples, { ...request, above });
          for (const { x, y } of points) {
            const hits = samples.filter((value) => (above ? value > x : value <= x)).length;
            expect(y).toMatchObject({ value: hits / samples.length });
            const { low, high } = proportion({ hits, trials: samples.length });
            expect([y.low, y.high]).toEqual([low, high]);
          }
          expect(points.at(-1)!.x).toBe(Math.max(...samples));
          expect(points[0]!.x).toBe(Math.min(...samples));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("of many samples are reduced, with the tail kept", () => {
    const samples = Float64Array.from(
      { length: 100_000 },
      (_, k) => -Math.log((k + 0.5) / 100_000),
    );
    const points = pointsOfSamples(samples, request);
    expect(points.length).toBeLessThan(310);
    // Every decade of the tail has its share of 150 points over three decades.
    for (const top of [1e-1, 1e-2]) {
      const decade = points.filter(({ y }) => y.value <= top && y.value > top / 10);
      expect(decade.length).toBeGreaterThan(40);
    }
  });

  test("of a distribution are exact", () => {
    const exponential = {
      spec: { kind: "exponential" },
      mean: 1,
      support: [0, Number.POSITIVE_INFINITY] as const,
      breakpoints: [],
      cdf: (x: number) => -Math.expm1(-x),
      survival: (x: number) => Math.exp(-x),
      quantile: (p: number) => -Math.log1p(-p),
      upperQuantile: (s: number) => -Math.log(s),
      sample: () => 1,
      toJSON: () => ({ kind: "exponential" }),
    };
    const points = pointsOfDistribution(exponential, request);
    for (const { x, y } of points) expect(y).toEqual({ value: Math.exp(-x) });
    expect(points.at(-1)!.y.value).toBeCloseTo(1e-3, 12);
    const chart = cumulativeChart({
      title: "t",
      curves: [{ name: "exp", distribution: exponential }],
      x: { title: "Latency" },
      show: "above",
    });
    expect(chart.altText).toContain("exp falls from 1 at 0 to 0.0001 at 9.21");
  });

  test("are refused without samples, with NaN, or without a column", () => {
    const draw = (options: object) => () =>
      cumulativeChart({ title: "t", x: { title: "x" }, show: "above", ...options } as never);
    expect(draw({})).toThrow("cumulativeChart: need curves to be given where there are no rows");
    expect(draw({ curves: [{ name: "a", samples: [] }] })).toThrow(
      'need curves "a" to be at least one sample',
    );
    expect(draw({ curves: [{ name: "a", samples: [1, Number.NaN] }] })).toThrow(
      'need samples of "a" to be finite numbers, got NaN',
    );
    expect(draw({ rows: [{ a: 1 }] })).toThrow("need x.column to be given with rows");
    expect(draw({ show: "beside" })).toThrow("need show to be one of");
    expect(draw({ smallestShare: 0.6 })).toThrow("need smallestShare");
    expect(draw({ confidence: 1 })).toThrow("need confidence");
  });
});

describe("heat map", () => {
  const options = {
    title: "t",
    x: { column: "r", title: "R" },
    y: { column: "w", title: "W" },
    value: { column: "p", title: "P" },
  } as const;

  test("says extremes, ties and holes", () => {
    const rows = [
      { r: 1, w: 1, p: 3 },
      { r: 2, w: 1, p: 0 },
      { r: 10, w: 1, p: 0 },
      { r: 1, w: 2, p: 1 },
    ];
    expect(heatMap({ ...options, rows }).altText).toBe(
      "Heat map of P over R (1 to 10) and W (1 to 2). Highest 3 at R 1, W 1; lowest 0 in 2 cells. 2 cells without a value.",
    );
  });

  test("on a log scale a zero cell has no colour and says its bound", () => {
    const rows = [
      { r: 1, w: 1, p: proportion({ hits: 5, trials: 10 }) },
      { r: 2, w: 1, p: proportion({ hits: 0, trials: 10 }) },
    ];
    const [first, second] = rowsOf(
      heatMap({ ...options, value: { ...options.value, scale: "log" }, rows }),
    );
    expect(first).toMatchObject({ value: 0.5 });
    expect(second).toMatchObject({
      value: null,
      ink: "plain",
      high: Number(rows[1]!.p.high.toPrecision(7)),
    });
  });

  test("two rows in one cell are refused", () => {
    const rows = [
      { r: 1, w: 1, p: 3 },
      { r: 1, w: 1, p: 0 },
    ];
    expect(() => heatMap({ ...options, rows })).toThrow(
      /^heatMap: need rows\[1\] to be alone in its place .*, got "the place of rows\[0\]: 1, 1"$/,
    );
  });
});

describe("bars", () => {
  const rows = [
    ["a", 3],
    ["b", 10],
    ["c", 9],
  ].map(([store, hits]) => ({
    store: String(store),
    p: proportion({ hits: Number(hits), trials: 20 }),
  }));
  const options = {
    title: "t",
    rows,
    category: { column: "store", title: "Store" },
    value: { column: "p", title: "Share" },
  } as const;

  test("start at zero, have error bars, and say where the best cannot be told apart", () => {
    const chart = barChart(options);
    expect(chart.altText).toBe(
      "Bar chart of share by store, 3 bars. a: 0.15; b: 0.5; c: 0.45. The intervals of the two highest, b and c, overlap.",
    );
    const text = JSON.stringify(chart.spec);
    expect(text).toContain('"type":"rule"');
    expect(text).toMatch(/"domain":\[0,/);
  });

  test("come in the order asked for", () => {
    const order = (wanted?: "ascending" | "descending") => {
      const chart = barChart({ ...options, ...(wanted && { order: wanted }) });
      return JSON.stringify(chart.spec).match(/"sort":(\[[^\]]*\])/)![1];
    };
    expect(order()).toBe('["a","b","c"]');
    expect(order("descending")).toBe('["b","c","a"]');
    expect(order("ascending")).toBe('["a","c","b"]');
  });
});

test("small multiples share one scale and name their panels", () => {
  const rows = [3, 4, 5, 6].flatMap((n) => [0, 1].map((t) => ({ n, t, p: n * (1 + t) })));
  const chart = smallMultiples({
    kind: "line",
    title: "t",
    rows,
    x: { column: "t", title: "T" },
    y: { column: "p", title: "P" },
    panel: { column: "n", title: "N" },
  });
  expect(chart.spec.columns).toBe(2);
  expect(rowsOf(chart).map((row) => row.panel)).toContain("N = 4");
  expect(chart.altText).toContain("N = 6 rises from 6 at 0 to 12 at 1");
  const wrong = { kind: "pie", rows } as never;
  expect(() => smallMultiples(wrong)).toThrow(
    'smallMultiples: need kind to be one of "line", "bar", "heatMap", got "pie"',
  );
});

describe("scales", () => {
  const scale = (values: number[], field: object, ends: "round" | "tight") =>
    plotScale({
      where: "t",
      name: "y",
      values,
      ends,
      field: { column: "a", title: "A", ...field },
    });

  test("end at round numbers or at the data", () => {
    expect(scale([0.2, 0.61], {}, "round").domain).toEqual([0, 0.65]);
    expect(scale([-3, 8], {}, "round").domain).toEqual([-3, 8]);
    expect(scale([20, 70], {}, "tight").domain).toEqual([20, 70]);
    expect(scale([1, 70], {}, "tight").domain).toEqual([0, 70]);
    expect(scale([3, 3], {}, "tight").domain).toEqual([1.5, 4.5]);
    expect(scale([0.02, 0.5], { scale: "log" }, "round").domain).toEqual([0.01, 1]);
    expect(scale([0.02, 0.03], { scale: "log" }, "round").domain).toEqual([0.02, 0.05]);
    expect(scale([1], { scale: "log" }, "round").domain).toEqual([0.5, 2]);
  });

  test("hold every value and cut only where the caller set the ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }),
        (values) => {
          const { domain, clip } = scale(values, {}, "round");
          const slack = 1e-9 * (domain[1] - domain[0]);
          expect(domain[0]).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...values) - slack);
          expect(clip).toBe(false);
        },
      ),
    );
    expect(scale([1, 2], { domain: [0, 1] }, "round").clip).toBe(true);
  });

  test("write powers of ten so that they can be read", () => {
    const { axis } = scale([1e-6, 1], { scale: "log" }, "round").channel as {
      axis: { labelExpr: string };
    };
    expect(axis.labelExpr).toContain('"0.00001":"10⁻⁵"');
    expect(axis.labelExpr).toContain('"0.001":"0.001"');
  });
});

describe("words", () => {
  test("numbers", () => {
    expect([0.012345, 1.25e-7, 12_345, 0, 1 / 3, 250].map(numberInWords)).toEqual([
      "0.0123",
      "1.25e-7",
      "12,300",
      "0",
      "0.333",
      "250",
    ]);
  });

  const trend = (...ys: number[]) =>
    trendInWords(
      ys.map((y, x) => ({ x, y })),
      { y: "ms" },
    );
  test.each([
    [[5], "is 5 ms at 0"],
    [[5, 5], "stays at 5 ms from 0 to 1"],
    [[1, 2, 9], "rises from 1 ms at 0 to 9 ms at 2"],
    [[9, 2, 1], "falls from 9 ms at 0 to 1 ms at 2"],
    [[100, 50, 50.4, 0], "falls from 100 ms at 0 to 0 ms at 3"],
    [[1, 9, 2], "goes from 1 ms at 0 to 2 ms at 2 with a maximum of 9 ms at 1"],
    [
      [5, 9, 1, 4],
      "goes from 5 ms at 0 to 4 ms at 3 with a maximum of 9 ms at 1 and a minimum of 1 ms at 2",
    ],
    [[0, 5, 3, 9], "goes from 0 ms at 0 to 9 ms at 3, not steadily"],
  ])("course of %j", (ys, words) => {
    expect(trend(...ys)).toBe(words);
  });
});

describe("colours", () => {
  /** Contrast of two colours by WCAG 2.2, relative luminance of sRGB. */
  const luminance = (hex: string): number => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const contrast = (a: string, b: string): number => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light! + 0.05) / (dark! + 0.05);
  };

  test.each(["light", "dark"] as const)("stand out on the %s ground", (theme) => {
    const { background, text, mutedText } = neutrals[theme];
    expect(contrast("#ffffff", "#000000")).toBeCloseTo(21, 9);
    for (const colour of seriesColours[theme].slice(0, 4))
      expect(contrast(colour, background)).toBeGreaterThanOrEqual(3);
    for (const colour of seriesColours[theme])
      expect(contrast(colour, background)).toBeGreaterThanOrEqual(2.1);
    expect(contrast(text, background)).toBeGreaterThanOrEqual(7);
    expect(contrast(mutedText, background)).toBeGreaterThanOrEqual(4.5);
  });

  test("a theme changes the colours and nothing else", () => {
    const chart = barChart({
      title: "t",
      rows: [{ a: "x", b: 1 }],
      category: { column: "a", title: "A" },
      value: { column: "b", title: "B" },
    });
    expect(withTheme(chart, "light")).toEqual(chart.spec);
    const { background, config, ...rest } = withTheme(chart, "dark");
    expect({ background, config }).toEqual({
      background: neutrals.dark.background,
      config: themeConfig("dark"),
    });
    expect({ ...chart.spec }).toMatchObject(rest);
  });
});

test("the dark theme has the dark colours", () => {
  const chart = barChart({
    title: "t",
    rows: [{ a: "x", b: 1 }],
    category: { column: "a", title: "A" },
    value: { column: "b", title: "B" },
  });
  for (const theme of ["light", "dark"] as const) {
    const { text, background } = neutrals[theme];
    const spec = withTheme(chart, theme);
    expect(spec).toMatchObject({ background, config: { axis: { labelColor: text } } });
  }
});

test("numbers in a heat map are light on dark cells and dark on light ones", () => {
  const chart = heatMap({
    title: "t",
    rows: [0, 1].map((x) => ({ x, y: 0, v: x })),
    x: { column: "x", title: "X" },
    y: { column: "y", title: "Y" },
    value: { column: "v", title: "V" },
  });
  const { data } = chart.spec as unknown as { data: { values: { ink: string }[] } };
  expect(data.values.map(({ ink }) => ink)).toEqual(["white", "black"]);
});

test.each([
  ["lower", "step-after"],
  ["higher", "step-before"],
] as const)(
  "stairs of a front whose x is better when %s promise nothing unknown",
  (better, steps) => {
    const chart = paretoChart({
      title: "t",
      rows: [
        { name: "a", x: 1, y: 2 },
        { name: "b", x: 2, y: better === "lower" ? 1 : 3 },
      ],
      x: { column: "x", title: "X", better },
      y: { column: "y", title: "Y", better: "lower" },
      name: { column: "name", title: "Name" },
    });
    expect(JSON.stringify(chart.spec)).toContain(`"interpolate":"${steps}"`);
  },
);
