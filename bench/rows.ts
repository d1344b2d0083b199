/** One measured thing: a line of a table in results.md. */
export interface BenchRow {
  /** What was measured. */
  readonly what: string;
  /** The figure with its unit, for example "21.5 million trials/s". */
  readonly figure: string;
  /** How many times better than what `against` names; the median of the ratios within rounds. */
  readonly ratio?: number;
  readonly against?: string;
  /** Smallest ratio that is good enough, or the goal in words. */
  readonly target?: number | string;
  /** What limits the comparison, or why there is no figure. */
  readonly remark?: string;
}

/** Rows on one subject, with what the reader should know of how they were measured. */
export interface BenchTable {
  readonly title: string;
  readonly notes: readonly string[];
  readonly rows: readonly BenchRow[];
}

/** CPU seconds that this thread spends in a call: fair on a machine that is shared. */
export function cpuSeconds(call: () => unknown): number {
  const start = process.threadCpuUsage();
  call();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1e6;
}

/** Three significant digits, in millions, thousands or units. */
export function readable(value: number): string {
  if (value >= 999_500) return `${digits(value / 1e6)} million`;
  if (value >= 999.5) return `${digits(value / 1e3)} thousand`;
  return digits(value);
}

function digits(value: number): string {
  return value >= 999.5 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
