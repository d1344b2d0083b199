import type { Distribution } from "./distribution.ts";

/** Half of a distribution as seen from its end: level = probability mass beyond a value. */
export interface Tail {
  /** Value beyond which lies mass `level`, for a level in (0, 1/2]. */
  valueAt(level: number): number;
  /** Mass beyond `value`. */
  levelOf(value: number): number;
  /** Levels at which `valueAt` is not smooth, ascending. */
  readonly breaks: readonly number[];
}

/** Upper and lower tail of a distribution. */
export function tailsOf(distribution: Distribution): [Tail, Tail] {
  const { breakpoints } = distribution;
  const levels = breakpoints === "everywhere" ? [] : [...breakpoints].sort((a, b) => a - b);
  const survival = (value: number) => distribution.survival(value);
  const cdf = (value: number) => distribution.cdf(value);
  const lowerLevels = levels.filter((level) => level >= 0.5).reverse();
  return [
    {
      valueAt: warmStarted(distribution, survival, 1, (level) => distribution.upperQuantile(level)),
      levelOf: survival,
      breaks: levels.filter((level) => level <= 0.5),
    },
    {
      valueAt: warmStarted(distribution, cdf, -1, (level) => distribution.quantile(level)),
      levelOf: cdf,
      breaks: lowerLevels.map((level) => 1 - level),
    },
  ];
}

/** Relative error of the level with which a Newton step is good enough: far below any tolerance. */
const newtonTolerance = 2 ** -44;
const newtonSteps = 4;

/**
 * `exact`, but where there is a density, Newton's method from the value before is tried first: levels
 * asked for one after the other are neighbours, and quantiles of mixtures take a search from nothing.
 */
function warmStarted(
  distribution: Distribution,
  levelOf: (value: number) => number,
  direction: 1 | -1,
  exact: (level: number) => number,
): (level: number) => number {
  if (distribution.pdf === undefined) return exact;
  let value = Number.NaN;
  return (level) => {
    for (let step = 0; step < newtonSteps && Number.isFinite(value); step++) {
      const found = levelOf(value);
      if (Math.abs(found - level) <= newtonTolerance * level) return value;
      value += (direction * found * Math.log(found / level)) / distribution.pdf!(value);
    }
    value = exact(level);
    return value;
  };
}
