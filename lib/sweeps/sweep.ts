import { availableParallelism } from "node:os";
import { needInteger, refuse } from "../core/need.ts";
import type { Table } from "../core/table.ts";
import { configAt, type Grid, type GridPoint, gridPoints } from "./grid.ts";
import type { Measure } from "./measure.ts";
import { findMeasure, type MeasureName } from "./measures.ts";
import { plainData } from "./plainData.ts";
import { type SweepProgress, withEta } from "./progress.ts";
import { atPoint, errorAt, type SweepPlan, SweepResults } from "./results.ts";
import { rowSeed, type SweepPairing } from "./rowSeed.ts";
import { runInline, runOnWorkers } from "./workers.ts";
import { ChunkRunner, chunkStarts, rowOfChunk } from "./workList.ts";

/** A grid of parameters, and what to measure at each of its points. */
export interface SweepRequest {
  /** Name of a measure: one of `measureNames`, or one that `measuresFrom` has. */
  readonly measure: MeasureName | (string & {});
  /**
   * Values of each parameter, `{ r: [1, 2], "latency.legs.w.meanMs": [1, 10] }`: all combinations,
   * the last parameter varies fastest. Or the points one by one, `[{ r: 1, w: 2 }, { r: 2, w: 1 }]`,
   * to leave out those that make no sense. A key is a path into the configuration, or `seed`, to
   * repeat the rest with other random numbers.
   */
  readonly over: Grid;
  /** What the rows have in common, in place of the measure's defaults; plain data. */
  readonly base?: object;
  /** Seed of all random draws, integer in [0, 2^53). */
  readonly seed: number;
  /**
   * `common`, if absent: all rows draw the same random numbers for what they have in common, so that
   * differences between rows are far more precise than the rows themselves. `independent`: each row
   * draws its own, derived from seed, measure and parameters, so that rows may be averaged.
   */
  readonly pairing?: SweepPairing;
  /** Worker threads, integer >= 0; 0 works in this thread; one a processor if absent. */
  readonly workers?: number;
  /** Stops the sweep: the table then has the rows finished so far and says that it is incomplete. */
  readonly signal?: AbortSignal | undefined;
  /** Is told after every batch of work how far the sweep has come. */
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined;
  /** URL of a module that exports `measures`, a list of further measures. */
  readonly measuresFrom?: string | URL;
}

/**
 * Measures at every point of a grid: one row a point, with its parameters and estimates.
 *
 * The same request gives the same rows, to the last byte, for any number of workers. Rows stand in the
 * order of the grid; an interrupted sweep keeps those that were finished. A point that the measure
 * refuses ends the sweep with an error that names the point, before any work is done.
 *
 * @throws {RangeError} if a field, a path or a grid point is not valid
 * @example
 * const table = await sweep({ measure: "fixed-quorum-staleness", over: { r: [1, 2] }, base: { n: 3, w: 1 }, seed: 1 });
 * table.numbers("staleProbability")[0]; // => 0.666...
 */
export async function sweep(request: SweepRequest): Promise<Table> {
  const { signal, onProgress, workers = availableParallelism() } = request;
  needInteger("sweep", "workers", workers, { min: 0, max: 256 });
  const prepared = await prepare(request);
  const { measure, points, work } = prepared;
  const results = new SweepResults(prepared);
  const startMs = performance.now();
  const tell = () => {
    onProgress?.(withEta({ ...results.counts(), elapsedMs: performance.now() - startMs }));
  };
  const run = {
    work,
    signal,
    onParts(start: number, parts: readonly unknown[]) {
      results.take(start, parts);
      tell();
    },
    failure: (chunk: number, error: unknown) =>
      errorAt(points[rowOfChunk(work.starts, chunk)]!, error),
  };
  tell();
  if (!signal?.aborted && results.counts().total > 0) {
    const runner = new ChunkRunner(measure, work);
    if (workers === 0) await runInline(run, (chunk) => runner.run(chunk));
    else await runOnWorkers(run, workers);
  }
  return results.table();
}

/** Checks everything that can be checked before the work starts. */
async function prepare(request: SweepRequest): Promise<SweepPlan> {
  needInteger("sweep", "seed", request.seed, { min: 0 });
  const measuresFrom = request.measuresFrom?.toString();
  const measure = await findMeasure(request.measure, measuresFrom);
  const points = withSeeds(gridPoints(request.over), request.seed);
  const base = withDefaults(measure, request.base ?? {});
  const rows = points.map((point) => {
    const { seed = request.seed, ...parameters } = point;
    const config = configAt(base, parameters);
    return { config, seed: rowSeed({ ...request, seed: seed as number }, measure.name, config) };
  });
  const plans = rows.map(({ config, seed }, index) =>
    atPoint(points[index]!, () => measure.plan(config, seed)),
  );
  const work = { measure: measure.name, measuresFrom, rows, starts: chunkStarts(plans) };
  return { measure, points, plans, work };
}

/** If some points say which seed is theirs, all do; they must be valid. */
function withSeeds(points: readonly GridPoint[], seed: number): readonly GridPoint[] {
  const named = points.filter((point) => Object.hasOwn(point, "seed"));
  for (const point of named) needInteger("sweep", "over.seed", point.seed, { min: 0 });
  return named.length === 0
    ? points
    : points.map((point) => ({ ...point, seed: point.seed ?? seed }));
}

function withDefaults({ defaults, optional = [], name }: Measure, base: object): object {
  const known = [...Object.keys(defaults), ...optional];
  const stray = Object.keys(base).find((key) => !known.includes(key));
  if (stray !== undefined) {
    refuse("sweep", "base", `of fields that "${name}" has: ${known.join(", ")}`, stray);
  }
  return { ...defaults, ...(plainData("sweep", "base", base) as object) };
}
