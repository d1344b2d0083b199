/*
 * When reads see what is in the log (B1, B4): followers apply in the order of the log, each batch
 * `applyDelay` after it came; leaders at once.
 *
 * Left out: that one thread applies, whose queue grows with the load; give the follower's `append` a
 * cost of CPU time for that.
 */

import { compact } from "./compacting.ts";
import { acknowledge } from "./following.ts";
import { applyUpTo } from "./log.ts";
import { acknowledgedWhen } from "./options.ts";
import { serveWaiting } from "./serving.ts";
import { lastPosition, type ReplicaEffects, type ReplicaState } from "./state.ts";

/**
 * The log may be applied up to a position.
 *
 * @param asOfMs as of when the follower is then up to date, by the leader's clock; -Infinity if it is not
 */
export function mayApply(
  state: ReplicaState,
  upTo: number,
  asOfMs: number,
  effects: ReplicaEffects,
): void {
  const { applying, config, appliedPosition } = state;
  const position = Math.min(upTo, lastPosition(state));
  if (position > state.committedPosition) state.committedPosition = position;
  const newest = applying.length === 0 ? appliedPosition : applying[applying.length - 1]!.position;
  if (position <= newest) {
    if (applying.length === 0 && asOfMs > state.asOfMs) state.asOfMs = asOfMs;
    return;
  }
  const { applyDelay } = config.options.shipping;
  if (applyDelay === 0) {
    show(state, position, asOfMs, effects);
    if (acknowledgedWhen(config.options) === "applied") acknowledge(state, effects);
    return;
  }
  const batch = state.applyingFrom + applying.length;
  applying.push({ position, asOfMs, isDue: false });
  effects.setTimer("apply", { batch }, applyDelay);
}

/** A batch has waited for long enough; it becomes visible when those before it are. */
export function onApply(
  state: ReplicaState,
  { batch }: { readonly batch: number },
  effects: ReplicaEffects,
): void {
  const { applying } = state;
  const due = applying[batch - state.applyingFrom];
  if (due === undefined) return;
  due.isDue = true;
  while (applying.length > 0 && applying[0]!.isDue) {
    const { position, asOfMs } = applying.shift()!;
    state.applyingFrom++;
    show(state, position, asOfMs, effects);
  }
  if (acknowledgedWhen(state.config.options) === "applied") acknowledge(state, effects);
}

/** Whoever leads shows everything that is committed, without delay. */
export function applyAllNow(state: ReplicaState, effects: ReplicaEffects): void {
  state.applyingFrom += state.applying.length;
  state.applying = [];
  show(state, state.committedPosition, -Infinity, effects);
}

/** Entries up to a position are visible from now on. */
export function show(
  state: ReplicaState,
  position: number,
  asOfMs: number,
  effects: ReplicaEffects,
): void {
  applyUpTo(state, position);
  if (asOfMs > state.asOfMs) state.asOfMs = asOfMs;
  if (state.reads.length > 0) serveWaiting(state, effects);
  if (state.standing !== "online") comeOnline(state, effects);
  compact(state, effects);
}

/** A replica that was down is back when it has applied what the leader had when it was first heard. */
export function comeOnline(state: ReplicaState, effects: ReplicaEffects): void {
  const { onlineAt, appliedPosition } = state;
  if (state.standing === "online" || onlineAt < 0 || appliedPosition < onlineAt) return;
  state.standing = "online";
  const { partition } = state.config.group;
  effects.observe("online", { partition, position: appliedPosition });
}
