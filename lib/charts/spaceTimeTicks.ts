import type { ChartSpec } from "./chart.ts";
import type { SpaceTimeLayout } from "./spaceTimeLayout.ts";

/** Durations from which seconds are easier to read than ms. */
const secondsFromMs = 10_000;

/** Unit of the time axis and its length in ms. */
export function timeUnitOf(fromMs: number, toMs: number): { unit: "ms" | "s"; ms: number } {
  return toMs - fromMs >= secondsFromMs ? { unit: "s", ms: 1000 } : { unit: "ms", ms: 1 };
}

/**
 * Channel along x in px, with ticks at round times: places in px keep their precision late in a long run,
 * where times with seven digits would not.
 */
export function timeChannel({ fromMs, toMs, widthPx, xOf }: SpaceTimeLayout): ChartSpec {
  const { unit, ms } = timeUnitOf(fromMs, toMs);
  const step = roundStep(((toMs - fromMs) / ms / widthPx) * 90);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(fromMs / ms / step - 1e-9);
  const count = Math.floor(toMs / ms / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, k) => (first + k) * step);
  const values = ticks.map((tick) => Math.round(xOf(tick * ms) * 100) / 100);
  const labels = ticks.map((tick) => tick.toFixed(decimals));
  return {
    title: `Time (${unit})`,
    scale: { domain: [0, widthPx], nice: false, zero: false },
    axis: { values, labelExpr: pick(labels, values), grid: true, domain: false, labelFlush: false },
  };
}

/** Channel along y in px from above, with the name of each lane at its middle. */
export function laneChannel(
  { lanes, yOf, heightPx }: SpaceTimeLayout,
  names: readonly string[],
): ChartSpec {
  const values = lanes.map(yOf);
  return {
    title: null,
    scale: { domain: [0, heightPx], reverse: true, nice: false, zero: false },
    axis: {
      ...{ values, labelExpr: pick(names, values), grid: false, domain: false, ticks: false },
      ...{ labelFontSize: 12, labelPadding: 8, labelLimit: 220 },
    },
  };
}

/** Vega expression: the text that belongs to the value of a tick. */
function pick(texts: readonly string[], values: readonly number[]): string {
  return `${JSON.stringify(texts)}[indexof(${JSON.stringify(values)}, datum.value)]`;
}

/** 1, 2 or 5 times a power of ten, not below a size. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9))!;
  return factor * power;
}
