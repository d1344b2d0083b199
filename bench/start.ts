// How long the library takes to load, in processes of their own.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { median } from "simple-statistics";
import { firstChartRow } from "./firstChart.ts";
import type { BenchRow, BenchTable } from "./rows.ts";

const library = "dist/index.js";

/** The table of start times; needs `npm run build` first. */
export function startTable(rounds = 7): BenchTable {
  const what = "Import of the library";
  const row: BenchRow = existsSync(library)
    ? { what, figure: `${importMs(rounds).toFixed(0)} ms` }
    : { what, figure: "not measured", remark: "npm run build comes first" };
  return {
    title: "Start",
    notes: ["Wall-clock time of new processes; medians."],
    rows: [row, firstChartRow()],
  };
}

function importMs(rounds: number): number {
  const program = `const start = performance.now(); await import("./${library}"); console.log(performance.now() - start);`;
  const args = ["--input-type=module", "-e", program];
  const run = () => Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
  run(); // warms the file cache
  return median(Array.from({ length: rounds }, run));
}
