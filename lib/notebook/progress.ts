import type { SweepProgress } from "../sweeps/progress.ts";
import { kernelDisplay } from "./kernel.ts";
import { type ProgressDisplay, type ProgressStream, progressDisplay } from "./progressDisplay.ts";
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

/** A line or an output that is replaced in place; work of less than 0.4 s shows nothing. */
export function liveProgress(display: ProgressDisplay, columns = 80): ProgressReporter {
  const reporter = progressReporter({ firstMs: 400, everyMs: 200 }, (state) =>
    display.update({
      text: progressLine(state).slice(0, columns - 1),
      html: progressHtml(state),
    }),
  );
  return {
    update: reporter.update,
    end() {
      reporter.end();
      display.close();
    },
  };
}

/** A line every ten seconds, for a file or a pipe. */
export function loggedProgress(stream: Pick<ProgressStream, "write">): ProgressReporter {
  return progressReporter({ firstMs: 10_000, everyMs: 10_000 }, (state) => {
    stream.write(`${progressLine(state)}\n`);
  });
}

/** The reporter that fits where this process runs: a Jupyter kernel, a terminal, or neither. */
export function defaultProgress(): ProgressReporter {
  const { stderr } = process;
  const isLive = kernelDisplay() !== undefined || stderr.isTTY;
  return isLive ? liveProgress(progressDisplay(stderr), stderr.columns) : loggedProgress(stderr);
}
