// Entry of a worker thread: does ranges of chunks of the work list that it was started with.
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../core/assert.ts";
import { findMeasure } from "./measures.ts";
import { type ChunkRange, ChunkRunner, type WorkList } from "./workList.ts";

/** What a worker answers to a range. */
export type WorkerAnswer =
  | {
      readonly kind: "done";
      readonly range: ChunkRange;
      readonly parts: readonly unknown[];
      readonly elapsedMs: number;
    }
  | { readonly kind: "failed"; readonly chunk: number; readonly error: unknown };

const port = parentPort;
if (port !== null) await serve(workerData as WorkList);

async function serve(work: WorkList): Promise<void> {
  const runner = new ChunkRunner(await findMeasure(work.measure, work.measuresFrom), work);
  assert(port !== null, "a worker has a port");
  port.on("message", (range: ChunkRange) => port.postMessage(answer(runner, range)));
}

function answer(runner: ChunkRunner, range: ChunkRange): WorkerAnswer {
  const startMs = performance.now();
  const parts: unknown[] = [];
  for (let chunk = range.start; chunk < range.end; chunk++) {
    try {
      parts.push(runner.run(chunk));
    } catch (error) {
      return { kind: "failed", chunk, error };
    }
  }
  return { kind: "done", range, parts, elapsedMs: performance.now() - startMs };
}
