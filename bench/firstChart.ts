// How long a reader waits for the first chart of notebook 01, in a real Jupyter kernel that starts cold.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { median } from "simple-statistics";
import type { BenchRow } from "./rows.ts";

const python = ".venv/bin/python";
const notebook = resolve("notebooks/01-stale-reads-under-partial-quorums.ipynb");
const limitS = 10;

/** The row of the first chart; needs `npm run build` and `npm run setup:jupyter` first. */
export function firstChartRow(rounds = 3): BenchRow {
  const what = "First chart of notebook 01, from the start of the kernel";
  if (!existsSync(python)) {
    return { what, figure: "not measured", remark: "npm run setup:jupyter comes first" };
  }
  const run = () =>
    Number(execFileSync(python, ["bench/firstChart.py", notebook], { encoding: "utf8" }));
  const seconds = median(Array.from({ length: rounds }, run));
  const verdict = seconds <= limitS ? "met" : "missed";
  return { what, figure: `${seconds.toFixed(1)} s`, target: `at most ${limitS} s: ${verdict}` };
}
