// Programs in other languages that the kernel is measured against; made when first needed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quantileTable } from "../lib/core/quantileTable.ts";
import { productionLegs } from "../lib/quorum/productionLatencies.ts";

/** What a peer measured by itself. */
export interface PeerRun {
  /** CPU seconds of the counting alone. */
  readonly seconds: number;
  /** Share of stale reads at once after commit: shows that it computes the same. */
  readonly staleAtOnce: number;
}

/** A peer program, or why there is none. */
export type Peer =
  | { readonly kind: "ready"; readonly version: string; run(n: number, trials: number): PeerRun }
  | { readonly kind: "missing"; readonly reason: string };

const folder = "node_modules/.cache/quorumlab-bench";

/** The same algorithm in scalar C: by inversion with libm, and from the kernel's own tables. */
export function peersInC(): { inversion: Peer; table: Peer } {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "wars");
  try {
    execFileSync("gcc", ["-O3", "-o", program, "bench/wars.c", "-lm"], { stdio: "pipe" });
  } catch (error) {
    const missing: Peer = { kind: "missing", reason: `gcc: ${firstLine(error)}` };
    return { inversion: missing, table: missing };
  }
  const tables = join(folder, "tables.bin");
  writeTables(tables);
  const version = `gcc ${output("gcc", ["-dumpfullversion"])} -O3`;
  const run = (mode: string, files: string[]) => (n: number, trials: number) =>
    parse(output(program, [mode, String(n), String(trials), ...files]));
  return {
    inversion: { kind: "ready", version, run: run("inversion", []) },
    table: { kind: "ready", version, run: run("table", [tables]) },
  };
}

/** For each table, its cells, pieces and refined octaves: a 64-bit count, then doubles. */
function writeTables(file: string): void {
  const { w, a } = productionLegs.lnkdDisk;
  const parts = [w, a].flatMap((leg) => {
    const { cells, pieces, deep } = quantileTable(leg);
    return [cells, pieces, deep].flatMap((values) => {
      const count = new BigUint64Array([BigInt(values.length)]);
      return [new Uint8Array(count.buffer), new Uint8Array(values.slice().buffer)];
    });
  });
  writeFileSync(file, Buffer.concat(parts));
}

/** numpy and a plain loop in Python; numpy comes from PyPI into an environment of its own. */
export function peersInPython(): { numpy: Peer; loop: Peer } {
  const python = join(folder, "venv/bin/python");
  try {
    if (!existsSync(python)) {
      execFileSync("python3", ["-m", "venv", join(folder, "venv")], { stdio: "pipe" });
    }
    const install = ["-m", "pip", "install", "--quiet", "numpy==2.3.5"];
    execFileSync(python, install, { stdio: "pipe" });
  } catch (error) {
    const missing: Peer = { kind: "missing", reason: `python3 with numpy: ${firstLine(error)}` };
    return { numpy: missing, loop: missing };
  }
  const version = output(python, ["--version"]);
  const numpy = output(python, ["-c", "import numpy; print(numpy.__version__)"]);
  const run = (mode: string) => (n: number, trials: number) =>
    parse(output(python, ["bench/wars.py", mode, String(n), String(trials)]));
  return {
    numpy: { kind: "ready", version: `numpy ${numpy}, ${version}`, run: run("numpy") },
    loop: { kind: "ready", version, run: run("loop") },
  };
}

function output(program: string, args: readonly string[]): string {
  const environment = { ...process.env, OMP_NUM_THREADS: "1" };
  return execFileSync(program, args, { encoding: "utf8", env: environment }).trim();
}

function parse(text: string): PeerRun {
  return JSON.parse(text) as PeerRun;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0]!;
}
