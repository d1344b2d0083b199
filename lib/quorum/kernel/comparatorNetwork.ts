/** Puts the smaller of two values at index `low`, the larger at index `high`. */
export interface Comparator {
  readonly low: number;
  readonly high: number;
}

/**
 * Comparators that sort `n` values: the same steps whatever the values, so that vectors can do them.
 *
 * @param n number of values, integer >= 1
 * @see Knuth, The Art of Computer Programming 3, 5.2.2, Algorithm M (Batcher's merge exchange)
 */
export function sortingNetwork(n: number): Comparator[] {
  const comparators: Comparator[] = [];
  const top = 2 ** Math.ceil(Math.log2(n)) / 2;
  for (let p = top; p >= 1; p /= 2) {
    for (let q = top, r = 0, d = p; ; q /= 2) {
      for (let i = 0; i < n - d; i++) {
        if ((i & p) === r) comparators.push({ low: i, high: i + d });
      }
      if (q === p) break;
      d = q - p;
      r = p;
    }
  }
  return comparators;
}

/**
 * Comparators that bring the value of one rank to its place: the sorting network without those that
 * cannot reach it.
 *
 * @param n number of values, integer >= 1
 * @param rank 1 for the smallest, up to n
 */
export function selectionNetwork(n: number, rank: number): Comparator[] {
  const needed = new Set([rank - 1]);
  const kept = sortingNetwork(n)
    .reverse()
    .filter(({ low, high }) => {
      const used = needed.has(low) || needed.has(high);
      if (used) needed.add(low).add(high);
      return used;
    });
  return kept.reverse();
}
