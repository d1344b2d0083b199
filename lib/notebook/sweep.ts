import type { Table } from "../core/table.ts";
import { sweep as quietSweep, type SweepRequest } from "../sweeps/sweep.ts";
import { interruptible } from "./interrupt.ts";
import { defaultProgress } from "./progress.ts";

/**
 * Measures at every point of a grid: one row a point, with its parameters and estimates.
 *
 * Shows its progress with the time left, in a notebook below the cell, elsewhere on standard error.
 * Ctrl-C, or the stop button of a notebook, ends it early: the table has the rows finished by then,
 * and says that it is incomplete. The same request gives the same rows, to the last byte, for any
 * number of workers.
 *
 * @param request measure, grid, base, seed; `onProgress` takes the place of the progress shown, and
 *   `signal` that of the interrupt
 * @throws {RangeError} if a field, a path or a grid point is not valid
 * @example
 * const table = await sweep({ measure: "fixed-quorum-staleness", over: { r: [1, 2] }, base: { n: 3, w: 1 }, seed: 1 });
 * table.numbers("staleProbability").length; // => 2
 */
export async function sweep(request: SweepRequest): Promise<Table> {
  const { signal } = request;
  if (signal !== undefined) return withProgress(request, signal);
  return interruptible((interrupt) => withProgress(request, interrupt));
}

async function withProgress(request: SweepRequest, signal: AbortSignal): Promise<Table> {
  if (request.onProgress !== undefined) return quietSweep({ ...request, signal });
  const reporter = defaultProgress();
  try {
    return await quietSweep({ ...request, signal, onProgress: reporter.update });
  } finally {
    reporter.end();
  }
}
