import { expect, test } from "vitest";
import type { Notebook } from "./runFormat.ts";
import { applyParameters } from "./runParameters.ts";

function notebookOf(source: string, tags: readonly string[] = ["parameters"]): Notebook {
  const cell = { cell_type: "code" as const, id: "p", metadata: { tags }, source, outputs: [] };
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
}

function rewrite(source: string, given: Record<string, string>): string {
  return applyParameters(notebookOf(source), given).notebook.cells[0]!.source;
}

test("only the initialiser of the declaration changes", () => {
  const source = `// seed = 1\nconst seed = 2_024, n: number = -3; /* n */\nlet name = 'a'; const text = "seed = 5";`;
  expect(rewrite(source, { seed: "7", n: "1e3", name: "it's" })).toBe(
    `// seed = 1\nconst seed = 7, n: number = 1000; /* n */\nlet name = "it's"; const text = "seed = 5";`,
  );
});

test.each([
  ["const on = true;", { on: "false" }, "const on = false;"],
  ["const sizes = [1, 2] as const;", { sizes: "[3]" }, "const sizes = [3] as const;"],
  [`const o = { a: 1, "b": null };`, { o: `{"a":2}` }, `const o = {"a":2};`],
  ["const none = null;", { none: "null" }, "const none = null;"],
  [`const s = "x";`, { s: "12" }, `const s = "12";`],
  [`const s = "x";`, { s: `"12"` }, `const s = "12";`],
  ["export const s = `x`;", { s: "" }, `export const s = "";`],
])("%s with %o", (source, given, expected) => {
  expect(rewrite(source, given as unknown as Record<string, string>)).toBe(expected);
});

test("values are reported with the ones of the notebook, in the order of the notebook", () => {
  const { parameters } = applyParameters(
    notebookOf("const seed = 2024; const n = 3; const m = n + 1;"),
    {
      n: "5",
    },
  );
  expect(parameters).toEqual([
    { name: "seed", value: 2024, default: 2024, overridden: false },
    { name: "n", value: 5, default: 3, overridden: true },
  ]);
});

test.each([
  [{ m: "1" }, 'one of seed, label, got "m"'],
  [{ seed: "x" }, "seed to be a JSON number (the notebook has 1), got x"],
  [{ seed: '"1"' }, "seed to be a JSON number"],
  [{ seed: "[1]" }, "seed to be a JSON number"],
  [{ seed: "null" }, "seed to be a JSON number"],
  [{ twice: "4" }, "twice, which the notebook computes"],
  [{ toString: "4" }, 'got "toString"'],
])("refuses %o", (given, message) => {
  const notebook = notebookOf(`const seed = 1; const label = "a"; const twice = 2 * seed;`);
  const run = (): unknown => applyParameters(notebook, given as unknown as Record<string, string>);
  expect(run).toThrow(RangeError);
  expect(run).toThrow(message);
});

test("without a tagged cell there is nothing to choose", () => {
  const notebook = notebookOf("const seed = 1;", ["other"]);
  expect(applyParameters(notebook, {}).parameters).toEqual([]);
  expect(() => applyParameters(notebook, { seed: "1" })).toThrow(
    "no cell of the notebook is tagged",
  );
});
