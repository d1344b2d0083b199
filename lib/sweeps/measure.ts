import type { Estimate } from "../core/estimate.ts";

/** One quantity that a measure yields: a column of estimates. */
export interface MeasureOutput {
  /** Name of the column. */
  readonly name: string;
  /** What a reader sees in its place; the name if absent. */
  readonly label?: string;
  /** Unit of the numbers, for example `ms`; absent for probabilities and counts. */
  readonly unit?: string;
}

/** The outputs of a measure for one configuration, by name. */
export type MeasureResult = Readonly<Record<string, Estimate>>;

/**
 * The work behind one row, cut into chunks that can be done anywhere in any order.
 *
 * A chunk depends on its index and on what the plan was made from, never on who does it or when, and
 * draws from streams of its own. Parts are merged in the order of their indices, as soon as those
 * before them are there. So a row has the same bytes for any number of workers, and a long row needs
 * no more memory than a short one.
 */
export interface RowPlan<Part = unknown> {
  /** Number of chunks, integer >= 1; about 50 ms of work each where there is a choice. */
  readonly chunks: number;
  /** Does chunk `index`; the part is plain data, which may be sent to another thread. */
  run(index: number): Part;
  /** Takes the next part in; may change and return the first argument. */
  merge(total: Part, next: Part): Part;
  /** The result, once all parts are in. */
  finish(total: Part): MeasureResult;
}

/**
 * A question that the library can answer for a configuration, by name: functions of a notebook cell
 * cannot be sent to a worker thread, names and configurations can.
 */
export interface Measure<Config extends object = object, Part = unknown> {
  /** Name in the registry, words joined by `-`. */
  readonly name: string;
  /** What is measured, in one sentence. */
  readonly description: string;
  /** A complete configuration: what `base` and `over` leave out is taken from here. Plain data. */
  readonly defaults: Config;
  /** Fields that a configuration may have beyond those of `defaults`; absent: none. */
  readonly optional?: readonly string[];
  /** What it yields, in the order of the columns. */
  readonly outputs: readonly MeasureOutput[];
  /**
   * Checks a configuration and plans the work. Called for every row before any work is done, and in
   * every worker: it should be cheap, and leave what is not to the first `run`.
   *
   * @param config `defaults` with fields replaced, of any type and value: it must check them
   * @param seed of all random draws, integer in [0, 2^53)
   * @throws {RangeError} naming the field, if the configuration is not valid
   */
  plan(config: Config, seed: number): RowPlan<Part>;
}

/** Lets the type checker connect the parts of a measure, then forgets its types for the registry. */
export function defineMeasure<Config extends object, Part>(
  measure: Measure<Config, Part>,
): Measure {
  return measure as unknown as Measure;
}

/** The plan of a row that is not worth cutting: one chunk, which is the result. */
export function wholeRow(run: () => MeasureResult): RowPlan<MeasureResult> {
  return { chunks: 1, run, merge: (_, next) => next, finish: (result) => result };
}
