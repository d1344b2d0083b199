/**
 * Bins of a log-linear histogram: 1,024 to each doubling, so that a bin is at most 0.1 % wide. Bin 0
 * holds everything below the first edge, 2^-20 (with ms: a nanosecond), the last one everything from
 * 2^40 on (35 years). The bin of a double is in its bits: exponent and first ten of the fraction.
 */
export const logBins = {
  perDoubling: 1024,
  exponentMin: -20,
  exponentMax: 40,
  /** Number of bins, with the one below and the one above. */
  count: 61_442,
} as const;

/** Counts of values by size, in fixed memory; plain data; histograms of parts of a sample add up. */
export interface LogHistogram {
  /** Number of values that are known to be 0; in no bin. */
  readonly zeros: number;
  /** Bin of the first entry of `counts`, in [0, 61,442). */
  readonly firstBin: number;
  /** Number of values in each bin from there; all other bins are empty. */
  readonly counts: readonly number[];
}

/** A histogram without values. */
export const emptyHistogram: LogHistogram = { zeros: 0, firstBin: 0, counts: [] };

/** Smallest value of a bin; 0 for the first, as values are not negative. */
export function lowEdge(bin: number): number {
  if (bin <= 0) return 0;
  const { perDoubling, exponentMin } = logBins;
  const doubling = Math.floor((bin - 1) / perDoubling);
  return 2 ** (exponentMin + doubling) * (1 + ((bin - 1) % perDoubling) / perDoubling);
}

/** Values of a bin are below this; `Infinity` for the last one. */
export function highEdge(bin: number): number {
  return bin >= logBins.count - 1 ? Number.POSITIVE_INFINITY : lowEdge(bin + 1);
}

/** The histogram of a full array of bins, of whose first `zeros` values are known to be 0. */
export function logHistogram(bins: ArrayLike<number>, zeros = 0): LogHistogram {
  const inBin = (bin: number) => bins[bin]! - (bin === 0 ? zeros : 0);
  let first = 0;
  let end = bins.length;
  while (first < end && inBin(first) === 0) first++;
  while (end > first && inBin(end - 1) === 0) end--;
  if (first === end) return { ...emptyHistogram, zeros };
  const counts = Array.from({ length: end - first }, (_, i) => inBin(first + i));
  return { zeros, firstBin: first, counts };
}

/** The histogram of two samples together. */
export function addHistograms(a: LogHistogram, b: LogHistogram): LogHistogram {
  const zeros = a.zeros + b.zeros;
  if (a.counts.length === 0) return { ...b, zeros };
  if (b.counts.length === 0) return { ...a, zeros };
  const firstBin = Math.min(a.firstBin, b.firstBin);
  const end = Math.max(a.firstBin + a.counts.length, b.firstBin + b.counts.length);
  const inBin = (h: LogHistogram, bin: number) => h.counts[bin - h.firstBin] ?? 0;
  const counts = Array.from({ length: end - firstBin }, (_, i) => {
    return inBin(a, firstBin + i) + inBin(b, firstBin + i);
  });
  return { zeros, firstBin, counts };
}

/** Where the value of a rank lies. */
export interface RankedValue {
  /** The value is in [low, high), or 0 if both are. */
  readonly low: number;
  readonly high: number;
  /** A value between them: as far up as the rank is among the values of the bin. */
  readonly middle: number;
}

/**
 * Where the `rank`-th smallest value lies.
 *
 * @param rank integer; below 1 there is no value, so that it is bounded by 0 only; above the number
 *   of values it is bounded by nothing
 */
export function valueOfRank({ zeros, firstBin, counts }: LogHistogram, rank: number): RankedValue {
  if (rank <= zeros) return { low: 0, high: 0, middle: 0 };
  let before = zeros;
  for (let i = 0; i < counts.length; before += counts[i++]!) {
    if (before + counts[i]! < rank) continue;
    const low = lowEdge(firstBin + i);
    const high = highEdge(firstBin + i);
    const share = (rank - before - 0.5) / counts[i]!;
    return { low, high, middle: Number.isFinite(high) ? low + share * (high - low) : low };
  }
  const unbounded = Number.POSITIVE_INFINITY;
  return { low: unbounded, high: unbounded, middle: unbounded };
}
