/**
 * The child process of the notebook runner: executes cells through tslab's own executor, as the
 * kernel does, but without Jupyter's sockets. It ends with the process that started it.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { failureOf } from "./runFailure.ts";
import {
  type DisplayMessage,
  type OutputCollector,
  outputCollector,
  withoutPaths,
} from "./runOutputs.ts";
import type { RunReport, RunRequest } from "./runProtocol.ts";

interface Executor {
  readonly locals: Record<string, unknown>;
}

interface Handler {
  handleExecute(
    request: { code: string },
    writeStream: (name: "stdout" | "stderr", text: string) => void,
    writeDisplay: (message: DisplayMessage, update: boolean) => void,
  ): Promise<{ status: string }>;
}

interface Tslab {
  readonly executor: Executor;
  readonly handler: Handler;
}

process.once("disconnect", () => process.exit(1));
process.once("message", (request: RunRequest) => void runAll(request));
void send({ kind: "ready" });

async function runAll(request: RunRequest): Promise<void> {
  process.chdir(request.folder);
  const errors: unknown[][] = [];
  let cell = 0;
  const noteError = (error: unknown): void => void errors.push([error]);
  process.on("uncaughtException", noteError);
  process.on("unhandledRejection", noteError);
  const { executor, handler } = startTslab(request.folder, (args) => errors.push(args));
  const collector = outputCollector(request.sources.length);
  const cellMs = request.sources.map(() => 0);
  for (; cell < request.sources.length; cell++) {
    const source = request.sources[cell];
    if (source == null || source.trim() === "") continue;
    await send({ kind: "cell", cell });
    const startMs = performance.now();
    const ok = await runCell(handler, collector, { cell, source });
    cellMs[cell] = performance.now() - startMs;
    if (ok && errors.length === 0) continue;
    await send({ kind: "failed", failure: failureOf(cell, errors, executor.locals) });
    process.exit(0);
  }
  const outputs = collector.outputs().map((all) => all.map((o) => withoutPaths(o, request.paths)));
  await send({ kind: "finished", outputs, cellMs, seeds: seedsOf(executor.locals) });
  process.exit(0);
}

async function runCell(
  handler: Handler,
  collector: OutputCollector,
  { cell, source }: { cell: number; source: string },
): Promise<boolean> {
  const { status } = await handler.handleExecute(
    { code: source },
    (name, text) => collector.stream(cell, name, text),
    (message, update) => collector.display(cell, message, update),
  );
  // One turn of the event loop, so that a promise that nobody awaits is found in its own cell.
  await new Promise((resolve) => setImmediate(resolve));
  return status === "ok";
}

/** The tslab that a kernel in this folder would run, else the one that this package depends on. */
function startTslab(folder: string, onError: (args: unknown[]) => void): Tslab {
  let load = createRequire(join(folder, "notebook.js"));
  try {
    load.resolve("tslab");
  } catch {
    load = createRequire(import.meta.url);
  }
  const { createConverter } = load("tslab/dist/converter.js");
  const { createExecutor } = load("tslab/dist/executor.js");
  const { JupyterHandlerImpl } = load("tslab/dist/jupyter.js");
  const converters = { node: createConverter({ isJS: false, isBrowser: false }), close() {} };
  const log = (...args: unknown[]): void => console.log(...args);
  const error = (...args: unknown[]): void => onError(args);
  const executor = createExecutor(folder, converters, { log, error });
  return { executor, handler: new JupyterHandlerImpl(executor, false) };
}

function seedsOf(variables: Record<string, unknown>): Record<string, unknown> {
  const isPlain = (value: unknown): boolean =>
    ["number", "string"].includes(typeof value) || (Array.isArray(value) && value.every(isPlain));
  const entries = Object.entries(variables);
  return Object.fromEntries(
    entries.filter(([name, value]) => /seed/i.test(name) && isPlain(value)),
  );
}

function send(report: RunReport): Promise<void> {
  return new Promise((resolve) => process.send!(report, undefined, undefined, () => resolve()));
}
