/** A quantile to be found: the smallest double from which on a tail has reached a level. */
export interface TailInversion {
  /** Which tail is given: P(X <= x), rising, or P(X > x), falling. */
  readonly side: "lower" | "upper";
  /** The tail at x. */
  tail(x: number): number;
  /** Density at x; may leave out atoms, and be 0 where it is unknown. */
  density(x: number): number;
  /** Level of the tail, in (0, 1). */
  readonly level: number;
  /** Lower bound of the quantile, as far as known; may be off by rounding. */
  readonly low: number;
  /** Upper bound of the quantile; may be off by rounding, or `Infinity`. */
  readonly high: number;
  /** First guess; one that is not between the bounds is ignored. */
  readonly start: number;
  /** Lower end of the support: no value below it is tried. */
  readonly floor: number;
}

/** Newton's method needs fewer where the density is smooth; elsewhere bisection takes over. */
const newtonSteps = 15;

/** Enough for bisection from any bracket of doubles. */
const maxSteps = 120;

/**
 * The smallest double x at which a lower tail is at least, or an upper tail at most, a level.
 *
 * Newton's method on the logarithm of the tail, inside a shrinking bracket. At the end the bracket is
 * closed to two neighbouring doubles, so that the result is exact for the tail as computed, does not
 * depend on the guess, and is the atom itself where there is one. Beyond the largest double it is
 * `Infinity`.
 */
export function invertTail(problem: TailInversion): number {
  const { tail, density, level, side } = problem;
  let { low, high } = problem;
  if (low === Infinity) return Infinity;
  let x = problem.start >= low && problem.start <= high ? problem.start : middle(low, high);
  for (let step = 0; step < maxSteps; step++) {
    const height = tail(x);
    if (side === "lower" ? height >= level : height <= level) high = x;
    else low = x;
    const excess = Math.log(side === "lower" ? level / height : height / level);
    const newton = step < newtonSteps ? x + (excess * height) / density(x) : Number.NaN;
    if (Math.abs(newton - x) <= 2 * ulp(x)) break;
    const next = newton > low && newton < high ? newton : middle(low, high);
    if (next === low || next === high) break;
    x = next;
  }
  return settle(problem, x);
}

/** From a value within rounding of the quantile to the quantile. */
function settle({ tail, level, side, floor }: TailInversion, x: number): number {
  const reached =
    side === "lower" ? (y: number) => tail(y) >= level : (y: number) => tail(y) <= level;
  let step = ulp(x);
  let low = x;
  let high = x;
  if (reached(x)) {
    do {
      high = low;
      if (high <= floor) return floor;
      low = Math.max(floor, x - step);
      step *= 4;
    } while (reached(low));
  } else {
    do {
      low = high;
      high = x + step;
      step *= 4;
    } while (high < Infinity && !reached(high));
  }
  return closeBracket(reached, low, high);
}

function closeBracket(reached: (x: number) => boolean, start: number, end: number): number {
  let low = start;
  let high = end;
  for (;;) {
    const x = middle(low, high);
    if (!(x > low && x < high)) return high;
    if (reached(x)) high = x;
    else low = x;
  }
}

/**
 * Both quantile functions from two solvers that are each accurate in their own tail: below the
 * median the lower one, above it the upper one. One minus a level above 1/2 is exact.
 */
export function quantilesFromTails(
  lower: (p: number) => number,
  upper: (s: number) => number,
): { quantile(p: number): number; upperQuantile(s: number): number } {
  const median = lower(0.5);
  // The two solvers may differ in the last place where they meet; a quantile function never falls.
  const above = (s: number) => Math.max(median, upper(s));
  return {
    quantile: (p) => (p <= 0.5 ? lower(p) : above(1 - p)),
    upperQuantile: (s) => (s < 0.5 ? above(s) : lower(1 - s)),
  };
}

/** Arithmetic mean, or geometric where the ends are of different size: at most about 70 halvings. */
function middle(low: number, high: number): number {
  if (high === Infinity) return Math.max(2 * low, 1);
  if (low >= 0 && high > 4 * low) {
    const root = Math.sqrt(Math.max(low, Number.MIN_VALUE)) * Math.sqrt(high);
    if (root > low && root < high) return root;
  }
  return low + (high - low) / 2;
}

/** About one unit in the last place, at least the smallest double. */
function ulp(x: number): number {
  return Math.max(Math.abs(x) * 2 ** -52, Number.MIN_VALUE);
}
