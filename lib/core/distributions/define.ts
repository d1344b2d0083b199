import type { Distribution, DistributionSpec } from "../distribution.ts";
import { refuse } from "../need.ts";

/** What a family has to say of itself; `defineDistribution` adds the rest. */
export interface DistributionParts {
  readonly spec: DistributionSpec;
  /** Readable form. */
  readonly text: string;
  readonly mean: number;
  readonly support: readonly [number, number];
  /** As in `Distribution`; none if left out. */
  readonly breakpoints?: readonly number[] | "everywhere";
  /** Density within the support; left out where there are atoms. */
  readonly pdf?: (x: number) => number;
  /** P(X <= x), for x within the support. */
  cdf(x: number): number;
  /** P(X > x), for x within the support. */
  survival(x: number): number;
  /** Smallest x with P(X <= x) >= p, for p inside (0, 1). */
  quantile(p: number): number;
  /** Smallest x with P(X > x) <= s, for s inside (0, 1). */
  upperQuantile(s: number): number;
}

/** Completes a family to a distribution: arguments checked, values outside the support, printing. */
export function defineDistribution(parts: DistributionParts): Distribution {
  const { spec, text, mean, support, breakpoints = [], pdf } = parts;
  const [low, high] = support;
  const distribution: Distribution = {
    spec,
    mean,
    support,
    breakpoints,
    ...(pdf && {
      pdf: (x: number) => (needReal("pdf", x) < low || x > high || x === Infinity ? 0 : pdf(x)),
    }),
    cdf: (x) => (needReal("cdf", x) < low ? 0 : x >= high ? 1 : parts.cdf(x)),
    survival: (x) => (needReal("survival", x) < low ? 1 : x >= high ? 0 : parts.survival(x)),
    quantile: (p) =>
      needLevel("quantile", "p", p) === 0 ? low : p === 1 ? high : parts.quantile(p),
    upperQuantile: (s) =>
      needLevel("upperQuantile", "s", s) === 0 ? high : s === 1 ? low : parts.upperQuantile(s),
    sample: (random) => parts.upperQuantile(random.nextUniform()),
    toJSON: () => spec,
    toString: () => text,
  };
  // A notebook or REPL that shows the object as the last expression prints its readable form.
  Object.defineProperty(distribution, Symbol.for("nodejs.util.inspect.custom"), {
    value: () => text,
  });
  return Object.freeze(distribution);
}

function needReal(where: string, x: number): number {
  if (typeof x === "number" && !Number.isNaN(x)) return x;
  return refuse(where, "x", "a number", x);
}

function needLevel(where: string, field: string, level: number): number {
  if (level >= 0 && level <= 1) return level;
  return refuse(where, field, "a number in [0, 1]", level);
}

/** A parameter for reading: at most six significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
