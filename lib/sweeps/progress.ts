/** How far a sweep has come. */
export interface SweepProgress {
  /** Chunks of work that are done, and in all. */
  readonly done: number;
  readonly total: number;
  /** Rows that are finished, and in all. */
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Time since the start, in ms. */
  readonly elapsedMs: number;
  /** Time that the rest will take if it goes on like this, in ms; `Infinity` while nothing is done. */
  readonly etaMs: number;
}

/** Adds the time that the rest will take, in proportion to the chunks. */
export function withEta(progress: Omit<SweepProgress, "etaMs">): SweepProgress {
  const { done, total, elapsedMs } = progress;
  const left = total - done;
  const etaMs = left === 0 ? 0 : done === 0 ? Number.POSITIVE_INFINITY : (elapsedMs / done) * left;
  return { ...progress, etaMs };
}
