import type { Tail } from "./quantileTails.ts";

/**
 * A cubic c0 + t (c1 + t (c2 + t c3)) of the normalised level t in [1, 2), from `start` to the start
 * of the next piece.
 */
export interface QuantilePiece {
  readonly start: number;
  readonly c0: number;
  readonly c1: number;
  readonly c2: number;
  readonly c3: number;
}

/** Part of one octave of levels: level = t * `scale`, t in [start, end) within [1, 2]. */
export interface LevelRange {
  readonly scale: number;
  readonly start: number;
  readonly end: number;
  /** Largest relative error of the level, see `approximate`. */
  readonly tolerance: number;
}

/** Pieces narrower than both, in probability and in t, hold one value: steps not announced end here. */
const widthMin = 2 ** -34;
const widthRelativeMin = 2 ** -20;

/** Values that agree to this relative error are as close as doubles let inversion be. */
const roundingTolerance = 2 ** -49;

/**
 * Cubics which give `valueAt(t * scale)` on the range to the tolerance: for every t,
 * `levelOf(cubic(t))` differs from t * scale by at most tolerance * t * scale — or the value differs
 * by rounding only, or t lies in a piece whose whole mass is below 2^-34.
 *
 * The range is cut at the tail's breaks, and what is left is halved until the cubic through four
 * Chebyshev nodes passes. Its error is checked where it is extreme, at the five extrema of the
 * Chebyshev polynomial T4, against half of the tolerance: where the tail continues analytically to a
 * disc around the piece of twice its width (as smooth laws do between their breaks, and halving
 * makes pieces small against their distance from a singularity), terms of higher order add less than
 * the other half.
 */
export function approximate(tail: Tail, range: LevelRange): QuantilePiece[] {
  const { scale, start, end } = range;
  const joints = tail.breaks.map((level) => level / scale).filter((t) => t > start && t < end);
  const edges = [start, ...new Set(joints), end];
  const pieces = edges
    .slice(1)
    .flatMap((edge, i) => halve(tail, { ...range, start: edges[i]!, end: edge }));
  return pieces.filter((piece, i) => i === 0 || !sameCubic(piece, pieces[i - 1]!));
}

/** Whether two pieces are one; the steps of a staircase are often found in parts. */
function sameCubic(a: QuantilePiece, b: QuantilePiece): boolean {
  return a.c0 === b.c0 && a.c1 === b.c1 && a.c2 === b.c2 && a.c3 === b.c3;
}

function halve(tail: Tail, range: LevelRange): QuantilePiece[] {
  const { scale, start, end } = range;
  const piece = interpolate(tail, range);
  if (passes(tail, range, piece)) return [piece];
  const middle = (start + end) / 2;
  if ((end - start) * scale <= widthMin && end - start <= widthRelativeMin) {
    return [{ start, c0: tail.valueAt(middle * scale), c1: 0, c2: 0, c3: 0 }];
  }
  return [...halve(tail, { ...range, end: middle }), ...halve(tail, { ...range, start: middle })];
}

/** Chebyshev nodes of four points on [0, 1], and the extrema of T4 moved inside by a millionth. */
const nodes = [0, 1, 2, 3].map((k) => (1 - Math.cos(((2 * k + 1) * Math.PI) / 8)) / 2);
const extrema = [1e-6, (1 - Math.SQRT1_2) / 2, 0.5, (1 + Math.SQRT1_2) / 2, 1 - 1e-6];

/** Newton's divided differences through the nodes, expanded to powers of t. */
function interpolate(tail: Tail, { scale, start, end }: LevelRange): QuantilePiece {
  const [t0, t1, t2, t3] = nodes.map((node) => start + node * (end - start)) as Four;
  const [y0, y1, y2, y3] = [t0, t1, t2, t3].map((t) => tail.valueAt(t * scale)) as Four;
  const [d01, d12, d23] = [(y1 - y0) / (t1 - t0), (y2 - y1) / (t2 - t1), (y3 - y2) / (t3 - t2)];
  const [d012, d123] = [(d12 - d01) / (t2 - t0), (d23 - d12) / (t3 - t1)];
  const c3 = (d123 - d012) / (t3 - t0);
  const c2 = d012 - c3 * (t0 + t1 + t2);
  const c1 = d01 - d012 * (t0 + t1) + c3 * (t0 * t1 + t0 * t2 + t1 * t2);
  const c0 = y0 - t0 * (d01 - t1 * (d012 - t2 * c3));
  return { start, c0, c1, c2, c3 };
}

type Four = [number, number, number, number];

function passes(
  tail: Tail,
  { scale, start, end, tolerance }: LevelRange,
  piece: QuantilePiece,
): boolean {
  return extrema.every((fraction) => {
    const t = start + fraction * (end - start);
    const level = t * scale;
    const value = evaluatePiece(piece, t);
    if (Math.abs(tail.levelOf(value) - level) <= (tolerance / 2) * level) return true;
    return Math.abs(value - tail.valueAt(level)) <= roundingTolerance * Math.abs(value);
  });
}

/** The cubic at t, in the order of operations that all evaluators keep. */
export function evaluatePiece({ c0, c1, c2, c3 }: QuantilePiece, t: number): number {
  return ((c3 * t + c2) * t + c1) * t + c0;
}
