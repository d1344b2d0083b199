import type { Completion } from "../../core/protocol.ts";
import { BinCounter } from "./binCounter.ts";
import { KeyLog } from "./keyLog.ts";
import type { TrackedOperation } from "./trackedOperation.ts";

/** Acknowledgements that are remembered over all keys, but at least a few of each. */
const rememberedCount = 2 ** 17;
const rememberedOfKey = 16;

/**
 * How old what reads return is (subject C1), and whether it goes backwards in real time (C6).
 *
 * A read is stale if it returns an older version than some write of its key which had been acknowledged
 * to its client before the read was invoked, and which no change of leaders had dropped until the read
 * was answered. Its age is the time from the first such acknowledgement to the invocation of the read;
 * its age in versions is the number of such writes; a fresh read has age 0.
 *
 * Memory: the newest 2^17 acknowledgements, shared out evenly among the keys but at least 16 of a key,
 * 40 bytes each. A read that is older than all that is remembered counts as stale, with what is
 * remembered as the bound of its age from below, and is counted in `truncatedCount`.
 */
export class Freshness {
  readCount = 0;
  staleCount = 0;
  truncatedCount = 0;
  ageVersionsSum = 0;
  inversionCount = 0;
  acknowledgements = 0;
  readonly ageMs: BinCounter = new BinCounter();
  readonly ageVersions: BinCounter = new BinCounter();
  private keys = new Map<number, KeyLog>();

  reset(): void {
    this.readCount = 0;
    this.staleCount = 0;
    this.truncatedCount = 0;
    this.ageVersionsSum = 0;
    this.inversionCount = 0;
    this.acknowledgements = 0;
    this.ageMs.reset();
    this.ageVersions.reset();
    this.keys = new Map();
  }

  key(key: number): KeyLog {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    const added = new KeyLog();
    this.keys.set(key, added);
    return added;
  }

  /** A client was told that its write is done. */
  acknowledged(write: TrackedOperation, version: number, timeMs: number): void {
    const { key } = write;
    if (version > key.knownVersion) key.knownVersion = version;
    write.acknowledgement = this.acknowledgements++;
    if (write.isMissing) return;
    key.add(version, write.acknowledgement, timeMs);
    this.forget(key);
  }

  /** A write that had been dropped is in the log of the newest leader again. */
  restored(write: TrackedOperation): void {
    write.key.add(write.version, write.acknowledgement, write.acknowledgedMs);
  }

  answered(read: TrackedOperation, { version }: Completion): void {
    const { key, isMeasured } = read;
    if (version > key.knownVersion) key.knownVersion = version;
    if (!isMeasured) return;
    this.readCount++;
    if (version < read.knownVersion) this.inversionCount++;
    const missed = key.placeAfter(version);
    const firstMs = key.firstAcknowledgedMs(missed, read.acknowledgements);
    const isTruncated = version < key.horizonVersion;
    if (Number.isNaN(firstMs) && !isTruncated) {
      this.ageMs.add(0);
      this.ageVersions.add(0);
      return;
    }
    const later = key.count - read.acknowledgementsOfKey;
    const versions = key.acknowledgedFrom(missed, read.acknowledgements, later);
    this.staleCount++;
    this.ageVersionsSum += versions;
    this.ageMs.add(Number.isNaN(firstMs) ? 0 : read.invokedMs - firstMs);
    this.ageVersions.add(versions);
    if (isTruncated) this.truncatedCount++;
  }

  private forget(key: KeyLog): void {
    const limit = Math.max(rememberedOfKey, Math.floor(rememberedCount / this.keys.size));
    if (key.versions.length > limit) key.trim(Math.ceil(limit / 4));
  }
}
