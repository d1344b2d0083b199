import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { chartVariants } from "../../test/chartVariants.ts";
import { galleryCharts } from "../../test/galleryCharts.ts";
import { type JsonSchema, schemaErrors } from "../../test/jsonSchema.ts";
import { barChart } from "../charts/barChart.ts";
import type { Chart } from "../charts/chart.ts";
import { lineChart } from "../charts/lineChart.ts";
import { withTheme } from "../charts/theme.ts";
import { readFontMetrics } from "./fontMetrics.ts";
import { chartToPng, chartToSvg, specToSvg } from "./renderChart.ts";

const schemaFile = createRequire(import.meta.url).resolve("vega-lite/vega-lite-schema.json");
const schema = JSON.parse(readFileSync(schemaFile, "utf8")) as JsonSchema;
const charts = { ...galleryCharts(), ...chartVariants() } as Record<string, Chart>;

describe.each(Object.entries(charts))("%s", (_, chart) => {
  test("is valid by the schema of Vega-Lite, in both themes", () => {
    expect(schemaErrors(schema, chart.spec)).toEqual([]);
    expect(schemaErrors(schema, withTheme(chart, "dark"))).toEqual([]);
  });

  test("compiles and draws without a warning", async () => {
    const svg = await chartToSvg(chart);
    expect(svg).toMatch(/^<svg[^>]* width="\d+(\.\d+)?" height="\d+/);
    const [firstWord] = chart.title.split(" ");
    expect(svg).toContain(firstWord);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("has a description in words that says numbers", () => {
    expect(chart.altText).toMatch(/\d/);
    expect(chart.altText).not.toMatch(/NaN|undefined|Infinity|\.\./);
    expect(chart.spec.description).toContain(chart.altText);
  });
});

test("the schema check sees a wrong specification", () => {
  const { spec } = charts.line!;
  expect(schemaErrors(schema, { ...spec, widht: 3 }).length).toBeGreaterThan(0);
  expect(schemaErrors(schema, { ...spec, width: [3] }).length).toBeGreaterThan(0);
  const layer = [{ mark: "lime", encoding: {} }];
  expect(schemaErrors(schema, { ...spec, layer }).join()).toContain("layer[0]");
});

test("a specification with a warning is refused", async () => {
  const spec = {
    data: { values: [{ x: 1 }] },
    mark: "bar",
    encoding: { x: { field: "x", type: "quantitative" }, shape: { field: "x", type: "nominal" } },
  };
  await expect(specToSvg(spec)).rejects.toThrow("shape");
});

test("a specification can be drawn again: drawing leaves it as it was", async () => {
  const before = JSON.stringify(charts.line);
  const first = await chartToSvg(charts.line!);
  expect(await chartToSvg(charts.line!)).toBe(first);
  expect(JSON.stringify(charts.line)).toBe(before);
});

test("room for text is that of the bundled font", async () => {
  const store = "LNKD-DISK in Frankfurt";
  const chart = barChart({
    title: "Short",
    rows: [{ store, reads: 1 }],
    category: { column: "store", title: "Store" },
    value: { column: "reads", title: "Reads" },
    direction: "right",
    widthPx: 400,
  });
  const width = Number(/ width="(\d+)/.exec(await chartToSvg(chart))![1]);
  const fontFile = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  const label = 11 * readFontMetrics(fontFile).widthOf(store);
  // Beside plot and label: padding of 12 px twice, the axis title and gaps, and the label at the bar.
  // Without metrics Vega takes 0.8 em a character: 65 px more than the label needs.
  expect(width - 400 - label).toBeGreaterThan(24);
  expect(width - 400 - label).toBeLessThan(80);
});

/** Header of a PNG: width, height, bits, colour type; and the bytes of its rows. */
function readPng(png: Uint8Array): { header: number[]; rows: Buffer } {
  const bytes = Buffer.from(png);
  let rows = Buffer.alloc(0);
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (name === "IDAT") rows = inflateSync(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { header: [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24]!, bytes[25]!], rows };
}

test("a PNG has the size asked for, a palette, and the same bytes each time", async () => {
  const svg = await chartToSvg(charts.heatMap!);
  const [width, height] = [/ width="(\d+)/, / height="(\d+)/].map((size) =>
    Number(size.exec(svg)![1]),
  );
  const png = await chartToPng(charts.heatMap!, 2);
  const { header, rows } = readPng(png);
  expect(header).toEqual([2 * width!, 2 * height!, 8, 3]);
  expect(rows).toHaveLength((2 * width! + 1) * 2 * height!);
  expect(Buffer.compare(png, await chartToPng(charts.heatMap!, 2))).toBe(0);
  await expect(chartToPng(charts.heatMap!, 0)).rejects.toThrow("chartToPng: need scale");
});

test("a rule reads the row nearest to it", async () => {
  const chart = lineChart({
    title: "Powers",
    rows: [1, 2, 3, 4].map((x) => ({ x, y: 10 ** x })),
    x: { column: "x", title: "X" },
    y: { column: "y", title: "Y" },
    slider: { kind: "rule", startAt: 2 },
  });
  const texts = [...(await chartToSvg(chart)).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(
    (m) => m[1],
  );
  const place = texts.indexOf("at 2");
  expect(place).toBeGreaterThan(-1);
  expect(texts[place + 1]).toMatch(/\b100$/);
});

test("a filter shows the rows of its value and no neighbours", async () => {
  const chart = barChart({
    title: "Bars",
    rows: [1, 2, 3].flatMap((n) => ["a", "b"].map((name) => ({ n, name, y: n }))),
    category: { column: "name", title: "Name" },
    value: { column: "y", title: "Y" },
    slider: { kind: "filter", column: "n", title: "N", startAt: 2 },
  });
  const bars = (await chartToSvg(chart)).match(/aria-roledescription="bar"/g);
  expect(bars).toHaveLength(2);
});
