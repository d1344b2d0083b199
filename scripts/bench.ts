// Runs all benchmarks and writes bench/results.md. Takes some minutes; a quiet machine gives calmer figures.
// With names of benchmarks (`npm run bench -- agenda`): only those, and nothing is written.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { agendaTable } from "../bench/agenda.ts";
import { broadcastTable } from "../bench/broadcast.ts";
import type { BenchRow, BenchTable } from "../bench/rows.ts";
import { startTable } from "../bench/start.ts";
import { benchSweepWorkers } from "../bench/sweepWorkers.ts";
import { visibilityTable } from "../bench/visibility.ts";
import { warsTable } from "../bench/wars.ts";
import { runNode } from "./run.ts";

const target = "bench/results.md";

const measurements: [string, () => BenchTable | Promise<BenchTable>][] = [
  ["counting kernel", warsTable],
  ["t-visibility", visibilityTable],
  ["agenda", agendaTable],
  ["simulator", broadcastTable],
  ["worker threads", workersTable],
  ["start", startTable],
];

const only = process.argv.slice(2);
const asked = measurements.filter(([name]) => only.length === 0 || only.includes(name));

// Worker threads and start are measured on the compiled package.
if (only.length === 0) runNode("scripts/build.ts");

const loadBefore = loadavg()[0]!;
const tables: BenchTable[] = [];
for (const [name, measure] of asked) {
  console.log(`bench: ${name} ...`);
  const table = await measured(name, measure);
  tables.push(table);
  console.log(tableText(table));
}
if (only.length === 0) {
  writeFileSync(target, document(tables));
  console.log(`bench: wrote ${target}`);
}
const missed = tables.flatMap(({ rows }) => rows).filter((row) => verdict(row) === "missed");
for (const { what, ratio, target: least } of missed) {
  console.log(`bench: MISSED ${what}: ${ratio} instead of ${least}`);
}

/** A table, or in its place the reason why there is none; then the whole ends with exit code 1. */
async function measured(
  name: string,
  measure: () => BenchTable | Promise<BenchTable>,
): Promise<BenchTable> {
  try {
    return await measure();
  } catch (error) {
    process.exitCode = 1;
    const rows = [{ what: name, figure: "failed", remark: String(error).split("\n")[0]! }];
    return { title: name, notes: [], rows };
  }
}

async function workersTable(): Promise<BenchTable> {
  const results = await benchSweepWorkers(3);
  return {
    title: "Worker threads",
    notes: ["Wall-clock time, start of the threads included: other load on the machine counts."],
    rows: results.flatMap(({ name, oneMs, twoMs, ratio, ratios }): BenchRow[] => [
      { what: `${name}, one worker`, figure: `${(oneMs / 1000).toFixed(2)} s` },
      {
        what: `${name}, two workers`,
        figure: `${(twoMs / 1000).toFixed(2)} s`,
        ratio,
        against: "one worker",
        target: 1.8,
        remark: `rounds: ${ratios.map((value) => value.toFixed(2)).join(", ")}`,
      },
    ]),
  };
}

function document(tables: readonly BenchTable[]): string {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const [cpu] = cpus();
  const machine = `${cpu?.model ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench`. Ratios are medians of the ratios within rounds that run everything in",
    "turn: they hold on other machines, the figures do not.",
    "",
    `- machine: ${machine}`,
    `- versions: quorumlab ${version} (${commit}), Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `- processes that wanted a core in the minute before: ${loadBefore.toFixed(1)}`,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    "",
    ...tables.flatMap((table) => [`## ${table.title}`, "", tableText(table), ""]),
  ].join("\n");
}

function tableText({ notes, rows }: BenchTable): string {
  const lines = rows.map((row) => {
    const ratio =
      row.ratio === undefined ? "" : `${Number(row.ratio.toPrecision(3))} x ${row.against ?? ""}`;
    const cells = [row.what, row.figure, ratio, targetText(row), row.remark ?? ""];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const head = ["| what | figure | ratio | target | remark |", "| --- | --- | --- | --- | --- |"];
  return [...notes.flatMap((note) => [note, ""]), ...head, ...lines].join("\n");
}

function targetText(row: BenchRow): string {
  if (row.target === undefined) return "";
  const least = typeof row.target === "number" ? `at least ${row.target}` : row.target;
  const result = verdict(row);
  return result === undefined ? least : `${least}: ${result}`;
}

function verdict({ ratio, target: least }: BenchRow): "met" | "missed" | undefined {
  if (typeof least !== "number" || ratio === undefined) return undefined;
  return ratio >= least ? "met" : "missed";
}
