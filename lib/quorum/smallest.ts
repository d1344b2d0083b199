/** The smallest few of the values added, ascending, with who they belong to. */
export class Smallest {
  /** The smallest values; `Infinity` where fewer have been added. */
  readonly values: Float64Array;
  /** For each of them, who it belongs to. */
  readonly owners: Int32Array;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.values = new Float64Array(size);
    this.owners = new Int32Array(size);
  }

  /** Forgets all values. */
  clear(): void {
    this.values.fill(Infinity);
  }

  /** Adds a value; of equal ones the first stays in front. */
  add(value: number, owner: number): void {
    if (!(value < this.values[this.size - 1]!)) return;
    let place = this.size - 1;
    while (place > 0 && this.values[place - 1]! > value) {
      this.values[place] = this.values[place - 1]!;
      this.owners[place] = this.owners[place - 1]!;
      place--;
    }
    this.values[place] = value;
    this.owners[place] = owner;
  }
}
