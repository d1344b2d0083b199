import type { Availability } from "./availability.ts";
import type { BinCounter } from "./binCounter.ts";
import type { Freshness } from "./freshness.ts";
import type { Leadership } from "./leadership.ts";
import type { Load, RunProbe } from "./load.ts";
import type { LossAccounts } from "./lossAccounts.ts";
import type { PrimaryKeys } from "./primaryKeys.ts";
import type { Sessions } from "./sessions.ts";
import type { MeasuredWindow } from "./stopwatch.ts";

/** What was counted in a run. */
export interface Counted {
  readonly window: MeasuredWindow;
  readonly endMs: number;
  readonly freshness: Freshness;
  readonly sessions: Sessions;
  readonly losses: LossAccounts;
  readonly leaderships: readonly Leadership[];
  readonly availabilities: readonly Availability[];
  readonly primaryKeys: PrimaryKeys;
  readonly load: Load | undefined;
  readonly probe: RunProbe | undefined;
  readonly counts: OperationCounts;
  readonly writeLatencyMs: BinCounter;
  readonly readLatencyMs: BinCounter;
  readonly timeToOnlineMs: BinCounter;
}

/** Measured operations by kind and ending, and entries thrown away. */
export class OperationCounts {
  reads = 0;
  okReads = 0;
  writes = 0;
  okWrites = 0;
  failedWrites = 0;
  discardedEntries = 0;
  divergentRows = 0;
}
