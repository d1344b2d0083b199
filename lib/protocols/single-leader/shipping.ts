/*
 * How the log travels (B1): Raft 5.3 with the batches, windows and pipelining that it leaves to
 * implementations (dissertation, 10.2); names: nextIndex -> progress.next, matchIndex ->
 * progress.matched, AppendEntries RPC -> append and appended, prevLogIndex and prevLogTerm ->
 * previousPosition and previousEpoch, leaderCommit -> committed.
 *
 * The leader sends each follower what it does not have, at once or after `batchDelayMs`, as long as no
 * more than a window is under way. Three acknowledgements that tell of a gap, or silence, make it send
 * again from the first missing entry on, as TCP does. Heartbeats go out at a steady pace, whatever else
 * is sent.
 *
 * Left out: compression, relays from follower to follower, sizes of messages without entries.
 */

import type { NodeId } from "../../core/protocol.ts";
import { onProgress, settle } from "./acknowledging.ts";
import { keptFrom } from "./compacting.ts";
import { entryBytesOf } from "./log.ts";
import { endTransfer, needSnapshot, resendSnapshot } from "./snapshots.ts";
import {
  epochAt,
  type LeaderRole,
  lastPosition,
  type Messages,
  type Progress,
  type ReplicaEffects,
  type ReplicaState,
} from "./state.ts";
import { checkFollowers } from "./suspending.ts";

/** Differences of times below this are rounding, in ms. */
const roundingMs = 1e-6;

/** So many reports of the same gap mean loss, not only messages that overtake each other (TCP's three). */
const gapsOfLoss = 3;

/** Sends new entries to the followers: now, or when the leader has collected more for a while. */
export function shipSoon(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  const { batchDelayMs } = state.config.options.shipping;
  if (batchDelayMs === 0) {
    ship(state, role, effects);
  } else if (role.batchTimer === 0) {
    role.batchFrom = lastPosition(state);
    role.batchTimer = effects.setTimer("batch", null, batchDelayMs);
  }
}

/** Newest position that does not wait for its batch. */
function lastToShip(state: ReplicaState, role: LeaderRole): number {
  return role.batchTimer === 0 ? lastPosition(state) : role.batchFrom - 1;
}

/** The leader has collected entries for long enough. */
export function onBatch(state: ReplicaState, effects: ReplicaEffects): void {
  const { role } = state;
  if (role.kind !== "leader") return;
  role.batchTimer = 0;
  ship(state, role, effects);
}

/** Sends followers what they do not have yet; those who need the same get the same message. */
export function ship(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  let message: Messages["append"] | null = null;
  for (const peer of state.peers) {
    message = shipTo(state, role, role.progress[peer]!, message, effects);
  }
}

/**
 * Sends one follower what it does not have yet, as far as its window allows.
 *
 * @param ready message made for another follower, if any, to be used again
 * @returns the message sent last
 */
export function shipTo(
  state: ReplicaState,
  role: LeaderRole,
  progress: Progress,
  ready: Messages["append"] | null,
  effects: ReplicaEffects,
): Messages["append"] | null {
  const { batchEntries, windowEntries } = state.config.options.shipping;
  const last = lastToShip(state, role);
  let message = ready;
  while (progress.next <= last && progress.transfer === null) {
    const from = progress.next;
    if (progress.probe >= 0 && from > progress.probe + 1) break;
    const until = Math.min(last, from + batchEntries - 1, progress.received + windowEntries);
    if (until < from) break;
    // Takes a snapshot, which begins when the follower is heard: it may be down.
    if (from < keptFrom(state)) break;
    const isReady = message?.previousPosition === from - 1;
    if (!isReady || message?.entries.length !== until - from + 1) {
      message = appendMessage(state, from, until, effects);
    }
    if (progress.received === from - 1) progress.sentMs = effects.clockMs();
    progress.next = until + 1;
    const sizeBytes = message.entries.length * entryBytesOf(state.config.options);
    effects.send(progress.node, "append", message, sizeBytes);
    armResend(state, role, effects);
  }
  return message;
}

/** Every follower hears from the leader, whether there is news or not. */
export function onHeartbeat(state: ReplicaState, effects: ReplicaEffects): void {
  const { role } = state;
  if (role.kind !== "leader") return;
  const { heartbeatMs } = state.config.options.shipping;
  role.heartbeatTimer = effects.setTimer("heartbeat", null, heartbeatMs);
  heartbeat(state, role, effects);
  checkFollowers(state, role, effects);
}

/** Sends every follower a message without entries. */
export function heartbeat(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  for (const peer of state.peers) {
    const progress = role.progress[peer]!;
    const from = Math.max(progress.next, state.firstPosition);
    // Where the log does not reach back to what the follower needs, the question is asked of its begin.
    if (progress.probe >= 0 && from > progress.next) progress.probe = from - 1;
    effects.send(peer, "append", appendMessage(state, from, from - 1, effects));
  }
}

