import { Worker } from "node:worker_threads";
import type { WorkerAnswer } from "./worker.ts";
import { batchSize, type ChunkRange, rangesAhead, type WorkList } from "./workList.ts";

/** What running a work list needs to know, and whom it tells. */
export interface RunRequest {
  readonly work: WorkList;
  /** Stops the work; what is under way is thrown away. */
  readonly signal: AbortSignal | undefined;
  /** Takes the parts of consecutive chunks, in any order of the ranges. */
  onParts(start: number, parts: readonly unknown[]): void;
  /** Turns the failure of a chunk into the error to throw. */
  failure(chunk: number, error: unknown): unknown;
}

/**
 * The worker's file: JavaScript beside the compiled library, TypeScript beside the sources, which
 * Node runs by stripping the types.
 */
const workerUrl = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js",
  import.meta.url,
);

/** Does a work list on worker threads, which live until it is done, fails or is stopped. */
export async function runOnWorkers(request: RunRequest, count: number): Promise<void> {
  const { work, signal } = request;
  const total = work.starts.at(-1)!;
  const threads = Array.from(
    { length: Math.min(count, total) },
    () => new Worker(workerUrl, { workerData: work, execArgv: [] }),
  );
  let stop = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      stop = resolve;
      signal?.addEventListener("abort", stop, { once: true });
      handOut(request, threads, { resolve, reject });
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

interface Settle {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Gives the workers range after range until none is left. */
function handOut(
  request: RunRequest,
  threads: readonly Worker[],
  { resolve, reject }: Settle,
): void {
  const total = request.work.starts.at(-1)!;
  const given = new Map(threads.map((thread) => [thread, 0]));
  let next = 0;
  let done = 0;
  let busyMs = 0;
  const feed = (thread: Worker) => {
    const chunkMs = done === 0 ? undefined : busyMs / done;
    while (next < total && given.get(thread)! < rangesAhead(chunkMs)) {
      const size = batchSize(total - next, threads.length, chunkMs);
      const range: ChunkRange = { start: next, end: next + size };
      next = range.end;
      given.set(thread, given.get(thread)! + 1);
      thread.postMessage(range);
    }
  };
  const take = (thread: Worker, answer: WorkerAnswer) => {
    if (request.signal?.aborted) return;
    if (answer.kind === "failed") return reject(request.failure(answer.chunk, answer.error));
    done += answer.parts.length;
    busyMs += answer.elapsedMs;
    given.set(thread, given.get(thread)! - 1);
    feed(thread);
    request.onParts(answer.range.start, answer.parts);
    if (done === total) resolve();
  };
  for (const thread of threads) {
    thread.on("message", (answer: WorkerAnswer) => {
      try {
        take(thread, answer);
      } catch (error) {
        reject(error);
      }
    });
    thread.on("error", reject);
    thread.on("exit", (code) => reject(new Error(`sweep: a worker ended with exit code ${code}`)));
    feed(thread);
  }
}

/** How long the only thread may be busy before it looks up, in ms: for progress and interrupts. */
const turnMs = 25;

/** Does a work list in this thread, with a pause now and then for everything else in it. */
export async function runInline(
  { work, signal, onParts, failure }: RunRequest,
  run: (chunk: number) => unknown,
): Promise<void> {
  const total = work.starts.at(-1)!;
  for (let start = 0; start < total && !signal?.aborted; ) {
    const untilMs = performance.now() + turnMs;
    const parts: unknown[] = [];
    do {
      const chunk = start + parts.length;
      try {
        parts.push(run(chunk));
      } catch (error) {
        throw failure(chunk, error);
      }
    } while (start + parts.length < total && performance.now() < untilMs);
    onParts(start, parts);
    start += parts.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
