import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatNotebook, normaliseNotebook, parseNotebook } from "./runFormat.ts";

const fixture = join(import.meta.dirname, "../../test/fixtures/small-essay.ipynb");

test("a notebook in its committed form is read and written back byte for byte", () => {
  const text = readFileSync(fixture, "utf8");
  const notebook = parseNotebook(text, "small-essay.ipynb");
  expect(formatNotebook(normaliseNotebook(notebook))).toBe(text);
  expect(notebook.cells.length).toBeGreaterThan(5);
});

test("the file has the form in which Jupyter writes it: sorted keys, one line of source a line", () => {
  const text = formatNotebook({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: "code",
        id: "a",
        metadata: {},
        source: "1;\n\n2",
        execution_count: 1,
        outputs: [
          { output_type: "stream", name: "stdout", text: "é\n" },
          {
            output_type: "display_data",
            data: { "text/html": "a\nb", "image/png": "x\n" },
            metadata: {},
          },
        ],
      },
    ],
  });
  // json.dumps(..., sort_keys=True, indent=1, ensure_ascii=False) after nbformat's split_lines.
  expect(text).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "é\\n"
     ]
    },
    {
     "data": {
      "image/png": "x\\n",
      "text/html": [
       "a\\n",
       "b"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": [
    "1;\\n",
    "\\n",
    "2"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`);
});

test("what a run or an editor leaves behind is taken out", () => {
  const raw = {
    nbformat: 4,
    nbformat_minor: 4,
    metadata: {
      vscode: { x: 1 },
      kernelspec: { name: "tslab", display_name: "Mine" },
      title: "kept",
    },
    cells: [
      { cell_type: "markdown", metadata: { tags: ["a"], collapsed: true }, source: ["x\n", "y"] },
      {
        cell_type: "code",
        metadata: { execution: { t: "12:00" } },
        source: "1",
        outputs: [],
        execution_count: 17,
      },
      { cell_type: "code", metadata: {}, source: "", outputs: [], execution_count: null },
      { cell_type: "code", metadata: {}, source: "2", outputs: [], execution_count: 4 },
    ],
  };
  const { cells, metadata } = normaliseNotebook(parseNotebook(JSON.stringify(raw), "x"));
  expect(cells.map((cell) => cell.execution_count)).toEqual([undefined, 1, null, 2]);
  expect(cells.map((cell) => cell.metadata)).toEqual([{ tags: ["a"] }, {}, {}, {}]);
  expect(cells.map((cell) => cell.id)).toEqual(["cell-01", "cell-02", "cell-03", "cell-04"]);
  expect(metadata).toMatchObject({ title: "kept", kernelspec: { display_name: "TypeScript" } });
  expect(metadata.vscode).toBeUndefined();
});

test.each([
  ["{", "not JSON"],
  ["{}", "nbformat undefined"],
  [`{"nbformat":3}`, "nbformat 3"],
  [`{"nbformat":4}`, "no list of cells"],
  [`{"nbformat":4,"cells":[{"cell_type":"codes"}]}`, 'cell 1 of type "codes"'],
])("refuses %s", (text, reason) => {
  expect(() => parseNotebook(text, "a.ipynb")).toThrow(RangeError);
  expect(() => parseNotebook(text, "a.ipynb")).toThrow(reason);
});
