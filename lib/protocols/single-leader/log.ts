/*
 * The log of a replica and the rows that follow from it.
 *
 * Rows are what reads see: the newest entry of each key up to `appliedPosition`. Behind them stands the
 * base, a snapshot as of a position at or before them, from which they can be had again: after a crash,
 * and when the end of the log is cut off because a new leader does not have it (Raft 5.3). The base
 * moves on with what is settled, so that memory stays flat; cutting off more than lies behind the base
 * is impossible, and takes a snapshot of the leader's instead.
 *
 * Left out: sizes of rows, and what the storage engine itself writes for its checkpoints.
 */

import type { Entry, Snapshot, Versioned } from "./messages.ts";
import type { SingleLeaderOptions } from "./options.ts";
import { epochAt, lastPosition, type ReplicaEffects, type ReplicaState } from "./state.ts";

/** The data before anything was written. */
export const emptySnapshot: Snapshot = {
  ...{ position: 0, epoch: 0, rows: {}, rowCount: 0, newestKey: 0 },
};

/** Size of a log entry in bytes, on disk and network: triggers write a row again (B7). */
export function entryBytesOf({ entryBytes, logFormat }: SingleLeaderOptions): number {
  return logFormat.kind === "trigger" ? entryBytes * logFormat.writeCostFactor : entryBytes;
}

/** Puts an entry at the end of the log; durable after the next sync. */
export function appendToLog(
  state: ReplicaState,
  entry: Entry,
  sizeBytes: number,
  effects: ReplicaEffects,
): void {
  state.log.push(entry);
  if (entry.kind === "insert" && entry.key > state.newestKey) state.newestKey = entry.key;
  effects.append(entry, sizeBytes);
}

/** Calls `logged` when the disk has the log as it is now. */
export function syncLog(state: ReplicaState, effects: ReplicaEffects): void {
  effects.sync("logged", { cutCount: state.cutCount, position: lastPosition(state) });
}

/** Makes entries up to a position visible to reads. */
export function applyUpTo(state: ReplicaState, position: number): void {
  const { log, firstPosition, rows, self } = state;
  for (let at = state.appliedPosition + 1; at <= position; at++) {
    writeRow(rows, log[at - firstPosition]!, self);
  }
  if (position > state.appliedPosition) state.appliedPosition = position;
}

/**
 * What a replica makes of an entry: its value, or, if a statement is evaluated by each replica for
 * itself, a value of its own: the one written and a fraction that tells the replicas apart.
 */
function writeRow(rows: Record<number, Versioned>, entry: Entry, self: number): void {
  if (entry.kind === "none") return;
  const { evaluatedBy, value, version, dependencies } = entry;
  rows[entry.key] =
    evaluatedBy < 0 || evaluatedBy === self
      ? entry
      : { value: (value ?? 0) + (self + 1) / 2 ** 20, version, dependencies };
}

/** The data as of a position that has been applied, at or behind the base. */
export function snapshotAt(state: ReplicaState, position: number): Snapshot {
  const { base, log, firstPosition, self } = state;
  const rows = { ...base.rows };
  let { newestKey } = base;
  for (let at = base.position + 1; at <= position; at++) {
    const entry = log[at - firstPosition]!;
    writeRow(rows, entry, self);
    if (entry.kind === "insert") newestKey = Math.max(newestKey, entry.key);
  }
  const rowCount = Object.keys(rows).length;
  return { position, epoch: epochAt(state, position), rows, rowCount, newestKey };
}

/**
 * Throws away the entries from a position on, which lies behind the base. What reads saw of them is
 * rolled back (`discards`), or stays in the rows until it is overwritten (`keeps`).
 */
export function cutLog(state: ReplicaState, fromPosition: number, effects: ReplicaEffects): void {
  const before = fromPosition - 1;
  const removed = state.log.slice(fromPosition - state.firstPosition);
  const { partition } = state.config.group;
  const count = removed.length;
  const kept = state.config.options.oldLeader === "keeps" ? rowsOf(state, removed) : 0;
  state.log.length -= count;
  state.cutCount++;
  effects.truncate(fromPosition);
  state.loggedPosition = Math.min(state.loggedPosition, before);
  state.committedPosition = Math.min(state.committedPosition, before);
  state.settledPosition = Math.min(state.settledPosition, before);
  for (const batch of state.applying) batch.position = Math.min(batch.position, before);
  effects.observe("discarded", { partition, fromPosition, count });
  if (kept > 0) effects.observe("kept", { partition, fromPosition, count, rowCount: kept });
  state.newestKey = newestKeyOf(state);
  if (state.appliedPosition <= before) return;
  state.appliedPosition = before;
  const rolledBack = snapshotAt(state, before);
  if (kept === 0) state.rows = { ...rolledBack.rows };
  else keepRows(state, rolledBack, effects);
}

/** How many rows hold what one of these entries wrote. */
function rowsOf({ rows }: ReplicaState, entries: readonly Entry[]): number {
  return entries.filter(({ key, version }) => rows[key]?.version === version).length;
}

/** Rows that the log does not explain any more become part of the base, so that they survive. */
function keepRows(state: ReplicaState, explained: Snapshot, effects: ReplicaEffects): void {
  const rows = { ...state.rows };
  state.base = { ...explained, rows, rowCount: Object.keys(rows).length };
  effects.store("snapshot", state.base);
}

function newestKeyOf({ base, log }: ReplicaState): number {
  return log.reduce(
    (newest, { kind, key }) => (kind === "insert" && key > newest ? key : newest),
    base.newestKey,
  );
}

/** Replaces everything by a snapshot, which the disk has. */
export function install(state: ReplicaState, snapshot: Snapshot, effects: ReplicaEffects): void {
  const { position, epoch, rows, newestKey } = snapshot;
  state.log = [];
  state.firstPosition = position + 1;
  state.baseEpoch = epoch;
  state.base = snapshot;
  state.rows = { ...rows };
  state.newestKey = newestKey;
  state.cutCount++;
  state.loggedPosition = position;
  state.committedPosition = position;
  state.appliedPosition = position;
  state.settledPosition = Math.min(state.settledPosition, position);
  for (const batch of state.applying) batch.position = position;
  effects.resetLog(position + 1);
}
