import { assert } from "../core/assert.ts";
import { Table } from "../core/table.ts";
import type { Column, Row } from "../core/tableData.ts";
import { cellAt, cellOf, type GridPoint, gridPaths, pointText } from "./grid.ts";
import type { Measure, MeasureResult, RowPlan } from "./measure.ts";
import type { SweepProgress } from "./progress.ts";
import { rowOfChunk, type WorkList } from "./workList.ts";

/** A sweep that has been checked: its points, and the work behind each of them. */
export interface SweepPlan {
  readonly measure: Measure;
  readonly points: readonly GridPoint[];
  readonly plans: readonly RowPlan[];
  readonly work: WorkList;
}

/** What is there of a row that is not finished. */
interface RowState {
  /** Number of parts that were merged: those of the first chunks. */
  merged: number;
  total: unknown;
  /** Parts whose predecessors are not there yet, by chunk. */
  readonly waiting: Map<number, unknown>;
}

/** Merges parts in the order of their chunks, whatever the order in which they come. */
export class SweepResults {
  private readonly plan: SweepPlan;
  private readonly states: RowState[];
  private readonly finished: (MeasureResult | undefined)[];
  private chunksDone = 0;

  constructor(plan: SweepPlan) {
    this.plan = plan;
    this.states = plan.plans.map(() => ({ merged: 0, total: undefined, waiting: new Map() }));
    this.finished = plan.plans.map(() => undefined);
  }

  /** Takes the parts of consecutive chunks; finishes the rows that are then complete. */
  take(start: number, parts: readonly unknown[]): void {
    const { starts } = this.plan.work;
    for (const [offset, part] of parts.entries()) {
      const row = rowOfChunk(starts, start + offset);
      this.states[row]!.waiting.set(start + offset - starts[row]!, part);
      atPoint(this.plan.points[row]!, () => this.advance(row));
    }
    this.chunksDone += parts.length;
  }

  private advance(row: number): void {
    const plan = this.plan.plans[row]!;
    const state = this.states[row]!;
    for (; state.waiting.has(state.merged); state.merged++) {
      const part = state.waiting.get(state.merged);
      state.waiting.delete(state.merged);
      state.total = state.merged === 0 ? part : plan.merge(state.total, part);
    }
    if (state.merged < plan.chunks) return;
    this.finished[row] = plan.finish(state.total);
    state.total = undefined;
  }

  /** How much is done. */
  counts(): Omit<SweepProgress, "etaMs" | "elapsedMs"> {
    const rowsDone = this.finished.filter((result) => result !== undefined).length;
    const { starts } = this.plan.work;
    return { done: this.chunksDone, total: starts.at(-1)!, rowsDone, rowsTotal: starts.length - 1 };
  }

  /** The finished rows, in the order of the grid. */
  table(): Table {
    const { measure, points, work } = this.plan;
    const paths = gridPaths(points);
    const rows = this.finished.flatMap((result, index): Row[] => {
      if (result === undefined) return [];
      const { config } = work.rows[index]!;
      const point = points[index]!;
      const parameters = paths.map((path) => [
        path,
        Object.hasOwn(point, path) ? cellOf(point[path]) : cellAt(config, path),
      ]);
      const outputs = measure.outputs.map(({ name }) => {
        const estimate = result[name];
        assert(estimate !== undefined, `measure "${measure.name}" yields ${name}`);
        return [name, estimate];
      });
      return [Object.fromEntries([...parameters, ...outputs]) as Row];
    });
    const columns: Column[] = [
      ...paths.map((name): Column => ({ name, kind: "parameter" })),
      ...measure.outputs.map((output): Column => ({ ...output, kind: "estimate" })),
    ];
    const complete = rows.length === points.length;
    return new Table({ columns, rows, complete, expectedRows: points.length });
  }
}

/** Names the grid point in an error of what is computed for it. */
export function atPoint<Value>(point: GridPoint, compute: () => Value): Value {
  try {
    return compute();
  } catch (error) {
    throw errorAt(point, error);
  }
}

/** The error of a measure, with the grid point at which it happened. */
export function errorAt(point: GridPoint, error: unknown): Error {
  const message = `sweep: at ${pointText(point)}: ${error instanceof Error ? error.message : error}`;
  const options = { cause: error };
  return error instanceof RangeError
    ? new RangeError(message, options)
    : new Error(message, options);
}
