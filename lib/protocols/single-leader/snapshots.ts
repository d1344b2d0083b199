/*
 * How a follower gets the data whose log the leader does not have any more, or a new one that has none
 * (B3, B4): a snapshot tied to a position of the log, while writes go on; then the log from there.
 * Raft 7; names: InstallSnapshot RPC -> snapshot and snapshotted, lastIncludedIndex and lastIncludedTerm
 * -> position and epoch of the snapshot.
 *
 * The snapshot is as of the moment at which it begins. It takes (fixed part + rows) bytes at
 * `snapshotBytesPerMs`, in up to 100 parts of at least 64 KiB, sent at that pace; lost ones are sent
 * again after silence. If the log does not reach back to it when it has arrived, because writes were
 * faster than `retention` allows for, it was in vain and the next one begins: as in practice.
 *
 * Left out: the time to install a snapshot beyond its disk sync; what reading it costs the leader's
 * disk; incremental ones (pg_rewind).
 */

import type { NodeId } from "../../core/protocol.ts";
import { comeOnline } from "./applying.ts";
import { acknowledge } from "./following.ts";
import { install, snapshotAt } from "./log.ts";
import { armResend } from "./shipping.ts";
import type {
  Messages,
  Progress,
  ReplicaEffects,
  ReplicaState,
  ReplicationTimers,
} from "./state.ts";

const partBytesMin = 65_536;
const partsMax = 100;

/** So many silences in a row mean that the follower is down: when it is heard again, a new one begins. */
const resendsMax = 3;

/** The follower gets a snapshot instead of entries, from now on. */
export function needSnapshot(
  state: ReplicaState,
  progress: Progress,
  effects: ReplicaEffects,
): void {
  const { group, options } = state.config;
  const { snapshotBytes, snapshotBytesPerKey } = options.retention;
  const position = Math.min(state.appliedPosition, state.committedPosition);
  const snapshot = snapshotAt(state, position);
  const bytes = snapshotBytes + snapshotBytesPerKey * snapshot.rowCount;
  const parts = Math.max(1, Math.min(partsMax, Math.ceil(bytes / partBytesMin)));
  progress.transfer = {
    ...{ snapshot, parts, partBytes: bytes / parts, next: 0, received: 0 },
    ...{ heardMs: effects.clockMs(), timer: 0, resendCount: 0 },
  };
  progress.next = position + 1;
  progress.received = Math.min(progress.received, position - 1);
  progress.probe = -1;
  const { partition } = group;
  effects.observe("snapshotSent", { partition, to: progress.node, position, bytes });
  readPart(state, progress, effects);
}

/** The follower needs no snapshot any more. */
export function endTransfer(progress: Progress, effects: ReplicaEffects): void {
  effects.cancelTimer(progress.transfer?.timer ?? 0);
  progress.transfer = null;
}

/** The leader has read the next part of a snapshot. */
export function onSnapshotPart(
  state: ReplicaState,
  { epoch, to }: ReplicationTimers["snapshotPart"],
  effects: ReplicaEffects,
): void {
  const { role } = state;
  if (role.kind !== "leader" || epoch !== state.epoch) return;
  const progress = role.progress[to]!;
  const { transfer } = progress;
  if (transfer === null) return;
  transfer.timer = 0;
  const { snapshot, parts, partBytes, next: part } = transfer;
  effects.send(to, "snapshot", { epoch, snapshot, part, parts }, partBytes);
  transfer.next++;
  armResend(state, role, effects);
  if (transfer.next < parts) readPart(state, progress, effects);
}

/** The follower was silent for too long: again from the first part that it does not have. */
export function resendSnapshot(
  state: ReplicaState,
  progress: Progress,
  effects: ReplicaEffects,
): void {
  const { transfer } = progress;
  if (transfer === null || transfer.timer !== 0) return;
  if (transfer.resendCount++ === resendsMax) {
    endTransfer(progress, effects);
    return;
  }
  transfer.heardMs = effects.clockMs();
  // A follower that has everything is still writing it to its disk, or has lost it in a crash.
  if (transfer.received >= transfer.parts) return;
  transfer.next = transfer.received;
  readPart(state, progress, effects);
}

/** The follower tells which parts it has. */
export function onSnapshotted(
  state: ReplicaState,
  { epoch, position, part }: Messages["snapshotted"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  const { role } = state;
  if (role.kind !== "leader" || epoch !== state.epoch) return;
  const progress = role.progress[from]!;
  progress.heardMs = effects.clockMs();
  const { transfer } = progress;
  if (transfer === null || transfer.snapshot.position !== position) return;
  if (part > transfer.received) {
    transfer.heardMs = progress.heardMs;
    transfer.resendCount = 0;
  }
  // Less than before after a crash, or when an old answer comes late: then too much is sent again.
  transfer.received = part;
}

/** A follower gets a part of a snapshot from its leader. */
export function onSnapshot(
  state: ReplicaState,
  { epoch, snapshot, part, parts }: Messages["snapshot"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  const { position } = snapshot;
  if (state.agreedPosition >= position) {
    acknowledge(state, effects);
    return;
  }
  let { reception } = state;
  if (reception === null || reception.epoch !== epoch || reception.position !== position) {
    reception = { epoch, position, isHere: new Array(parts).fill(false), count: 0 };
    state.reception = reception;
  }
  const isNew = !reception.isHere[part];
  reception.isHere[part] = true;
  while (reception.isHere[reception.count]) reception.count++;
  effects.send(from, "snapshotted", { epoch, position, part: reception.count });
  if (reception.count < parts || !isNew) return;
  // On the disk first: a crash in between leaves either the old data or the new ones.
  effects.store("snapshot", snapshot);
  effects.sync("installed", { epoch, snapshot, leader: from });
}

/** The follower's disk has the snapshot: everything else is given up for it. */
export function onInstalled(
  state: ReplicaState,
  { epoch, snapshot, leader }: ReplicationTimers["installed"],
  effects: ReplicaEffects,
): void {
  const { role, reception } = state;
  const isWanted = reception?.epoch === epoch && reception.position === snapshot.position;
  state.reception = null;
  if (role.kind !== "follower" || role.leader !== leader || !isWanted) {
    // A newer leader has taken over: the older data on the disk are what the replica goes on from.
    effects.store("snapshot", state.base);
    return;
  }
  install(state, snapshot, effects);
  state.agreedPosition = snapshot.position;
  comeOnline(state, effects);
  acknowledge(state, effects);
}

function readPart(state: ReplicaState, progress: Progress, effects: ReplicaEffects): void {
  const { transfer } = progress;
  if (transfer === null) return;
  const { snapshotBytesPerMs } = state.config.options.retention;
  const delayMs = transfer.partBytes / snapshotBytesPerMs;
  const payload = { epoch: state.epoch, to: progress.node };
  transfer.timer = effects.setTimer("snapshotPart", payload, delayMs);
}
