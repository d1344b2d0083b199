import type { Distribution, DistributionSpec } from "../core/distribution.ts";
import { needNumber, needOneOf, refuse } from "../core/need.ts";
import { needFields } from "./needFields.ts";
import { needDelay } from "./networkCheck.ts";

/** Disks of the nodes, as plain data: how long a sync takes, and what a crash does. */
export interface DiskSpec {
  /** Time of one sync, in ms, not negative. */
  readonly syncMs: DistributionSpec;
  /** Bytes written in a ms before that, > 0; `Infinity`: size does not matter. */
  readonly bytesPerMs: number;
  /**
   * What happens to syncs asked for while one is running. `true` (also if absent): the disk writes on,
   * and all syncs whose data it has written by then share the next one. `false`: each waits its turn
   * and takes a time of its own.
   */
  readonly groupCommit?: boolean;
  /**
   * Whether the writes that a crash interrupts may be half done: of the log entries not synced, a
   * random number of the first ones survive, each number as likely; the next, torn one is found by its
   * checksum and dropped with all behind it. Absent or `false`: all of them are lost.
   */
  readonly torn?: boolean;
  /**
   * When a sync is reported as done: `durable` (also if absent), when it is; `lies`, at once, while
   * the data are in a cache that a crash empties.
   */
  readonly synced?: SyncReport;
}

/** When a disk reports a sync as done. */
export const syncReports = ["durable", "lies"] as const;

/** When a disk reports a sync as done. */
export type SyncReport = (typeof syncReports)[number];

/** A disk spec worked out. */
export interface DiskPlan {
  readonly syncMs: Distribution;
  readonly bytesPerMs: number;
  readonly groupCommit: boolean;
  readonly torn: boolean;
  readonly lies: boolean;
}

const fields = ["syncMs", "bytesPerMs", "groupCommit", "torn", "synced"];

/**
 * Disks from their plain data, checked.
 *
 * @param where the function that was given the data, named by errors
 * @throws {RangeError} naming the field that is unknown, missing or out of range
 */
export function needDisk(where: string, value: unknown): DiskSpec {
  planDisk(where, value);
  return value as DiskSpec;
}

/** Works a disk spec out. @throws {RangeError} as `needDisk` */
export function planDisk(where: string, value: unknown): DiskPlan {
  const spec = needFields(where, "disk", value, fields);
  const range = { min: 0, exclusiveMin: true, unit: "bytes/ms" };
  return {
    syncMs: needDelay(where, "disk.syncMs", spec.syncMs),
    bytesPerMs: needNumber(where, "disk.bytesPerMs", spec.bytesPerMs, range),
    groupCommit: needSwitch(where, "disk.groupCommit", spec.groupCommit ?? true),
    torn: needSwitch(where, "disk.torn", spec.torn ?? false),
    lies: needOneOf(where, "disk.synced", spec.synced ?? "durable", syncReports) === "lies",
  };
}

function needSwitch(where: string, field: string, value: unknown): boolean {
  return typeof value === "boolean" ? value : refuse(where, field, "true or false", value);
}
