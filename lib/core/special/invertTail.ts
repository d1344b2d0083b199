/** A quantile to be found: the smallest double from which on a monotone condition holds. */
export interface TailInversion {
  /**
   * log(tail / target) at x, or log(target / cdf): positive before the quantile, zero or negative
   * from it on; falling.
   */
  excess(x: number): number;
  /** How fast `excess` falls: density over tail, or density over cdf; 0 if unknown. */
  hazard(x: number): number;
  /** Lower bound of the quantile, as far as known; may be off by rounding. */
  readonly low: number;
  /** Upper bound of the quantile; may be off by rounding, or `Infinity`. */
  readonly high: number;
  /** First guess, between the bounds. */
  readonly start: number;
  /** Lower end of the support: no value below it is tried. */
  readonly floor: number;
}

/** Newton's method needs fewer where the density is smooth; elsewhere bisection takes over. */
const newtonSteps = 15;

/** Enough for bisection from any bracket of doubles. */
const maxSteps = 120;

/**
 * The smallest double x with excess(x) <= 0, by Newton's method inside a shrinking bracket.
 *
 * At the end the bracket is closed to two neighbouring doubles, so that the result is exact for the
 * function as computed, does not depend on the guess, and is the atom itself where there is one.
 */
export function invertTail(problem: TailInversion): number {
  const { excess, hazard } = problem;
  let { low, high, start: x } = problem;
  for (let step = 0; step < maxSteps; step++) {
    const height = excess(x);
    if (height > 0) low = x;
    else high = x;
    const newton = step < newtonSteps ? x + height / hazard(x) : Number.NaN;
    if (Math.abs(newton - x) <= 2 * ulp(x)) break;
    const next = newton > low && newton < high ? newton : middle(low, high);
    if (next === low || next === high) break;
    x = next;
  }
  return settle(problem, x);
}

/** From a value within rounding of the quantile to the quantile. */
function settle({ excess, floor }: TailInversion, x: number): number {
  let step = ulp(x);
  let low = x;
  let high = x;
  if (excess(x) > 0) {
    do {
      low = high;
      high = x + step;
      step *= 4;
    } while (excess(high) > 0);
  } else {
    do {
      high = low;
      if (high <= floor) return floor;
      low = Math.max(floor, x - step);
      step *= 4;
    } while (excess(low) <= 0);
  }
  return closeBracket(excess, low, high);
}

function closeBracket(excess: (x: number) => number, start: number, end: number): number {
  let low = start;
  let high = end;
  for (;;) {
    const x = middle(low, high);
    if (x === low || x === high) return high;
    if (excess(x) > 0) low = x;
    else high = x;
  }
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
