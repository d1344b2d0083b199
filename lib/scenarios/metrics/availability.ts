import type { MeasuredWindow } from "./stopwatch.ts";
import type { TrackedOperation } from "./trackedOperation.ts";

/**
 * When one partition takes no writes, as its clients see it.
 *
 * In the order of invocation, each run of writes that were not served (not acknowledged as done, or only
 * after a time limit, as those that were tried again until an outage was over) is an
 * outage: from the invocation of its first to that of the next write that was served, or to the end of
 * the measured part. The true outage began after the last served write was invoked and ended before the
 * first one served again was: either end is off by at most one gap between writes.
 */
export class Availability {
  unavailableMs = 0;
  longestGapMs = 0;
  private first: TrackedOperation | undefined = undefined;
  private last: TrackedOperation | undefined = undefined;
  private outageSinceMs = Number.NaN;
  private acknowledgedMs = 0;
  private readonly window: MeasuredWindow;
  private readonly timeoutMs: number;

  /** @param timeoutMs a write acknowledged later than this has not been served; `Infinity`: no limit */
  constructor(window: MeasuredWindow, timeoutMs: number) {
    this.window = window;
    this.timeoutMs = timeoutMs;
    this.reset();
  }

  reset(): void {
    this.unavailableMs = 0;
    this.longestGapMs = 0;
    this.first = undefined;
    this.last = undefined;
    this.outageSinceMs = Number.NaN;
    this.acknowledgedMs = this.window.fromMs;
  }

  invoked(write: TrackedOperation): void {
    if (!write.isMeasured) return;
    if (this.last === undefined) this.first = write;
    else this.last.next = write;
    this.last = write;
  }

  /** A write has ended: outcomes are judged in the order of invocation. */
  ended(write: TrackedOperation, timeMs: number): void {
    if (write.ending === "ok") this.acknowledged(timeMs);
    while (this.first !== undefined && this.first.ending !== "none") this.advance(this.first);
  }

  /** Writes that are still under way have not been served. */
  runEnded(timeMs: number): void {
    const endMs = Math.min(timeMs, this.window.toMs);
    while (this.first !== undefined) this.advance(this.first);
    if (!Number.isNaN(this.outageSinceMs)) this.unavailableMs += endMs - this.outageSinceMs;
    this.longestGapMs = Math.max(this.longestGapMs, endMs - this.acknowledgedMs);
  }

  private acknowledged(timeMs: number): void {
    if (timeMs < this.window.fromMs || timeMs > this.window.toMs) return;
    this.longestGapMs = Math.max(this.longestGapMs, timeMs - this.acknowledgedMs);
    this.acknowledgedMs = timeMs;
  }

  private advance({ ending, invokedMs, acknowledgedMs, next }: TrackedOperation): void {
    if (ending === "ok" && acknowledgedMs - invokedMs <= this.timeoutMs) {
      if (!Number.isNaN(this.outageSinceMs)) this.unavailableMs += invokedMs - this.outageSinceMs;
      this.outageSinceMs = Number.NaN;
    } else if (ending !== "void" && Number.isNaN(this.outageSinceMs)) {
      this.outageSinceMs = invokedMs;
    }
    this.first = next;
    if (next === undefined) this.last = undefined;
  }
}
