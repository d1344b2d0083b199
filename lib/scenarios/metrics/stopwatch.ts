/** The part of a run that is measured, in ms of true time. */
export interface MeasuredWindow {
  readonly fromMs: number;
  /** `Infinity`: to the end of the run. */
  readonly toMs: number;
}

/** Whether a moment is measured. */
export function isMeasuredAt({ fromMs, toMs }: MeasuredWindow, timeMs: number): boolean {
  return timeMs >= fromMs && timeMs <= toMs;
}

/** Adds up how long something was so, within the measured part of a run. */
export class Stopwatch {
  private sinceMs = Number.NaN;
  private sumMs = 0;
  private readonly window: MeasuredWindow;

  constructor(window: MeasuredWindow) {
    this.window = window;
  }

  get isOn(): boolean {
    return !Number.isNaN(this.sinceMs);
  }

  set(isOn: boolean, nowMs: number): void {
    if (isOn === this.isOn) return;
    if (!isOn) this.sumMs += this.overlapMs(nowMs);
    this.sinceMs = isOn ? nowMs : Number.NaN;
  }

  /** Time until a moment, at which it goes on. */
  totalMs(nowMs: number): number {
    return this.sumMs + (this.isOn ? this.overlapMs(nowMs) : 0);
  }

  private overlapMs(nowMs: number): number {
    const { fromMs, toMs } = this.window;
    return Math.max(0, Math.min(nowMs, toMs) - Math.max(this.sinceMs, fromMs));
  }
}
