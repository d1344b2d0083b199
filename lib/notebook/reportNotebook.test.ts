import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportNotebook, type WrittenReport } from "./reportNotebook.ts";
import { formatNotebook, parseNotebook } from "./runFormat.ts";

const fixture = join(import.meta.dirname, "../../test/fixtures/small-essay.ipynb");
const out = mkdtempSync(join(tmpdir(), "report-"));
let report: WrittenReport;

beforeAll(async () => {
  report = await reportNotebook(fixture, { out, parameters: { n: "5" }, command: "the command" });
}, 60_000);
afterAll(() => rmSync(out, { recursive: true }));

const read = (name: string): string => readFileSync(join(report.folder, name), "utf8");

test("the folder holds the forms asked for, the results and the records, and is the latest", () => {
  expect(readdirSync(report.folder).sort()).toEqual([
    ...["environment.json", "figures", "results", "results.json"],
    ...["small-essay.html", "small-essay.ipynb", "small-essay.md", "small-essay.pdf"],
  ]);
  const siblings = readdirSync(join(out, "small-essay")).sort();
  expect(siblings).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/), "latest"]);
  expect(readlinkSync(join(out, "small-essay", "latest"))).toBe(siblings[0]);
});

test("the page is whole: no address of the network but in links, charts and formulas inside", () => {
  const html = read("small-essay.html");
  const page = html.replace(/<script>[\s\S]*?<\/script>/g, "");
  const loads = [...page.matchAll(/(?:\b(?:src|href|srcset)=|url\()["']?([^"')\s>]+)/g)];
  const outside = loads.map(([, url]) => url!).filter((url) => !/^(data:|#)/.test(url));
  expect(outside).toEqual([]);
  expect(loads.length).toBeGreaterThan(1);
  expect(html).toMatch(`default-src 'none'`);
  expect(html).toMatch(`"chart-1":{"$schema":"https://vega.github.io/schema/vega-lite/v6.json"`);
  expect(page.match(/<math/g)!.length).toBeGreaterThan(8);
  expect(page).toMatch("Costs $0.");
  expect(page).toMatch(/<h1>How often does a read miss a write\?<\/h1>/);
  expect(page.match(/<h1/g)).toHaveLength(1);
  expect(page).toMatch(/alt="Line chart: the probability/);
  expect(page).toMatch(/class="changed"><td><code>n<\/code><\/td>\s*<td><code>5<\/code>/);
});

test("the PDF is one, with its fonts and its title", () => {
  const pdf = readFileSync(join(report.folder, "small-essay.pdf"));
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  const text = pdf.toString("latin1");
  for (const font of ["LibertinusSerif", "NewCMMath", "DejaVuSansMono", "DejaVuSans"]) {
    expect(text).toMatch(font);
  }
  expect(text).toMatch("How often does a read miss a write?");
});

test("the Markdown shows pictures that are there", () => {
  const text = read("small-essay.md");
  const pictures = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path!);
  expect(pictures).toEqual(["figures/figure-1.svg"]);
  expect(read(pictures[0]!)).toMatch(/^<svg/);
  expect(text).toMatch("| k | p |\n| ---: | ---: |\n| 1 | 0.8000 |");
});

test("results are those that were shown, as JSON and CSV", () => {
  const { results } = JSON.parse(read("results.json"));
  expect(results).toMatchObject([
    { kind: "chart", cell: 7, cellId: "chart", name: "cell-07-chart-1" },
    { kind: "table", cell: 9, name: "cell-09-table-1", rows: [{ k: 1, p: 0.8 }, {}, {}] },
  ]);
  expect(read("results/cell-09-table-1.csv")).toBe("k,p\r\n1,0.8\r\n2,0.64\r\n3,0.512\r\n");
});

test("the record says how to get the same again", () => {
  const record = JSON.parse(read("environment.json"));
  expect(record).toMatchObject({
    notebook: "small-essay.ipynb",
    command: "the command",
    seeds: { seed: 2024 },
    versions: { node: process.versions.node, tslab: "1.0.22", "typescript (cells)": "5.0.4" },
  });
  expect(record.parameters[1]).toEqual({ name: "n", value: 5, default: 3, overridden: true });
  expect(Date.parse(record.startedAt)).toBeGreaterThan(0);
  expect(record.durationMs).toBeGreaterThan(0);
  for (const version of Object.values(record.versions)) expect(version).toMatch(/^\d/);
});

test("the executed notebook holds the values of this run", () => {
  const { cells } = parseNotebook(read("small-essay.ipynb"), "small-essay.ipynb");
  expect(cells.find((cell) => cell.id === "parameters")!.source).toMatch("const n = 5;");
  expect(cells.find((cell) => cell.id === "choose")!.outputs).toMatchObject([{ text: "0.8\n" }]);
});

test("a run that fails leaves nothing", async () => {
  const folder = join(out, "failed");
  const tooShort = reportNotebook(fixture, { out: folder, timeoutMs: 1 });
  await expect(tooShort).rejects.toThrow("time limit");
  expect(existsSync(folder)).toBe(false);
  const formats = ["doc"] as unknown as ["html"];
  await expect(reportNotebook(fixture, { out: folder, formats })).rejects.toThrow(RangeError);
});

test("a report that cannot be written leaves nothing either", async () => {
  const file = join(out, "broken.ipynb");
  const source = `import { display } from "tslab"; display.raw("image/png", "AAAA")`;
  const cell = { cell_type: "code" as const, id: "c", metadata: {}, source, outputs: [] };
  const cells = [{ ...cell, execution_count: null }];
  writeFileSync(file, formatNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  const folder = join(out, "unwritten");
  await expect(reportNotebook(file, { out: folder })).rejects.toThrow("could not set the document");
  expect(readdirSync(join(folder, "broken"))).toEqual([]);
}, 60_000);
