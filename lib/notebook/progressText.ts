import type { SweepProgress } from "../sweeps/progress.ts";

/** A state of progress, and whether it is the last one. */
export interface ProgressState {
  readonly progress: SweepProgress;
  /** True once nothing more will come: the work is done or was stopped. */
  readonly ended: boolean;
}

const barCells = 20;

/** One line for a terminal, for example `██████░░ 12 of 30 rows, 40 %, 10 s, about 15 s left`. */
export function progressLine(state: ProgressState): string {
  const { done, total } = state.progress;
  const filled = total === 0 ? barCells : Math.floor((barCells * done) / total);
  return `${"█".repeat(filled)}${"░".repeat(barCells - filled)} ${progressWords(state)}`;
}

/** The same as HTML, with the bar that the browser draws. */
export function progressHtml(state: ProgressState): string {
  const { done, total } = state.progress;
  const words = progressWords(state);
  return `<div><progress max="${total}" value="${done}" aria-label="sweep"></progress> ${words}</div>`;
}

function progressWords({ progress, ended }: ProgressState): string {
  const { done, total, rowsDone, rowsTotal, elapsedMs, etaMs } = progress;
  const rows = `${rowsDone} of ${rowsTotal} rows`;
  if (ended && done === total) return `${rows} in ${coarse(elapsedMs)}`;
  if (ended) return `stopped after ${coarse(elapsedMs)}: ${rows}`;
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const left = Number.isFinite(etaMs) ? `, about ${coarse(etaMs)} left` : "";
  return `${rows}, ${percent} %, ${coarse(elapsedMs)}${left}`;
}

/** A duration to two digits, which is all that a forecast is worth. */
function coarse(ms: number): string {
  if (ms < 1000) return "1 s";
  const [size, unit] = ms < 1e5 ? [1e3, "s"] : ms < 6e6 ? [6e4, "min"] : [3.6e6, "h"];
  return `${Number((ms / size).toPrecision(2))} ${unit}`;
}
