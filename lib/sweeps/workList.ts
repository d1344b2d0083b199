import { needInteger } from "../core/need.ts";
import type { Measure, RowPlan } from "./measure.ts";

/** All rows of a sweep as plain data: what a worker needs to do any part of the work. */
export interface WorkList {
  /** Name of the measure. */
  readonly measure: string;
  /** URL of a module with more measures; the library's own if absent. */
  readonly measuresFrom: string | undefined;
  /** Configuration and seed of each row. */
  readonly rows: readonly { readonly config: object; readonly seed: number }[];
  /** Index of each row's first chunk when the chunks of all rows stand in one line, and their number. */
  readonly starts: readonly number[];
}

/** A run of consecutive chunks, from `start` up to `end` without it. */
export interface ChunkRange {
  readonly start: number;
  readonly end: number;
}

/** Does single chunks of a work list; keeps the plan of the row it is at. */
export class ChunkRunner {
  private readonly measure: Measure;
  private readonly work: WorkList;
  private row = -1;
  private plan: RowPlan | undefined;

  constructor(measure: Measure, work: WorkList) {
    this.measure = measure;
    this.work = work;
  }

  /** Does one chunk, by its index in the line of all. */
  run(chunk: number): unknown {
    const row = rowOfChunk(this.work.starts, chunk);
    if (row !== this.row || this.plan === undefined) {
      const { config, seed } = this.work.rows[row]!;
      this.plan = this.measure.plan(config, seed);
      this.row = row;
    }
    return this.plan.run(chunk - this.work.starts[row]!);
  }
}

/** The row that a chunk belongs to. */
export function rowOfChunk(starts: readonly number[], chunk: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= chunk) low = middle;
    else high = middle;
  }
  return low;
}

/** Where the chunks of each row start, from the plans. */
export function chunkStarts(plans: readonly RowPlan[]): number[] {
  const starts = [0];
  for (const { chunks } of plans) {
    needInteger("sweep", "chunks of a row", chunks, { min: 1 });
    starts.push(starts.at(-1)! + chunks);
  }
  return starts;
}

/** Work that a worker should get at once, in ms: messages cost 0.02 ms, so this hides them. */
const batchMs = 50;

/**
 * How many chunks to hand out next: worth about 50 ms, and so few that all workers end together.
 *
 * @param chunkMs mean time of a chunk so far; `undefined` before the first is done
 */
export function batchSize(
  chunksLeft: number,
  workers: number,
  chunkMs: number | undefined,
): number {
  if (chunkMs === undefined) return 1;
  const worthwhile = Math.ceil(batchMs / Math.max(chunkMs, 1e-3));
  const share = Math.ceil(chunksLeft / (2 * workers));
  return Math.max(1, Math.min(worthwhile, share));
}

/**
 * How many ranges a worker should have at hand: a second one while short work is answered for, so that
 * the worker does not wait; one where chunks are long, as another worker may be free sooner.
 */
export function rangesAhead(chunkMs: number | undefined): number {
  return chunkMs !== undefined && chunkMs < batchMs ? 2 : 1;
}
