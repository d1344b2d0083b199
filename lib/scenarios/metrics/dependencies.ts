/** Operations of which it is remembered what they depend on: a power of 2. */
const rememberedCount = 65_536;
/** Links of a chain of dependencies that are followed. */
const longestChain = 8;

/**
 * Which write depends on what: a write whose user asked for it because of an earlier operation
 * (`Operation.after`) depends on what that operation wrote or read, and on what that depends on in turn.
 *
 * Memory: the newest 65,536 operations, and 8 links of a chain.
 */
export class Dependencies {
  private readonly ids = new Int32Array(rememberedCount).fill(-1);
  private readonly afters = new Int32Array(rememberedCount);
  private readonly keys = new Int32Array(rememberedCount);
  /** The write whose value the operation wrote or read. */
  private readonly sources = new Int32Array(rememberedCount);
  private readonly versions = new Float64Array(rememberedCount);
  private newest = -1;

  reset(): void {
    this.ids.fill(-1, 0, this.newest + 1);
    this.newest = -1;
  }

  /** @param after the operation because of which it is asked for; -1 for none */
  invoked(id: number, key: number, after: number): void {
    const slot = this.slot(id);
    if (id > this.newest) this.newest = id;
    this.ids[slot] = id;
    this.keys[slot] = key;
    this.afters[slot] = after;
    this.versions[slot] = 0;
    this.sources[slot] = -1;
  }

  /** @param source the write whose value it wrote or read; -1 if it found nothing */
  completed(id: number, version: number, source: number): void {
    const slot = this.slot(id);
    if (this.ids[slot] !== id) return;
    this.versions[slot] = version;
    this.sources[slot] = source;
  }

  /** Calls back with all that somebody who saw the value of a write ought to see, too. */
  require(write: number, tell: (key: number, version: number) => void): void {
    let source = write;
    for (let link = 0; link < longestChain && source >= 0; link++) {
      const slot = this.slot(source);
      if (this.ids[slot] !== source) return;
      const after = this.afters[slot]!;
      if (after < 0) return;
      const cause = this.slot(after);
      if (this.ids[cause] !== after) return;
      if (this.versions[cause]! > 0) tell(this.keys[cause]!, this.versions[cause]!);
      source = this.sources[cause]!;
    }
  }

  private slot(id: number): number {
    return id & (rememberedCount - 1);
  }
}
