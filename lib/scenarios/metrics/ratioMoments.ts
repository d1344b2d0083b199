/**
 * Sums over independent runs from which a ratio of two totals is estimated: `y` over `x`, for example
 * stale reads over reads. Plain data; those of parts add up.
 */
export interface RatioMoments {
  /** Number of runs. */
  readonly count: number;
  /** Mean of the denominator per run. */
  readonly x: number;
  /** Mean of the numerator per run. */
  readonly y: number;
  /** Sums over runs of squared differences from the means, and of their products. */
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** Of no run. */
export const noRatio: RatioMoments = { count: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

/** Of one run: numerator and denominator. */
export function ratioOfRun(y: number, x: number): RatioMoments {
  return { count: 1, x, y, xx: 0, xy: 0, yy: 0 };
}

/**
 * Of the runs of both.
 *
 * @see Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, 1983, eq. 2.1
 */
export function mergeRatios(a: RatioMoments, b: RatioMoments): RatioMoments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const weight = (a.count * b.count) / count;
  return {
    count,
    x: a.x + (dx * b.count) / count,
    y: a.y + (dy * b.count) / count,
    xx: a.xx + b.xx + dx * dx * weight,
    xy: a.xy + b.xy + dx * dy * weight,
    yy: a.yy + b.yy + dy * dy * weight,
  };
}

/**
 * Estimated variance of the ratio of totals, by the delta method: with r = y / x the residuals y - r x
 * of the runs have mean 0, and the ratio differs from the true one by about their mean over x.
 * NaN for fewer than two runs.
 *
 * @see Cochran, Sampling Techniques, 3rd ed. 1977, eq. 2.45 and 6.13
 */
export function ratioVariance({ count, x, y, xx, xy, yy }: RatioMoments): number {
  if (count < 2) return Number.NaN;
  const r = y / x;
  const residuals = Math.max(0, yy - 2 * r * xy + r * r * xx);
  return residuals / (count - 1) / count / (x * x);
}
