import { expect, test } from "vitest";
import { exactEstimate } from "./estimate.ts";
import { proportion } from "./proportion.ts";
import { Table } from "./table.ts";
import type { Column, Row } from "./tableData.ts";
import { tableText } from "./tableText.ts";

const columns: readonly Column[] = [
  { name: "latency", kind: "parameter" },
  { name: "r", kind: "parameter", label: "R" },
  { name: "stale", kind: "estimate", label: "stale reads" },
  { name: "visibilityMs", kind: "estimate", label: "visibility", unit: "ms" },
];

const unbounded = { ...proportion({ hits: 1, trials: 2 }), value: 45.2, low: 43.1, high: Infinity };

const rows: readonly Row[] = [
  {
    latency: "lnkd-disk",
    r: 1,
    stale: proportion({ hits: 181_870, trials: 1e6 }),
    visibilityMs: unbounded,
  },
  {
    latency: "lnkd-disk",
    r: 10,
    stale: proportion({ hits: 0, trials: 1000 }),
    visibilityMs: exactEstimate(0),
  },
];

const table = new Table({ columns, rows });

test("text lines up headings, values and both ends of intervals", () => {
  expect(table.toString().split("\n")).toEqual([
    "latency     R              stale reads  visibility (ms)",
    "───────────────────────────────────────────────────────",
    "lnkd-disk   1  0.1819 [0.1811, 0.1826]   45.2 [43.1, ∞)",
    "lnkd-disk  10       0      [0, 0.0037]      0",
    "intervals: 95 %",
  ]);
});

test("a wide table is folded, with the parameters beside every part", () => {
  const folded = [
    "latency     R              stale reads",
    "──────────────────────────────────────",
    "lnkd-disk   1  0.1819 [0.1811, 0.1826]",
    "lnkd-disk  10       0      [0, 0.0037]",
    "",
    "latency     R  visibility (ms)",
    "──────────────────────────────",
    "lnkd-disk   1   45.2 [43.1, ∞)",
    "lnkd-disk  10      0",
    "intervals: 95 %",
  ];
  expect(table.toString({ width: 54 }).split("\n")).toEqual(folded);
  expect(table.toString({ width: 1 }).split("\n")).toEqual(folded);
  expect(table.toString({ width: 55 })).toBe(table.toString());
});

test("an interrupted table says so everywhere a person reads it", () => {
  const cut = new Table({ columns, rows, complete: false, expectedRows: 12 });
  expect(cut.toString()).toContain("incomplete: 2 of 12 rows were finished");
  expect(cut.toHtml()).toContain("incomplete: 2 of 12 rows were finished");
  expect(cut.where(() => true).complete).toBe(false);
  // Two of the rows that were asked for, of which some may be missing: their number is not known.
  expect(cut.where(() => true).toString()).toContain("incomplete: rows are missing");
  expect(cut.sortBy("r").toString()).toContain("incomplete: 2 of 12");
  expect(table.toString()).not.toContain("incomplete");
});

const long = new Table({
  columns: [{ name: "i", kind: "number" }],
  rows: Array.from({ length: 1000 }, (_, i) => ({ i })),
});

test("the middle of a long table is left out, and counted", () => {
  const lines = long.toString().split("\n");
  expect(lines).toHaveLength(2 + 20 + 1 + 20);
  expect(lines[22]).toBe("… 960 more rows …");
  expect([lines[2], lines[21], lines[23], lines.at(-1)].map(Number)).toEqual([0, 19, 980, 999]);
  expect(long.toString({ rowLimit: 1000 }).split("\n")).toHaveLength(1002);
  expect(long.toHtml().match(/<tr>/g)).toHaveLength(1 + 60 + 1);
  expect(long.toHtml()).toContain("… 940 more rows …");
});

test("an empty table shows its headings", () => {
  const empty = new Table({ columns, rows: [], complete: false, expectedRows: 4 });
  expect(empty.toString()).toContain("stale reads");
  expect(empty.toString()).toContain("incomplete: 0 of 4");
  expect(empty.toHtml()).toContain("<tbody>\n</tbody>");
});

test("HTML is escaped, right-aligned and free of colours", () => {
  const html = new Table({
    columns: [{ name: "a<b", kind: "text" }, ...columns.slice(2, 3)],
    rows: [{ "a<b": `<script>alert("x & 'y'")</script>`, stale: rows[0]!.stale! }],
  }).toHtml();
  expect(html).toContain("a&lt;b");
  expect(html).toContain("&lt;script&gt;alert(&quot;x &amp; &#39;y&#39;&quot;)&lt;/script&gt;");
  expect(html).not.toContain("<script");
  expect(html).toContain('0.1819 <span style="opacity:0.7">[0.1811, 0.1826]</span>');
  expect(html).toMatch(/<th scope="col" style="text-align:right[^"]*">stale reads/);
  expect(html).not.toMatch(/color|background/);
});

