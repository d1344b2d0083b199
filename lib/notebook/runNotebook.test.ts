import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { NotebookError } from "./runError.ts";
import { type CellOutput, formatNotebook } from "./runFormat.ts";
import { type RunOptions, runNotebook } from "./runNotebook.ts";

const folder = mkdtempSync(join(tmpdir(), "run-notebook-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

/** A notebook on disk with a text cell and then these code cells. */
function notebookOf(...sources: string[]): string {
  const file = join(folder, `n${++count}.ipynb`);
  const cells = sources.map((source, index) => ({
    ...{ cell_type: "code" as const, id: `c${index}`, metadata: {}, source, outputs: [] },
    ...{ execution_count: null },
  }));
  const text = { cell_type: "markdown" as const, id: "t", metadata: {}, source: "# T" };
  writeFileSync(
    file,
    formatNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [text, ...cells] }),
  );
  return file;
}

/** Outputs of the code cells after a run. */
async function outputs(...sources: string[]): Promise<CellOutput[][]> {
  const { notebook } = await runNotebook(notebookOf(...sources));
  return notebook.cells.slice(1).map((cell) => cell.outputs!);
}

async function failure(sources: string[], options?: RunOptions): Promise<NotebookError> {
  const run = runNotebook(notebookOf(...sources), options);
  return run.then(
    () => expect.fail("the notebook ran to its end"),
    (error: NotebookError) => error,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const stdout = (text: string): CellOutput => ({ output_type: "stream", name: "stdout", text });

describe("outputs", () => {
  test("streams, last expressions, awaited results, variables of earlier cells; progress", async () => {
    const file = notebookOf(
      `console.log("a"); console.log("b"); console.error("c"); console.log("d");`,
      `const x = 20; x + 1`,
      `const y = await Promise.resolve(x * 2); y`,
      "",
      `({ deep: [x, y] })`,
    );
    const seen: number[] = [];
    const { notebook } = await runNotebook(file, {
      onProgress: ({ cell, cellCount }) => seen.push(cell, cellCount),
    });
    expect(notebook.cells.slice(1).map((cell) => cell.outputs)).toEqual([
      [stdout("a\nb\n"), { output_type: "stream", name: "stderr", text: "c\n" }, stdout("d\n")],
      [stdout("21\n")],
      [stdout("40\n")],
      [],
      [stdout("{ deep: [ 20, 40 ] }\n")],
    ]);
    expect(seen).toEqual([2, 6, 3, 6, 4, 6, 6, 6]);
  });

  test("displays: updates in place, whole bundles as they were when shown, no progress", async () => {
    const [first, second, bundle] = await outputs(
      `import { newDisplay, display } from "tslab"; const d = newDisplay();
       d.html("1"); display.text("after"); d.html("2");`,
      `d.html("3"); display.text("end");`,
      `const { lastWriteDisplayData: write } = Object.entries(require.cache)
         .find(([file]) => /tslab.dist.jupyter.js$/.test(file))[1].exports;
       const rows = [1];
       write({ data: { "application/json": rows, "text/plain": "r" }, metadata: { a: 1 } }, false);
       rows.push(2);
       write({ data: { "text/html": "50 %" }, metadata: { quorumlab: { volatile: true } } }, false);`,
    );
    const shown = (data: object, metadata: object = {}): object => ({
      output_type: "display_data",
      data,
      metadata,
    });
    expect(first).toEqual([shown({ "text/html": "3" }), shown({ "text/plain": "after" })]);
    expect(second).toEqual([shown({ "text/plain": "end" })]);
    expect(bundle).toEqual([shown({ "application/json": [1], "text/plain": "r" }, { a: 1 })]);
  });

  test("the same notebook gives the same file, without folders of this machine", async () => {
    const file = notebookOf(
      `console.log(process.cwd(), require("os").homedir() + "/x");`,
      `const seed = 3; const otherSeed = "b"; const n = 4;`,
    );
    const [first, second] = [await runNotebook(file), await runNotebook(file)];
    expect(formatNotebook(first.notebook)).toBe(formatNotebook(second.notebook));
    expect(first.notebook.cells[1]!.outputs).toEqual([stdout(". ~/x\n")]);
    expect(first.seeds).toEqual({ seed: 3, otherSeed: "b" });
  });
});

describe("failures name the notebook, the cell and the cause", () => {
  test("a type error", async () => {
    const error = await failure(["const a = 1;", `const b: string = a;\nconsole.log(b);`]);
    expect(error).toMatchObject({ kind: "cell", cell: 3 });
    expect(error.message).toMatch(/n\d+\.ipynb: cell 3 of 3 \(code cell 2\) failed/);
    expect(error.message).toMatch("  1 | const b: string = a;\n  2 | console.log(b);");
    expect(error.message).toMatch("1:7 - Type 'number' is not assignable to type 'string'.");
  });

  test.each([
    ["an exception", `throw new RangeError("need n >= 1")`, "RangeError: need n >= 1"],
    ["a promise that nobody awaits", `Promise.reject(new Error("lost")); 1`, "Error: lost"],
  ])("%s", async (_, source, message) => {
    const error = await failure([source, "1"]);
    expect(error).toMatchObject({ kind: "cell", cell: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/runChild|tslab.dist/);
  });

  test("an end of the process", async () => {
    const error = await failure(["1", "process.exit(3)"]);
    expect(error).toMatchObject({ kind: "crashed", cell: 3 });
    expect(error.message).toMatch("exit code 3");
  });

  test("a time limit that is over before the first cell", async () => {
    const error = await failure(["1"], { timeoutMs: 1 });
    expect(error).toMatchObject({ kind: "timeout", cell: 0 });
    expect(error.message).toMatch("time limit of 0.001 s");
  });

  // A loop without end blocks the child's event loop: only its end from outside helps.
  test("an interrupt, also of a loop without end, ends the process", async () => {
    const interrupt = new AbortController();
    const pidFile = join(folder, "pid");
    const writePid = `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`;
    const error = await failure([writePid, "for (;;) {}"], {
      signal: interrupt.signal,
      onProgress: ({ cell }) => cell === 3 && interrupt.abort(),
    });
    expect(error).toMatchObject({ kind: "interrupted", cell: 3 });
    const pid = Number(readFileSync(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test("a file that is not there", async () => {
    await expect(runNotebook(join(folder, "none.ipynb"))).rejects.toThrow(RangeError);
  });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
  "a time limit of %s ms is refused",
  async (timeoutMs) => {
    await expect(runNotebook("none.ipynb", { timeoutMs })).rejects.toThrow(
      /^runNotebook: need timeoutMs to be a number in \(0, 2147483647\] ms/,
    );
  },
);
