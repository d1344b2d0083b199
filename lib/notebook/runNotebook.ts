import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { needNumber, refuse } from "../core/need.ts";
import { NotebookError } from "./runError.ts";
import { type Notebook, normaliseNotebook, parseNotebook } from "./runFormat.ts";
import type { PathName } from "./runOutputs.ts";
import { applyParameters, type NotebookParameter } from "./runParameters.ts";
import type { RunReport, RunRequest } from "./runProtocol.ts";

/** A cell is about to run. */
export interface NotebookProgress {
  /** File name of the notebook. */
  readonly notebook: string;
  /** Number of the cell, from 1, among all cells. */
  readonly cell: number;
  /** Number of cells of the notebook. */
  readonly cellCount: number;
}

/** How to run a notebook. */
export interface RunOptions {
  /** New values for the declarations in cells tagged `parameters`, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Time limit for the whole notebook, in ms. */
  readonly timeoutMs?: number;
  /** Ends the run and its process. */
  readonly signal?: AbortSignal;
  /** Called before each cell that holds code. */
  readonly onProgress?: (progress: NotebookProgress) => void;
}

/** A notebook that ran to its end. */
export interface NotebookRun {
  /** The notebook with new outputs, in the form that is committed. */
  readonly notebook: Notebook;
  /** Parameters with the values of this run. */
  readonly parameters: readonly NotebookParameter[];
  /** Variables of the notebook whose name contains `seed`. */
  readonly seeds: Readonly<Record<string, unknown>>;
  /** Wall-clock time, in ms, including the start of the process. */
  readonly durationMs: number;
  /** Wall-clock time of each cell, in ms. */
  readonly cellMs: readonly number[];
}

/** Time limit when none is given, in ms. */
export const defaultTimeoutMs: number = 120_000;

/** Largest amount kept of what a run writes past the kernel, in characters. */
const strayTextMax = 4000;

/**
 * Runs all cells of a notebook in a fresh process, through tslab's own cell executor: what runs
 * here runs in Jupyter, and the other way round. Needs neither Python nor ZeroMQ.
 *
 * The same notebook gives the same outputs: execution counts are counted anew, folders of this
 * machine are replaced by `.`, `<project>`, `~` and `<tmp>`, and progress bars are left out. What a
 * cell leaves running when the last cell has ended is not waited for.
 *
 * @param file path of the notebook
 * @throws {NotebookError} if a cell fails (type errors included), the time limit passes, the signal
 *   is aborted or the process dies
 * @throws {RangeError} if the file is not a notebook, a parameter does not fit it, or the time limit
 *   is not in (0, 2^31) ms
 */
export async function runNotebook(file: string, options: RunOptions = {}): Promise<NotebookRun> {
  needNumber("runNotebook", "timeoutMs", options.timeoutMs ?? defaultTimeoutMs, {
    min: 0,
    max: 2 ** 31 - 1,
    exclusiveMin: true,
    unit: "ms",
  });
  const source = readNotebook(file);
  const { notebook, parameters } = applyParameters(source, options.parameters ?? {});
  const folder = dirname(resolve(file));
  const sources = notebook.cells.map((each) => (each.cell_type === "code" ? each.source : null));
  const startMs = performance.now();
  const finished = await runInChild(
    { folder, sources, paths: pathNames(folder) },
    { file, notebook, options },
  );
  const cells = notebook.cells.map((cell, index) =>
    cell.cell_type === "code" ? { ...cell, outputs: finished.outputs[index]! } : cell,
  );
  return {
    notebook: normaliseNotebook({ ...notebook, cells }),
    parameters,
    seeds: finished.seeds,
    durationMs: performance.now() - startMs,
    cellMs: finished.cellMs,
  };
}

/**
 * Reads a notebook from disk.
 *
 * @throws {RangeError} if there is no such file or it is not a notebook
 */
export function readNotebook(file: string): Notebook {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return refuse(
      "readNotebook",
      "the notebook",
      `a readable file (${(error as Error).message})`,
      file,
    );
  }
  return parseNotebook(text, file);
}

/** What folders of this machine are called in outputs. */
function pathNames(folder: string): PathName[] {
  let project = folder;
  while (!existsSync(join(project, "package.json")) && dirname(project) !== project) {
    project = dirname(project);
  }
  const names: PathName[] = [
    [tmpdir(), "<tmp>"],
    [homedir(), "~"],
    [project, "<project>"],
    [folder, "."],
  ];
  return names.filter(([path]) => dirname(path) !== path).sort(([a], [b]) => b.length - a.length);
}

interface RunContext {
  readonly file: string;
  readonly notebook: Notebook;
  readonly options: RunOptions;
}

type Finished = Extract<RunReport, { kind: "finished" }>;

function runInChild(
  request: RunRequest,
  { file, notebook, options }: RunContext,
): Promise<Finished> {
  const { timeoutMs = defaultTimeoutMs, signal, onProgress } = options;
  const { promise, resolve: succeed, reject } = Promise.withResolvers<Finished>();
  const child = startChild();
  const strayText = gatherStrayText(child);
  let cell = -1;
  const fail = (kind: NotebookError["kind"], message: string, details = ""): void =>
    reject(new NotebookError({ kind, file, notebook, cell, message, details }));
  const onAbort = (): void => fail("interrupted", "interrupted");
  const limit = setTimeout(() => {
    fail("timeout", `not finished within the time limit of ${timeoutMs / 1000} s`);
  }, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  child.on("error", (error) => fail("crashed", `could not start the process: ${error.message}`));
  child.on("close", (code, killed) => {
    fail("crashed", `the process ended with ${killed ?? `exit code ${code}`}`, strayText());
  });
  child.on("message", (report: RunReport) => {
    if (report.kind === "ready") child.send(request);
    else if (report.kind === "finished") succeed(report);
    else if (report.kind === "cell") {
      cell = report.cell;
      onProgress?.({ notebook: basename(file), cell: cell + 1, cellCount: notebook.cells.length });
    } else {
      cell = report.failure.cell;
      fail("cell", `${report.failure.name}: ${report.failure.message}`, report.failure.details);
    }
  });
  return promise.finally(() => {
    clearTimeout(limit);
    signal?.removeEventListener("abort", onAbort);
    child.kill("SIGKILL");
  });
}

/** The child is this file's neighbour: TypeScript in the sources, JavaScript in the package. */
function startChild(): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...environment } = process.env;
  return fork(fileURLToPath(new URL(`./runChild.${extension}`, import.meta.url)), [], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
    env: { ...environment, NO_COLOR: "1", TZ: "UTC", LC_ALL: "en_US.UTF-8" },
  });
}

/** Text that bypassed the kernel (a crash of V8, a native library): it explains why a run died. */
function gatherStrayText(child: ChildProcess): () => string {
  let text = "";
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-strayTextMax);
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  return () => text.trim();
}
