import type { SweepProgress } from "../sweeps/progress.ts";
import { kernelDisplay } from "./kernelDisplay.ts";
import { type ProgressState, progressHtml, progressLine } from "./progressText.ts";

/** Shows how far some work has come. */
export interface ProgressReporter {
  /** Takes the next state. */
  update(progress: SweepProgress): void;
  /** Shows the last state for good. */
  end(): void;
}

/** When a state is shown: times since the start of the work, in ms. */
export interface ProgressRhythm {
  /** Work that is done before this shows nothing at all. */
  readonly firstMs: number;
  /** Time between two states that are shown. */
  readonly everyMs: number;
}

/** Shows some of the states, by the clock that they carry, and the last one if any was shown. */
export function progressReporter(
  { firstMs, everyMs }: ProgressRhythm,
  show: (state: ProgressState) => void,
): ProgressReporter {
  let last: SweepProgress | undefined;
  let shown = false;
  let nextMs = firstMs;
  return {
    update(progress) {
      last = progress;
      if (progress.elapsedMs < nextMs) return;
      show({ progress, ended: false });
      shown = true;
      nextMs = progress.elapsedMs + everyMs;
    },
    end() {
      if (shown && last !== undefined) show({ progress: last, ended: true });
    },
  };
}

/** What a terminal reporter needs of a stream such as standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line that is overwritten in a terminal; in a file or a pipe, a line every ten seconds. */
export function terminalProgress(stream: ProgressStream): ProgressReporter {
  if (!stream.isTTY) {
    return progressReporter({ firstMs: 10_000, everyMs: 10_000 }, (state) => {
      stream.write(`${progressLine(state)}\n`);
    });
  }
  return progressReporter({ firstMs: 400, everyMs: 100 }, (state) => {
    const line = progressLine(state).slice(0, (stream.columns ?? 80) - 1);
    stream.write(`\r\u001b[K${line}${state.ended ? "\n" : ""}`);
  });
}

/** An output of a notebook cell that is replaced in place; only its last state is stored. */
export function htmlProgress(show: (html: string) => void): ProgressReporter {
  return progressReporter({ firstMs: 400, everyMs: 200 }, (state) => show(progressHtml(state)));
}

/** The reporter that fits where this process runs: a Jupyter kernel, or standard error. */
export function defaultProgress(): ProgressReporter {
  const show = kernelDisplay();
  return show === undefined ? terminalProgress(process.stderr) : htmlProgress(show);
}
