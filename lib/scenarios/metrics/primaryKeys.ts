/** Primary keys that are remembered. */
const rememberedCount = 65_536;

/**
 * Primary keys that were handed out twice, and what a cache outside the database makes of them: it
 * keeps the first owner of each key, so that whoever gets the same key later is shown the rows of
 * another (subject B6).
 *
 * Memory: the newest 65,536 keys.
 *
 * @see GitHub availability this week, github.blog, 2012: keys reused after a failover, and the cache
 */
export class PrimaryKeys {
  /** Inserts that got a key which another insert had got before. */
  duplicateCount = 0;
  /** Those of them whose first owner was another user. */
  mixUpCount = 0;
  private readonly owners = new Map<number, number>();

  reset(): void {
    this.duplicateCount = 0;
    this.mixUpCount = 0;
    this.owners.clear();
  }

  /** @param key a number that is distinct for each table */
  handedOut(key: number, session: number, isMeasured: boolean): void {
    const owner = this.owners.get(key);
    if (owner !== undefined) {
      if (isMeasured) this.duplicateCount++;
      if (isMeasured && owner !== session) this.mixUpCount++;
      return;
    }
    this.owners.set(key, session);
    if (this.owners.size <= rememberedCount) return;
    for (const oldest of this.owners.keys()) {
      this.owners.delete(oldest);
      return;
    }
  }
}
