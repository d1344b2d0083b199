/*
 * When a write is answered (B2).
 *
 * Synchronous and semi-synchronous replication as MySQL and PostgreSQL have it: the leader counts
 * followers whose acknowledgements have reached a position. MySQL's fall-back: when the oldest waiting
 * write has waited for `timeoutMs`, all are answered without followers, until the acknowledgements of as
 * many followers as needed reach the end of the leader's log (rpl_semi_sync_source_timeout).
 * Majority: Raft 5.3 and 5.4.2; names: commitIndex -> committedPosition, matchIndex -> progress.matched.
 *
 * Left out: naming the followers that count (FIRST and ANY of PostgreSQL are the same here).
 */

import { assertNever } from "../../core/assert.ts";
import { show } from "./applying.ts";
import { mayLead } from "./failover/hooks.ts";
import { onStored } from "./following.ts";
import type { SingleLeaderOptions } from "./options.ts";
import {
  type LeaderRole,
  lastPosition,
  type ReplicaEffects,
  type ReplicaState,
  type WaitingWrite,
} from "./state.ts";

/** Differences of times below this are rounding, in ms. */
const roundingMs = 1e-6;

/** How many must have a write before it is answered, the leader among them or not. */
export function neededOf(
  { acknowledgement }: SingleLeaderOptions,
  peerCount: number,
): LeaderRole["needed"] {
  switch (acknowledgement.kind) {
    case "asynchronous":
      return { count: 0, isLeaderAmongThem: false };
    case "synchronous":
      return { count: peerCount, isLeaderAmongThem: false };
    case "semi-synchronous":
      return { count: acknowledgement.followers, isLeaderAmongThem: false };
    case "majority":
      return { count: Math.floor((peerCount + 1) / 2) + 1, isLeaderAmongThem: true };
    default:
      return assertNever(acknowledgement);
  }
}

/** The own disk has the log up to a position. */
export function onLogged(
  state: ReplicaState,
  { cutCount, position }: { readonly cutCount: number; readonly position: number },
  effects: ReplicaEffects,
): void {
  // What was written before the end of the log was cut off says nothing about what is there now.
  if (cutCount !== state.cutCount || position <= state.loggedPosition) return;
  const before = state.loggedPosition;
  state.loggedPosition = position;
  const { role } = state;
  if (role.kind === "follower") onStored(state, effects);
  if (role.kind !== "leader") return;
  if (before === role.settledPosition) settle(state, role, effects);
  if (state.config.options.leaderDurability === "synced") onProgress(state, role, effects);
}

/** The leader or a follower has more of the log than before: commits, shows and answers. */
export function onProgress(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  if (role.needed.count > 0) raiseQuorum(state, role);
  advance(state, role, effects);
}

/** All disks may have more than before: tells so. */
export function settle(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  let position = state.loggedPosition;
  for (const peer of state.peers) position = Math.min(position, role.progress[peer]!.durable);
  if (position <= role.settledPosition) return;
  role.settledPosition = position;
  state.settledPosition = Math.max(state.settledPosition, position);
  effects.observe("settled", { partition: state.config.group.partition, position });
}

/** A write waits for followers: the leader looks after it when it has done so for too long. */
export function wait(
  state: ReplicaState,
  role: LeaderRole,
  write: WaitingWrite,
  effects: ReplicaEffects,
): void {
  role.waiting.push(write);
  const { acknowledgement } = state.config.options;
  if (acknowledgement.kind !== "semi-synchronous" || acknowledgement.timeoutMs === null) return;
  if (role.isAsynchronous || role.fallBackTimer !== 0) return;
  role.fallBackTimer = effects.setTimer("fallBack", null, acknowledgement.timeoutMs);
}

/** The oldest waiting write may have waited for too long: then the leader goes on asynchronously. */
export function onFallBack(state: ReplicaState, effects: ReplicaEffects): void {
  const { role, config } = state;
  const { acknowledgement } = config.options;
  if (role.kind !== "leader") return;
  role.fallBackTimer = 0;
  const oldest = role.waiting[role.waitingFrom];
  if (oldest === undefined || acknowledgement.kind !== "semi-synchronous") return;
  const leftMs = oldest.atMs + (acknowledgement.timeoutMs ?? Infinity) - effects.clockMs();
  if (leftMs > roundingMs) {
    role.fallBackTimer = effects.setTimer("fallBack", null, leftMs);
    return;
  }
  role.isAsynchronous = true;
  tellFallBack(state, role, effects);
  advance(state, role, effects);
}