/** Followers that were silent for too long are sent again what they have not acknowledged. */
export function onResend(state: ReplicaState, effects: ReplicaEffects): void {
  const { role } = state;
  if (role.kind !== "leader") return;
  role.resendTimer = 0;
  const { resendMs } = state.config.options.shipping;
  const nowMs = effects.clockMs();
  let waitMs = Infinity;
  for (const peer of state.peers) {
    const progress = role.progress[peer]!;
    const { transfer } = progress;
    if (transfer === null && progress.received >= progress.next - 1) continue;
    const leftMs = (transfer?.heardMs ?? progress.sentMs) + resendMs - nowMs;
    if (leftMs > roundingMs) waitMs = Math.min(waitMs, leftMs);
    else {
      waitMs = Math.min(waitMs, resendMs);
      if (transfer === null) sendAgain(state, role, progress, effects);
      else resendSnapshot(state, progress, effects);
    }
  }
  if (waitMs === Infinity || role.resendTimer !== 0) return;
  role.resendTimer = effects.setTimer("resend", null, waitMs);
}

/** Makes sure that somebody looks after what is under way. */
export function armResend(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  if (role.resendTimer !== 0) return;
  role.resendTimer = effects.setTimer("resend", null, state.config.options.shipping.resendMs);
}

/** The leader learns how far a follower is. */
export function onAppended(
  state: ReplicaState,
  message: Messages["appended"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  const { role } = state;
  if (role.kind !== "leader" || message.epoch !== state.epoch) return;
  const progress = role.progress[from]!;
  progress.heardMs = effects.clockMs();
  if (role.isSuspended) checkFollowers(state, role, effects);
  if (message.found === "mismatch") {
    // Of several messages under way, only the first says something new.
    const isStale = progress.probe >= 0 && message.asked !== progress.probe;
    if (!isStale) stepBack(state, role, progress, message.received, effects);
    return;
  }
  progress.probe = -1;
  if (message.received > progress.received) getFurther(progress, message.received, effects);
  else if (message.found === "gap" && ++progress.gapCount === gapsOfLoss) {
    sendAgain(state, role, progress, effects);
  }
  noteAcknowledged(state, role, progress, message, effects);
  // What was noted may have ended the leadership.
  if (state.role !== role || progress.next > lastPosition(state)) return;
  const isTooLate = progress.transfer === null && progress.next < keptFrom(state);
  if (isTooLate) needSnapshot(state, progress, effects);
  else shipTo(state, role, progress, null, effects);
}

function noteAcknowledged(
  state: ReplicaState,
  role: LeaderRole,
  progress: Progress,
  { matched, durable }: Messages["appended"],
  effects: ReplicaEffects,
): void {
  if (durable > progress.durable) {
    const before = progress.durable;
    progress.durable = durable;
    if (before <= role.settledPosition) settle(state, role, effects);
  }
  if (matched > progress.matched) {
    progress.matched = matched;
    onProgress(state, role, effects);
  }
}

function getFurther(progress: Progress, received: number, effects: ReplicaEffects): void {
  progress.sentMs = progress.heardMs;
  progress.gapCount = 0;
  progress.received = received;
  if (progress.next <= received) progress.next = received + 1;
  const { transfer } = progress;
  if (transfer !== null && received >= transfer.snapshot.position) endTransfer(progress, effects);
}

/** The follower does not have the entry before: the leader tries the one that it names (Raft 5.3). */
function stepBack(
  state: ReplicaState,
  role: LeaderRole,
  progress: Progress,
  hint: number,
  effects: ReplicaEffects,
): void {
  if (progress.transfer !== null) return;
  const position = Math.min(hint, progress.next - 1);
  // A crash may have cost it what it had acknowledged before its disk had it.
  progress.received = Math.min(progress.received, Math.max(position, 0));
  progress.matched = Math.min(progress.matched, progress.received);
  progress.durable = Math.min(progress.durable, progress.received);
  if (position < keptFrom(state) - 1 || hint > lastPosition(state)) {
    needSnapshot(state, progress, effects);
    return;
  }
  progress.next = position + 1;
  progress.probe = position;
  progress.gapCount = 0;
  // Without entries to send it takes an empty message to see whether this is where both agree.
  if (progress.next > lastToShip(state, role)) {
    const message = appendMessage(state, progress.next, position, effects);
    effects.send(progress.node, "append", message);
  } else shipTo(state, role, progress, null, effects);
}

/** One message, to see whether the follower is there: what came after it, it may have kept. */
function sendAgain(
  state: ReplicaState,
  role: LeaderRole,
  progress: Progress,
  effects: ReplicaEffects,
): void {
  progress.next = progress.received + 1;
  progress.probe = progress.received;
  progress.sentMs = effects.clockMs();
  shipTo(state, role, progress, null, effects);
}

function appendMessage(
  state: ReplicaState,
  from: number,
  until: number,
  effects: ReplicaEffects,
): Messages["append"] {
  const { log, firstPosition, config } = state;
  const isMajority = config.options.acknowledgement.kind === "majority";
  // Whoever does not wait for a majority lets followers apply what they get.
  const committed = isMajority ? state.committedPosition : lastPosition(state);
  return {
    epoch: state.epoch,
    previousPosition: from - 1,
    previousEpoch: epochAt(state, from - 1),
    entries: until < from ? [] : log.slice(from - firstPosition, until - firstPosition + 1),
    committed,
    settled: state.settledPosition,
    asOfMs: until >= committed ? effects.clockMs() : -Infinity,
    software: state.software,
  };
}
