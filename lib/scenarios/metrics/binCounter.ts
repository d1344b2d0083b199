import { type LogHistogram, logBins } from "../../core/logHistogram.ts";

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

/** Index of the word of a double that holds sign and exponent: 1 where the lower half comes first. */
const highWord = (() => {
  doubles[0] = 1;
  return words[0] === 0 ? 1 : 0;
})();

/** Exponent and first ten bits of the fraction of the first edge. */
const firstEdgeBits = (1023 + logBins.exponentMin) * logBins.perDoubling;

/** The bin of a log histogram that a value >= 0 falls into. */
export function binOf(value: number): number {
  doubles[0] = value;
  const bin = (words[highWord]! >>> 10) - firstEdgeBits + 1;
  return bin < 0 ? 0 : bin >= logBins.count ? logBins.count - 1 : bin;
}

/** Counts of values >= 0 by size, only of bins that are not empty; plain data. */
export interface SparseHistogram {
  /** Number of values that are 0; in no bin. */
  readonly zeros: number;
  /** Bins of a log histogram, ascending, and the number of values in each. */
  readonly bins: readonly number[];
  readonly counts: readonly number[];
}

/** The same as a log histogram. */
export function logHistogramOf({ zeros, bins, counts }: SparseHistogram): LogHistogram {
  if (bins.length === 0) return { zeros, firstBin: 0, counts: [] };
  const firstBin = bins[0]!;
  const all = new Array<number>(bins.at(-1)! - firstBin + 1).fill(0);
  for (const [index, bin] of bins.entries()) all[bin - firstBin] = counts[index]!;
  return { zeros, firstBin, counts: all };
}

/** The histogram of two samples together. */
export function addSparse(a: SparseHistogram, b: SparseHistogram): SparseHistogram {
  const bins: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.bins.length || j < b.bins.length) {
    const left = i < a.bins.length ? a.bins[i]! : Infinity;
    const right = j < b.bins.length ? b.bins[j]! : Infinity;
    bins.push(Math.min(left, right));
    counts.push((left <= right ? a.counts[i]! : 0) + (right <= left ? b.counts[j]! : 0));
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return { zeros: a.zeros + b.zeros, bins, counts };
}

/** Counts values >= 0 by size, in 240 KB; cheap to empty again. */
export class BinCounter {
  private readonly bins = new Uint32Array(logBins.count);
  private zeros = 0;
  private filled: number[] = [];

  add(value: number): void {
    if (value === 0) {
      this.zeros++;
      return;
    }
    const bin = binOf(value);
    if (this.bins[bin]!++ === 0) this.filled.push(bin);
  }

  /** Forgets all values. */
  reset(): void {
    for (const bin of this.filled) this.bins[bin] = 0;
    this.zeros = 0;
    this.filled = [];
  }

  histogram(): SparseHistogram {
    const bins = this.filled.toSorted((a, b) => a - b);
    return { zeros: this.zeros, bins, counts: bins.map((bin) => this.bins[bin]!) };
  }
}
