/** What is left of a sample once it has been counted: plain data, for a message to another thread. */
export interface MomentsState {
  /** Number of values. */
  readonly count: number;
  /** Their mean. */
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
}

/**
 * Count, mean and spread of a stream of numbers, in constant memory and without cancellation.
 *
 * Accumulators of parts merge into that of the whole. Rounding depends on the parts and their order:
 * split the work into the same chunks and merge in the order of the chunks, and the result is the
 * same to the last bit for any number of workers.
 *
 * @see Welford, Technometrics 4(3), 1962 (add)
 * @see Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, 1983, eq. 2.1 (merge)
 */
export class Moments implements MomentsState {
  count = 0;
  mean = 0;
  squares = 0;

  /** Takes one more value in. */
  add(value: number): void {
    this.count += 1;
    const difference = value - this.mean;
    this.mean += difference / this.count;
    this.squares += difference * (value - this.mean);
  }

  /** Takes the values behind another accumulator in. */
  merge(other: MomentsState): void {
    if (other.count === 0) return;
    const count = this.count + other.count;
    const difference = other.mean - this.mean;
    this.squares += other.squares + difference * difference * ((this.count * other.count) / count);
    this.mean += (difference * other.count) / count;
    this.count = count;
  }
}

/** Variance without bias; NaN for fewer than two values. */
export function sampleVarianceOf({ count, squares }: MomentsState): number {
  return count < 2 ? Number.NaN : squares / (count - 1);
}