test("CSV quotes by RFC 4180 and keeps all digits", () => {
  const csv = new Table({
    columns: [{ name: 'say "hi", then', kind: "text" }, ...columns.slice(2)],
    rows: [
      { 'say "hi", then': "two\nlines", stale: { ...unbounded, value: 0.1 + 0.2 } },
      { 'say "hi", then': "plain", stale: exactEstimate(1e-9) },
    ],
  }).toCsv();
  expect(csv).toBe(
    [
      '"say ""hi"", then",stale,stale_low,stale_high,visibilityMs,visibilityMs_low,visibilityMs_high\r\n',
      '"two\nlines",0.30000000000000004,43.1,Infinity,,,\r\n',
      "plain,1e-9,1e-9,1e-9,,,\r\n",
    ].join(""),
  );
});

test("JSON is the rows", () => {
  expect(JSON.parse(JSON.stringify(table))[0]).toMatchObject({ r: 1, stale: { value: 0.18187 } });
});

test("columns come out as cells, numbers or estimates", () => {
  expect(table.column("r")).toEqual([1, 10]);
  expect(table.numbers("stale")).toEqual([0.18187, 0]);
  expect(table.estimates("stale")[0]!.trials).toBe(1e6);
  expect(() => table.column("w")).toThrow('one of latency, r, stale, visibilityMs, got "w"');
  expect(() => table.numbers("latency")).toThrow("need rows[0].latency to be a number");
  expect(() => table.estimates("r")).toThrow("need rows[0].r to be an estimate, got 1");
});

test("columns can be chosen, in another order", () => {
  const chosen = table.select("stale", "r");
  expect(chosen.columns.map(({ name }) => name)).toEqual(["stale", "r"]);
  expect(Object.keys(chosen.rows[0]!)).toEqual(["stale", "r"]);
  expect(() => table.select("w")).toThrow("Table.select: need name");
});

test("rows can be chosen and ordered without changing the table", () => {
  expect(table.sortBy("stale").column("r")).toEqual([10, 1]);
  expect(table.sortBy("r", "descending").column("r")).toEqual([10, 1]);
  expect(table.where((row) => row.r === 10).rows).toHaveLength(1);
  expect(table.column("r")).toEqual([1, 10]);
  expect(() => table.sortBy("w")).toThrow("Table.sortBy: need name");
});

test("rows without a value come last, equal ones keep their order", () => {
  const cells: Row[] = [
    { i: null, j: 1 },
    { i: 2, j: 2 },
    { i: 1, j: 3 },
    { i: 2, j: 4 },
    { j: 5 },
  ];
  const sparse = new Table({
    columns: [
      { name: "i", kind: "number" },
      { name: "j", kind: "number" },
    ],
    rows: cells,
  });
  expect(sparse.sortBy("i").column("j")).toEqual([3, 2, 4, 1, 5]);
  expect(sparse.sortBy("i", "descending").column("j")).toEqual([2, 4, 3, 1, 5]);
});

test("inconsistent tables are refused", () => {
  const twice = [columns[0]!, columns[0]!];
  expect(() => new Table({ columns: twice, rows: [] })).toThrow("different names");
  expect(() => new Table({ columns, rows: [{ x: 1 }] })).toThrow(
    'rows[0] to be without stray fields, got "x"',
  );
});

test("a column is added at the right, one value a row", () => {
  const table = new Table({
    columns: [{ name: "n", kind: "parameter" }],
    rows: [{ n: 3 }, { n: 5 }],
  });
  const wider = table.withColumn({ name: "double", kind: "number" }, [6, 10]);
  expect(wider.rows).toEqual([
    { n: 3, double: 6 },
    { n: 5, double: 10 },
  ]);
  expect(table.columns).toHaveLength(1);
  expect(() => table.withColumn({ name: "double", kind: "number" }, [6])).toThrow(
    /^Table.withColumn: need values to be 2 values/,
  );
  expect(() => table.withColumn({ name: "n", kind: "number" }, [6, 10])).toThrow(/different names/);
});

test("words are aligned at their beginning, numbers at their end", () => {
  const columns = (["word", "number"] as const).map((name) => ({ name, kind: "text" as const }));
  const rows = [
    { word: "a", number: 1 },
    { word: "longer", number: 1000 },
  ];
  const lines = tableText({ columns, rows, complete: true }).split("\n");
  expect(lines.slice(2)).toEqual(["a            1", "longer    1000"]);
});
