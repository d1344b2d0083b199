/**
 * Acknowledged writes of one key that are in force (no change of leaders has dropped them), by version;
 * the oldest are forgotten. The lists belong together.
 */
export class KeyLog {
  /** Newest version that was acknowledged or read, dropped or not. */
  knownVersion = 0;
  /** Newest version that was forgotten. */
  horizonVersion = 0;
  /** Acknowledgements so far. */
  count = 0;
  readonly versions: number[] = [];
  /** Number of the acknowledgement among those of all keys, and its time in ms. */
  private readonly numbers: number[] = [];
  private readonly timesMs: number[] = [];
  /** Place of the earliest acknowledgement among this version and all newer ones. */
  private readonly firstNumbers: number[] = [];
  private readonly firstMs: number[] = [];

  /** A write is acknowledged, or one that was dropped is in force again. */
  add(version: number, number: number, timeMs: number): void {
    this.count++;
    const at = this.placeAfter(version);
    insert(this.versions, at, version);
    insert(this.numbers, at, number);
    insert(this.timesMs, at, timeMs);
    insert(this.firstNumbers, at, number);
    insert(this.firstMs, at, timeMs);
    if (at < this.versions.length - 1) this.findFirst(at);
    else if (at > 0 && this.firstNumbers[at - 1]! > number) this.findFirst(at - 1);
  }

  /** A change of leaders dropped a write. */
  drop(version: number): void {
    const at = this.placeAfter(version) - 1;
    if (this.versions[at] !== version) return;
    for (const list of this.lists()) list.splice(at, 1);
    this.findFirst(at - 1);
  }

  /** Forgets the oldest versions. */
  trim(count: number): void {
    if (count === 0) return;
    this.horizonVersion = Math.max(this.horizonVersion, this.versions[count - 1]!);
    for (const list of this.lists()) list.splice(0, count);
  }

  /** Index of the first version above one. */
  placeAfter(version: number): number {
    const { versions } = this;
    let high = versions.length;
    if (high === 0 || versions[high - 1]! <= version) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (versions[middle]! <= version) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Time of the first acknowledgement of the versions from an index on; NaN if none of them is among
   * the first so many acknowledgements of all keys.
   */
  firstAcknowledgedMs(index: number, acknowledgements: number): number {
    const isBefore = index < this.versions.length && this.firstNumbers[index]! < acknowledgements;
    return isBefore ? this.firstMs[index]! : Number.NaN;
  }

  /**
   * How many of the versions from an index on are among the first so many acknowledgements.
   *
   * @param laterCount acknowledgements of this key since then: no more of them have to be sought
   */
  acknowledgedFrom(index: number, acknowledgements: number, laterCount: number): number {
    const { numbers } = this;
    let later = 0;
    for (let i = numbers.length - 1; i >= index && later < laterCount; i--) {
      if (numbers[i]! >= acknowledgements) later++;
    }
    return numbers.length - index - later;
  }

  private findFirst(from: number): void {
    const { numbers, timesMs, firstNumbers, firstMs } = this;
    for (let i = from; i >= 0; i--) {
      const isEarlier = i + 1 >= numbers.length || numbers[i]! < firstNumbers[i + 1]!;
      const number = isEarlier ? numbers[i]! : firstNumbers[i + 1]!;
      if (i < from && firstNumbers[i] === number) return;
      firstNumbers[i] = number;
      firstMs[i] = isEarlier ? timesMs[i]! : firstMs[i + 1]!;
    }
  }

  private lists(): readonly number[][] {
    return [this.versions, this.numbers, this.timesMs, this.firstNumbers, this.firstMs];
  }
}

function insert(list: number[], at: number, value: number): void {
  if (at === list.length) list.push(value);
  else list.splice(at, 0, value);
}
