import { expect, test } from "vitest";
import { formatEstimate } from "../core/formatEstimate.ts";
import { Table } from "../core/table.ts";
import { reportResults, resultCsv } from "./reportResults.ts";
import { htmlTable, htmlText } from "./reportTable.ts";
import { shownTable, tableMime } from "./reportTableData.ts";
import type { MimeBundle, Notebook } from "./runFormat.ts";

const estimate = {
  ...{ value: 0.5, low: 0.25, high: Number.POSITIVE_INFINITY },
  ...{ confidence: 0.95, trials: 100, method: "order-statistic" as const },
};
const table = new Table({
  columns: [
    { name: "system", kind: "text" },
    { name: "p", kind: "estimate", label: "stale reads", unit: "ms" },
  ],
  rows: [{ system: 'a, "b"', p: estimate }],
});

/** What a notebook file keeps of a table: JSON has no infinity. */
const bundle: MimeBundle = JSON.parse(
  JSON.stringify({ [tableMime]: { ...table }, "text/html": table.toHtml() }),
);

function notebookOf(data: MimeBundle): Notebook {
  const outputs = [{ output_type: "display_data" as const, data, metadata: {} }];
  const cell = { cell_type: "code" as const, id: "c", metadata: {}, source: "t", outputs };
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
}

test("a table with its data is set with its estimates, units and open ends", () => {
  expect(shownTable(bundle)).toEqual({
    caption: "intervals: 95 %",
    alignments: ["left", "right"],
    rows: [
      { isHead: true, cells: ["system", "stale reads (ms)"] },
      { isHead: false, cells: ['a, "b"', formatEstimate(estimate)] },
    ],
  });
});

test("results keep estimates whole; CSV is that of the table itself", () => {
  const [result] = reportResults(notebookOf(bundle));
  expect(result).toMatchObject({ kind: "table", columns: ["system", "p"] });
  expect(result!.rows).toEqual(table.rows);
  expect(resultCsv(result!)).toBe(table.toCsv());
});

test("a table that is only HTML is read back", () => {
  const html = `<div><table class="x"><caption>A &amp; B</caption>
    <thead><tr><th>name</th><th colspan="2">two<br>lines</th></tr></thead>
    <tbody><tr><td>x</td><td>-1.5</td><td><b>3</b>&nbsp;&#215;</td></tr></tbody></table></div>`;
  expect(htmlTable(html)).toEqual({
    caption: "A & B",
    alignments: ["left", "right", "right"],
    rows: [
      { isHead: true, cells: ["name", "two lines", ""] },
      { isHead: false, cells: ["x", "-1.5", "3 ×"] },
    ],
  });
  const [result] = reportResults(notebookOf({ "text/html": html }));
  expect(result!.rows).toEqual([{ name: "x", "two lines": -1.5, "column 3": "3 ×" }]);
  expect(htmlTable("<p>no table</p>")).toBeUndefined();
});

test("words of HTML, without what is not shown", () => {
  expect(htmlText("<style>p{}</style><p>a &lt; b</p> <!-- c --><script>x</script>&unknown;")).toBe(
    "a < b &unknown;",
  );
});

test("the data of a chart, of its layers and of named sets", () => {
  const spec = {
    title: { text: "T", subtitle: "s" },
    datasets: { d: [{ a: 1 }] },
    layer: [{ data: { values: [{ b: 2 }, { b: 3, c: 4 }] } }, { data: { values: [{}] } }],
  };
  const results = reportResults(notebookOf({ "application/vnd.vegalite.v5+json": spec }));
  expect(results.map(({ name, title, columns }) => ({ name, title, columns }))).toEqual([
    { name: "cell-01-chart-1", title: "T", columns: ["a"] },
    { name: "cell-01-chart-2", title: "T", columns: ["b", "c"] },
  ]);
});
