import { assert } from "../../core/assert.ts";

/** Numbers of a row, the first of which says whose it is: a row is a cache line. */
const rowSize = 8;
const firstSlots = 512;

/** Places of the marks in a row; versions, 0 for none. */
export const marks = {
  /** Newest version that the user, or the device, wrote, as it was told. */
  written: 1,
  /** Newest version that it read. */
  read: 2,
  /** Newest version on which something depends that the user read. */
  required: 3,
  /** The same, where what depends on it is in another partition. */
  requiredAcross: 4,
} as const;

/** Rows that are remembered at least. */
const rememberedCount = 2 ** 17;

/** In place of a device: the user, on whatever device. */
export const anyDevice = -1;

/**
 * What users, and each of their devices, have written and read of a key.
 *
 * The newest 131,072 rows (a user and a key, or a device and a key) are remembered, and up to twice as
 * many: when so many are new since the last time, those not used since are forgotten. At most 34 MB.
 */
export class MarkTable {
  /** Rows of 8 numbers; see `marks`. Another array after each call of `make`. */
  rows: Float64Array = emptyRows(firstSlots);
  private older: Float64Array = new Float64Array(0);
  private count = 0;
  private readonly capacity: number;

  constructor(capacity: number = rememberedCount) {
    this.capacity = capacity;
  }

  reset(): void {
    this.older = new Float64Array(0);
    if (this.rows.length > firstSlots * rowSize) this.rows = emptyRows(firstSlots);
    else if (this.count > 0) this.rows.fill(-1);
    this.count = 0;
  }

  /** Where the row is; -1 if there is none. */
  find(session: number, device: number, key: number): number {
    const id = idOf(session, device, key);
    const at = place(this.rows, id, session, device, key);
    if (this.rows[at] === id) return at;
    if (this.older.length === 0) return -1;
    const before = place(this.older, id, session, device, key);
    if (this.older[before] !== id) return -1;
    const kept = this.older.slice(before, before + rowSize);
    const made = this.insert(id, session, device, key);
    this.rows.set(kept, made);
    return made;
  }

  /** Where the row is; a new one if there was none. */
  make(session: number, device: number, key: number): number {
    const found = this.find(session, device, key);
    return found >= 0 ? found : this.insert(idOf(session, device, key), session, device, key);
  }

  private insert(id: number, session: number, device: number, key: number): number {
    if (this.count >= this.capacity) this.rotate();
    else if (2 * (this.count + 1) * rowSize > this.rows.length) this.grow();
    this.count++;
    const at = place(this.rows, id, session, device, key);
    this.rows.fill(0, at + 1, at + rowSize);
    this.rows[at] = id;
    return at;
  }

  private rotate(): void {
    this.older = this.rows;
    this.rows = emptyRows(this.older.length / rowSize);
    this.count = 0;
  }

  private grow(): void {
    const before = this.rows;
    this.rows = emptyRows((2 * before.length) / rowSize);
    for (let at = 0; at < before.length; at += rowSize) {
      const id = before[at]!;
      if (id < 0) continue;
      const device = (Math.floor(id / keyLimit) % deviceLimit) - 1;
      const session = Math.floor(id / keyLimit / deviceLimit);
      const to = place(this.rows, id, session, device, id % keyLimit);
      this.rows.set(before.subarray(at, at + rowSize), to);
    }
  }
}

const keyLimit = 2 ** 24;
const deviceLimit = 64;
const sessionLimit = 2 ** 23;

function idOf(session: number, device: number, key: number): number {
  const isSmall = key < keyLimit && device < deviceLimit - 1 && session < sessionLimit;
  assert(isSmall, "metrics of sessions: a key, device or session has too large a number");
  return (session * deviceLimit + device + 1) * keyLimit + key;
}

/** Place of a row, or of the empty one where it would be. */
function place(
  rows: Float64Array,
  id: number,
  session: number,
  device: number,
  key: number,
): number {
  const last = rows.length / rowSize - 1;
  let hash = Math.imul(session * deviceLimit + device + 1, 0x9e3779b1) ^ Math.imul(key, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2d);
  let slot = (hash ^ (hash >>> 13)) & last;
  while (rows[slot * rowSize] !== id && rows[slot * rowSize]! >= 0) slot = (slot + 1) & last;
  return slot * rowSize;
}

function emptyRows(slots: number): Float64Array {
  return new Float64Array(slots * rowSize).fill(-1);
}
