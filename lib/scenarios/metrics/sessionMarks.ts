/** What one user, or one of his devices, has written and read of a key. */
export interface Marks {
  /** Newest version that it wrote, as it was told; 0: none. */
  written: number;
  /** Newest version that it read; 0: none. */
  read: number;
}

/** What one user has written and read of a key, on which device, and what he ought to see. */
export interface SessionMarks extends Marks {
  /** By device. */
  readonly devices: Marks[];
  /** Newest version on which something depends that the user read. */
  required: number;
  /** The same, where what depends on it is in another partition. */
  requiredAcross: number;
}

/** Pairs of a user and a key that are remembered at least. */
const rememberedCount = 2 ** 17;

/**
 * The marks of users on keys. The newest 131,072 pairs of a user and a key are remembered, and up to
 * twice as many: when so many are new since the last time, those not used since are forgotten.
 */
export class MarkTable {
  private recent = new Map<number, Map<number, SessionMarks>>();
  private older = new Map<number, Map<number, SessionMarks>>();
  private recentCount = 0;
  private readonly capacity: number;

  constructor(capacity: number = rememberedCount) {
    this.capacity = capacity;
  }

  reset(): void {
    this.recent = new Map();
    this.older = new Map();
    this.recentCount = 0;
  }

  find(session: number, key: number): SessionMarks | undefined {
    const found = this.recent.get(session)?.get(key);
    if (found !== undefined || this.older.size === 0) return found;
    const older = this.older.get(session)?.get(key);
    if (older !== undefined) this.keep(session, key, older);
    return older;
  }

  /** The marks of a user on a key, new ones if there are none. */
  make(session: number, key: number): SessionMarks {
    const found = this.find(session, key);
    if (found !== undefined) return found;
    const marks = { written: 0, read: 0, devices: [], required: 0, requiredAcross: 0 };
    this.keep(session, key, marks);
    return marks;
  }

  private keep(session: number, key: number, marks: SessionMarks): void {
    if (this.recentCount >= this.capacity) {
      this.older = this.recent;
      this.recent = new Map();
      this.recentCount = 0;
    }
    const ofSession = this.recent.get(session);
    if (ofSession === undefined) this.recent.set(session, new Map([[key, marks]]));
    else ofSession.set(key, marks);
    this.recentCount++;
  }
}

/** The marks of one device. */
export function deviceMarks(marks: SessionMarks, device: number): Marks {
  const { devices } = marks;
  while (devices.length <= device) devices.push({ written: 0, read: 0 });
  return devices[device]!;
}