/** Newest position of the leader that counts as its own: on its disk, or wherever. */
function ownPosition(state: ReplicaState): number {
  const { leaderDurability } = state.config.options;
  return leaderDurability === "synced" ? state.loggedPosition : lastPosition(state);
}

/**
 * Raises the newest position that as many have as are needed. Each pass goes up to the smallest position
 * above; as positions grow one at a time, one pass is usual.
 */
function raiseQuorum(state: ReplicaState, role: LeaderRole): void {
  const { count: neededCount, isLeaderAmongThem } = role.needed;
  const own = isLeaderAmongThem ? ownPosition(state) : -1;
  for (;;) {
    const { quorumPosition } = role;
    let count = own > quorumPosition ? 1 : 0;
    let smallest = count > 0 ? own : Infinity;
    for (const peer of state.peers) {
      const { matched } = role.progress[peer]!;
      if (matched <= quorumPosition) continue;
      count++;
      if (matched < smallest) smallest = matched;
    }
    if (count < neededCount) return;
    role.quorumPosition = smallest;
  }
}

function acknowledgedPosition(state: ReplicaState, role: LeaderRole): number {
  if (role.needed.count === 0 || role.isAsynchronous) return ownPosition(state);
  if (!role.needed.isLeaderAmongThem) return Math.min(ownPosition(state), role.quorumPosition);
  // Only entries of the own epoch are committed by counting (Raft 5.4.2).
  return role.quorumPosition >= role.firstOwnPosition ? role.quorumPosition : 0;
}

function advance(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  if (role.isAsynchronous) comeBack(state, role, effects);
  const position = acknowledgedPosition(state, role);
  if (position > state.committedPosition) state.committedPosition = position;
  const isAfterCommit = state.config.options.waitPoint === "after-commit";
  const visible = isAfterCommit ? ownPosition(state) : state.committedPosition;
  if (visible > state.appliedPosition) show(state, visible, -Infinity, effects);
  if (role.waitingFrom < role.waiting.length) answerUpTo(state, role, position, effects);
}

/** Semi-synchronous again, once as many followers as needed have all there is. */
function comeBack(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  if (role.quorumPosition < lastPosition(state)) return;
  role.isAsynchronous = false;
  tellFallBack(state, role, effects);
}

function tellFallBack(
  { config }: ReplicaState,
  { isAsynchronous }: LeaderRole,
  effects: ReplicaEffects,
): void {
  effects.observe("fellBack", { partition: config.group.partition, isAsynchronous });
}

function answerUpTo(
  state: ReplicaState,
  role: LeaderRole,
  position: number,
  effects: ReplicaEffects,
): void {
  const { waiting } = role;
  if (waiting[role.waitingFrom]!.position > position || !mayLead(state, effects)) return;
  while (role.waitingFrom < waiting.length && waiting[role.waitingFrom]!.position <= position) {
    answerWrite(state, waiting[role.waitingFrom]!, effects);
    role.waitingFrom++;
  }
  // Answered ones are removed in bulk, so that it costs nothing each time.
  if (role.waitingFrom === waiting.length) {
    waiting.length = 0;
    role.waitingFrom = 0;
  } else if (role.waitingFrom >= 256 && 2 * role.waitingFrom >= waiting.length) {
    waiting.splice(0, role.waitingFrom);
    role.waitingFrom = 0;
  }
}

function answerWrite(state: ReplicaState, write: WaitingWrite, effects: ReplicaEffects): void {
  const { operation, attempt, client, value, version } = write;
  const { partition } = state.config.group;
  effects.observe("acknowledged", { partition, operation, version });
  effects.send(client, "reply", {
    operation,
    attempt,
    outcome: "ok",
    value,
    version,
    applied: version,
    dependencies: null,
    epoch: state.epoch,
    leader: state.self,
  });
}
