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

/** Counts values >= 0 by size, in 240 KB; cheap to empty again. */
export class BinCounter {
  private readonly bins = new Uint32Array(logBins.count);
  private zeros = 0;
  private first: number = logBins.count;
  private last = -1;

  add(value: number): void {
    if (value === 0) {
      this.zeros++;
      return;
    }
    const bin = binOf(value);
    this.bins[bin]!++;
    if (bin < this.first) this.first = bin;
    if (bin > this.last) this.last = bin;
  }

  /** Forgets all values. */
  reset(): void {
    this.bins.fill(0, this.first, this.last + 1);
    this.zeros = 0;
    this.first = logBins.count;
    this.last = -1;
  }

  histogram(): LogHistogram {
    const { zeros, first, last } = this;
    if (last < 0) return { zeros, firstBin: 0, counts: [] };
    return { zeros, firstBin: first, counts: Array.from(this.bins.subarray(first, last + 1)) };
  }
}
