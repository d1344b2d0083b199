/** Clocks of the nodes. */
export interface ClockSpec {
  /** Offset of each clock from true time at the start, uniform in [-offsetMs, offsetMs]. */
  readonly offsetMs: number;
  /** Drift of each clock, uniform in [-driftPpm, driftPpm], in millionths. */
  readonly driftPpm: number;
}

/** The clocks of all nodes in one run. */
export class Clocks {
  private readonly offsetsMs: Float64Array;
  private readonly rates: Float64Array;

  readonly spec: ClockSpec | undefined;
  readonly count: number;

  constructor(spec: ClockSpec | undefined, count: number) {
    this.spec = spec;
    this.count = count;
    this.offsetsMs = new Float64Array(count);
    this.rates = new Float64Array(count).fill(1);
  }

  /** Clocks of a new run. */
  reset(_seed: number): void {
    this.offsetsMs.fill(0);
    this.rates.fill(1);
  }

  /** What the clock of a node shows at a true time. */
  readMs(node: number, trueMs: number): number {
    return this.offsetsMs[node]! + this.rates[node]! * trueMs;
  }

  /** True time that passes while the clock of a node counts a delay. */
  trueDelayMs(node: number, delayMs: number): number {
    return delayMs / this.rates[node]!;
  }

  /** The clock of a node jumps; timers that run are not affected. */
  jump(node: number, byMs: number, _nowMs: number): void {
    this.offsetsMs[node]! += byMs;
  }
}
