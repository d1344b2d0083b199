/*
 * How the log stays short (B4): what is not needed any more is replaced by a snapshot, first on disk,
 * then the entries are removed.
 *
 * The snapshot is made where a replica may never have to go back behind: at what all replicas have
 * (`retention.entries: null`), or so many entries behind the newest. It is made rarely enough that a
 * copy of all rows does not count: once per as many entries as there are rows, and at least 128.
 */

import { snapshotAt } from "./log.ts";
import { epochAt, lastPosition, type ReplicaEffects, type ReplicaState } from "./state.ts";

const entriesMin = 128;

/**
 * Oldest position that a follower may still be sent from the log: at the latest the first one behind
 * what is committed, which no snapshot contains.
 */
export function keptFrom(state: ReplicaState): number {
  const { entries } = state.config.options.retention;
  const { firstPosition, committedPosition } = state;
  if (entries === null) return firstPosition;
  const kept = Math.min(lastPosition(state) - entries, committedPosition) + 1;
  return Math.max(firstPosition, kept);
}

/** Begins to replace the log by a snapshot if it has become long enough. */
export function compact(state: ReplicaState, effects: ReplicaEffects): void {
  const { base, isCompacting, appliedPosition, committedPosition } = state;
  const { entries } = state.config.options.retention;
  const unneeded = entries === null ? state.settledPosition : lastPosition(state) - entries;
  // With the waiting point after the commit, a leader has applied what is not committed.
  const position = Math.min(unneeded, appliedPosition, committedPosition);
  if (isCompacting || position - base.position < Math.max(entriesMin, base.rowCount)) return;
  state.isCompacting = true;
  state.base = snapshotAt(state, position);
  effects.store("snapshot", state.base);
  effects.sync("compacted", { position });
}

/** The disk has the snapshot: the log before it may go. */
export function onCompacted(
  state: ReplicaState,
  { position }: { readonly position: number },
  effects: ReplicaEffects,
): void {
  state.isCompacting = false;
  const count = position - state.firstPosition + 1;
  // Meanwhile the log may have been replaced by a leader's snapshot.
  if (count <= 0 || position > lastPosition(state)) return;
  state.baseEpoch = epochAt(state, position);
  state.log.splice(0, count);
  state.firstPosition = position + 1;
  effects.trim(position + 1);
}
