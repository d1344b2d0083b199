import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { venvProgram } from "../../lib/notebook/doctor.ts";
import type { CellOutput } from "../../lib/notebook/runFormat.ts";
import { runNotebook } from "../../lib/notebook/runNotebook.ts";
import { isVolatile } from "../../lib/notebook/runOutputs.ts";
import {
  chartCount,
  copyOf,
  jupyterEnvironment,
  notebooks,
  outputsOf,
  project,
  read,
} from "./setting.ts";

/** Runs a notebook in place in a real kernel, by Jupyter's own client. */
function execute(notebook: string): { status: number | null; log: string } {
  const { status, stdout, stderr } = spawnSync(
    venvProgram(project, "jupyter"),
    ["execute", "--inplace", "--kernel_name=tslab", "--timeout=120", notebook],
    { encoding: "utf8", env: jupyterEnvironment("nbclient") },
  );
  return { status, log: stdout + stderr };
}

/** Texts of a cell joined by stream and displays without pictures: messages may be cut elsewhere. */
function essence(outputs: readonly CellOutput[]): unknown {
  const text = (name: string): string =>
    outputs.map((o) => (o.output_type === "stream" && o.name === name ? o.text : "")).join("");
  const bundles = outputs.flatMap((o) => ("data" in o && !isVolatile(o) ? [o.data] : []));
  const isPicture = (mime: string): boolean => mime.startsWith("image/");
  return {
    stdout: text("stdout"),
    stderr: text("stderr"),
    displays: bundles.map((data) =>
      Object.fromEntries(Object.entries(data).filter(([mime]) => !isPicture(mime))),
    ),
  };
}

test.each(notebooks)("JupyterLab's client runs %s in the tslab kernel", async (notebook) => {
  const copy = copyOf(notebook, "nbclient");
  const { status, log } = execute(copy);
  expect(log).not.toMatch(/Error|Traceback/);
  expect(status, log).toBe(0);
  const executed = read(copy);
  expect(chartCount(executed)).toBeGreaterThan(0);
  expect(outputsOf(executed).filter((o) => o.output_type === "error")).toEqual([]);
  const errors = outputsOf(executed).filter(
    (o) => o.output_type === "stream" && o.name === "stderr",
  );
  expect(errors).toEqual([]);

  const ours = await runNotebook(notebook);
  for (const [index, cell] of ours.notebook.cells.entries()) {
    const kernel = essence(executed.cells[index]!.outputs ?? []);
    expect(kernel, `cell ${index + 1} of ${basename(notebook)}`).toEqual(
      essence(cell.outputs ?? []),
    );
  }
});

test("a type error in a cell stops JupyterLab's client", () => {
  const copy = copyOf(notebooks[0]!, "nbclient-broken");
  spawnSync("sed", ["-i", "s/const n = 3;/const n: string = 3;/", copy]);
  const { status, log } = execute(copy);
  expect(status).not.toBe(0);
  expect(log).toMatch("Type 'number' is not assignable to type 'string'");
});
