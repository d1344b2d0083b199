/** A quantile to be found: the smallest double from which on a monotone condition holds. */
export interface TailInversion {
  /**
   * log(tail / target) at x, or log(target / cdf): positive before the quantile, zero or negative
   * from it on; falling.
   */
  excess(x: number): number;
  /** Minus the derivative of `excess`: the hazard, density over tail; 0 if unknown. */
  hazard(x: number): number;
  /** Expected bounds of the quantile; they may be off by rounding. */
  readonly low: number;
  readonly high: number;
  /** First guess, between the bounds. */
  readonly start: number;
  /** No value below this is tried. */
  readonly floor: number;
}

/** Newton's method gives up after so many steps; bisection finishes. */
const newtonSteps = 40;

/**
 * The smallest double x with excess(x) <= 0, by Newton's method inside a shrinking bracket.
 *
 * The bracket is closed to two neighbouring doubles, so that the result is exact for the function
 * as computed, does not depend on the first guess, and is the atom itself where there is one.
 */
export function invertTail(problem: TailInversion): number {
  const { excess, hazard, floor } = problem;
  let high = reachUp(excess, problem.high);
  let low = reachDown(excess, Math.min(problem.low, high), floor);
  if (low === undefined) return floor;
  let x = Math.min(Math.max(problem.start, low), high);
  for (let step = 0; step < newtonSteps; step++) {
    const height = excess(x);
    if (height > 0) low = x;
    else high = x;
    const next = x + height / hazard(x);
    if (Math.abs(next - x) <= 4 * ulp(x)) break;
    x = next > low && next < high ? next : middle(low, high);
    if (x === low || x === high) return high;
  }
  return closeBracket(excess, ...tighten(excess, x, low, high));
}

/** Grows an upper bound until the condition holds there. */
function reachUp(excess: (x: number) => number, start: number): number {
  let high = start;
  for (let step = ulp(start); excess(high) > 0; step *= 8) high = start + step;
  return high;
}

/** Lowers a lower bound until the condition fails there; nothing if it holds at the floor. */
function reachDown(
  excess: (x: number) => number,
  start: number,
  floor: number,
): number | undefined {
  let low = Math.max(start, floor);
  for (let step = ulp(start); excess(low) <= 0; step *= 8) {
    if (low === floor) return undefined;
    low = Math.max(start - step, floor);
  }
  return low;
}

/** Brings both ends of the bracket to within a few units in the last place of x. */
function tighten(
  excess: (x: number) => number,
  x: number,
  low: number,
  high: number,
): [number, number] {
  const step = 4 * ulp(x);
  let below = low;
  let above = high;
  if (x - step > below) {
    if (excess(x - step) > 0) below = x - step;
    else above = x - step;
  }
  if (x + step < above) {
    if (excess(x + step) > 0) below = x + step;
    else above = x + step;
  }
  return [below, above];
}

function closeBracket(excess: (x: number) => number, low: number, high: number): number {
  let below = low;
  let above = high;
  for (;;) {
    const x = middle(below, above);
    if (x === below || x === above) return above;
    if (excess(x) > 0) below = x;
    else above = x;
  }
}

/** Arithmetic mean, or geometric where the ends are of different size: at most about 70 halvings. */
function middle(low: number, high: number): number {
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
