/** Relative width of the bracket at which the search stops. */
const tolerance = 1e-11;
const stepsMax = 400;

/** Where `fallingRoot` starts to look. */
export interface RootGuess {
  /** A guess of the root, >= 0. */
  readonly near: number;
  /** Length of the first step away from it, > 0; doubled until the root lies between. */
  readonly step: number;
}

/**
 * Smallest x >= 0 at which a non-increasing function is <= 0, to eleven digits.
 *
 * Steps away from the guess until the sign changes, then narrows the bracket by Chandrupatla's method:
 * inverse quadratic steps where the function is smooth (give it a logarithm), bisection where it jumps
 * or is infinite. The upper end of the bracket is returned, so that the function is <= 0 there.
 *
 * A root beyond the largest double is `Infinity`.
 *
 * @param excess non-increasing function, <= 0 for large arguments
 * @param guess where to start
 * @see T. R. Chandrupatla, A new hybrid quadratic/bisection algorithm, Adv. Eng. Softw. 28, 1997
 */
export function fallingRoot(excess: (x: number) => number, guess: RootGuess): number {
  let last: Point = [guess.near, excess(guess.near)];
  const direction = last[1] > 0 ? 1 : -1;
  for (let step = guess.step; ; step *= 2) {
    if (last[0] === 0 && direction < 0) return 0;
    const x = Math.max(0, last[0] + direction * step);
    if (!(x < Infinity)) return Infinity;
    const next: Point = [x, excess(x)];
    if (next[1] > 0 !== direction > 0) return narrow(excess, last, next);
    last = next;
  }
}

type Point = [x: number, y: number];

function narrow(excess: (x: number) => number, before: Point, newest: Point): number {
  // `last` is the newest point, `far` the bracket's other end, `past` the point dropped before.
  let last = newest;
  let far = before;
  let past = before;
  // The first step is linear, later ones are inverse quadratic.
  const share = last[1] / (last[1] - far[1]);
  let fraction = Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5;
  for (let step = 0; step < stepsMax; step++) {
    const x = last[0] + fraction * (far[0] - last[0]);
    const point: Point = [x, excess(x)];
    const sameSide = point[1] > 0 === last[1] > 0;
    past = sameSide ? last : far;
    if (!sameSide) far = last;
    last = point;
    const top = Math.max(last[0], far[0]);
    const width = Math.abs(far[0] - last[0]);
    if (width <= tolerance * top) break;
    const edge = (0.5 * tolerance * top) / width;
    fraction = Math.min(1 - edge, Math.max(edge, nextFraction(last, far, past)));
  }
  return last[1] <= 0 ? last[0] : far[0];
}

/** Where between the newest point (0) and the far end (1) to look next. */
function nextFraction([xLast, yLast]: Point, [xFar, yFar]: Point, [xPast, yPast]: Point): number {
  const xi = (xLast - xFar) / (xPast - xFar);
  const phi = (yLast - yFar) / (yPast - yFar);
  const smooth = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
  if (!smooth) return 0.5;
  const fraction =
    (yLast / (yFar - yLast)) * (yPast / (yFar - yPast)) +
    (((xPast - xLast) / (xFar - xLast)) * (yLast / (yPast - yLast)) * yFar) / (yPast - yFar);
  return Number.isFinite(fraction) ? fraction : 0.5;
}
