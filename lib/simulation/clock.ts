import { type RandomStream, randomStream } from "../core/random.ts";
import { type ClockSpec, needClocks } from "./clockSpec.ts";

export { type ClockSpec, type NodeClockSpec, needClocks, type ResyncSpec } from "./clockSpec.ts";

/**
 * The clocks of all nodes in one run.
 *
 * Between jumps and settings a clock shows, at true time t, t + offset + drift * (t - since): it runs
 * on, faster or slower. Timers count by the rate of the clock alone, as a monotonic clock does: neither
 * a jump nor a setting affects them. Asked for the same clock, times may not go back.
 */
export class Clocks {
  readonly spec: ClockSpec | undefined;
  readonly count: number;
  private readonly offsetsMs: Float64Array;
  private readonly drifts: Float64Array;
  /** When a clock was last set. */
  private readonly sinceMs: Float64Array;
  private readonly nextResyncMs: Float64Array;
  private readonly resyncs: (RandomStream | undefined)[] = [];

  /** @throws {RangeError} naming the field of the spec that is wrong */
  constructor(spec: ClockSpec | undefined, count: number) {
    this.spec = spec === undefined ? undefined : needClocks("Clocks", spec, count);
    this.count = count;
    this.offsetsMs = new Float64Array(count);
    this.drifts = new Float64Array(count);
    this.sinceMs = new Float64Array(count);
    this.nextResyncMs = new Float64Array(count).fill(Infinity);
  }

  /** Clocks of a new run. */
  reset(seed: number): void {
    this.offsetsMs.fill(0);
    this.sinceMs.fill(0);
    if (this.spec === undefined) return;
    const { offsetMs, driftPpm, nodes = [], resync } = this.spec;
    for (let node = 0; node < this.count; node++) {
      const between = (purpose: string, bound: number) =>
        bound === 0 ? 0 : drawBetween(randomStream({ seed, purpose, entity: node }), bound);
      this.offsetsMs[node] = between("clock offset", offsetMs);
      this.drifts[node] = between("clock drift", driftPpm) / 1e6;
      if (resync === undefined) continue;
      const random = randomStream({ seed, purpose: "clock resync", entity: node });
      this.nextResyncMs[node] = random.nextUniform() * resync.everyMs;
      this.resyncs[node] = random;
    }
    for (const known of nodes) {
      this.offsetsMs[known.node] = known.offsetMs ?? this.offsetsMs[known.node]!;
      if (known.driftPpm !== undefined) this.drifts[known.node] = known.driftPpm / 1e6;
    }
  }

  /** What the clock of a node shows at a true time. */
  readMs(node: number, trueMs: number): number {
    if (trueMs >= this.nextResyncMs[node]!) this.resync(node, trueMs);
    const elapsedMs = trueMs - this.sinceMs[node]!;
    return trueMs + (this.offsetsMs[node]! + this.drifts[node]! * elapsedMs);
  }

  /** True time that passes while the clock of a node counts a delay. */
  trueDelayMs(node: number, delayMs: number): number {
    return delayMs / (1 + this.drifts[node]!);
  }

  /** The clock of a node jumps at a true time; timers that run are not affected. */
  jump(node: number, byMs: number, trueMs: number): void {
    if (trueMs >= this.nextResyncMs[node]!) this.resync(node, trueMs);
    this.offsetsMs[node]! += byMs;
  }

  /** Sets a clock as often as it has become due. */
  private resync(node: number, trueMs: number): void {
    const { everyMs, boundMs } = this.spec!.resync!;
    while (trueMs >= this.nextResyncMs[node]!) {
      this.offsetsMs[node] = drawBetween(this.resyncs[node]!, boundMs);
      this.sinceMs[node] = this.nextResyncMs[node]!;
      this.nextResyncMs[node]! += everyMs;
    }
  }
}

/** Uniform in [-bound, bound]. */
function drawBetween(random: RandomStream, bound: number): number {
  return (2 * random.nextUniform() - 1) * bound;
}
