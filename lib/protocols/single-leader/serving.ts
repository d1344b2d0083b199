/*
 * What a replica does for clients: reads (C1-C6) from what it has applied, writes and inserts (B6) if it
 * leads.
 *
 * A read may ask for a position that must have been applied: it waits for it for a while. It may ask for
 * data not older than so long: a follower knows as of when, by the leader's clock, it was up to date, and
 * compares with its own (closed timestamps); clock errors count. Primary keys: the highest in the own log
 * and one, so that they are handed out twice where the log lost its end (InnoDB's auto-increment).
 *
 * Left out: reading through a lease or a round of heartbeats (Raft 8): a leader that was replaced and
 * does not know it answers with what it has.
 */

import type { NodeId } from "../../core/protocol.ts";
import { versionOf } from "../../core/protocol.ts";
import { onProgress, wait } from "./acknowledging.ts";
import { mayLead } from "./failover/hooks.ts";
import { appendToLog, entryBytesOf, syncLog } from "./log.ts";
import type { Entry } from "./messages.ts";
import type { ReplicaGroup } from "./options.ts";
import { shipSoon } from "./shipping.ts";
import {
  epochAt,
  type LeaderRole,
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
} from "./state.ts";
import { checkFollowers } from "./suspending.ts";

type Read = Messages["read"];
type Write = Messages["write"];

/** Primary keys that are handed out are above this, so that they do not meet keys that are written. */
export const insertedKeysFrom: number = 2 ** 30;

const chances = 2 ** 30;

/** A client reads. */
export function onRead(
  state: ReplicaState,
  request: Read,
  from: NodeId,
  effects: ReplicaEffects,
): void {
  if (state.role.kind === "stopped") return;
  if (!isReadable(state, request, effects)) refuse(state, request, from, effects);
  else if (appliedVersion(state) >= request.minVersion) answerRead(state, request, from, effects);
  else if (request.waitMs <= 0) refuse(state, request, from, effects);
  else {
    const { operation, attempt } = request;
    const payload = { operation: operation.id, attempt };
    const timer = effects.setTimer("readWait", payload, request.waitMs);
    state.reads.push({ request, client: from, timer });
  }
}

/** The replica has applied more: reads that waited for it are answered. */
export function serveWaiting(state: ReplicaState, effects: ReplicaEffects): void {
  const version = appliedVersion(state);
  const { reads } = state;
  state.reads = reads.filter(({ request }) => request.minVersion > version);
  for (const { request, client, timer } of reads) {
    if (request.minVersion > version) continue;
    effects.cancelTimer(timer);
    answerRead(state, request, client, effects);
  }
}

/** A read has waited for too long. */
export function onReadWait(
  state: ReplicaState,
  { operation, attempt }: { readonly operation: number; readonly attempt: number },
  effects: ReplicaEffects,
): void {
  const index = state.reads.findIndex(
    ({ request }) => request.operation.id === operation && request.attempt === attempt,
  );
  if (index < 0) return;
  const { request, client } = state.reads.splice(index, 1)[0]!;
  refuse(state, request, client, effects);
}

/** A client writes, or inserts. */
export function onWrite(
  state: ReplicaState,
  request: Write,
  from: NodeId,
  effects: ReplicaEffects,
): void {
  if (state.role.kind === "stopped") return;
  const role = acceptingRole(state, request, effects);
  if (role === null) {
    refuse(state, request, from, effects);
    return;
  }
  const { options } = state.config;
  const entry = entryOf(state, request, effects);
  const position = lastPosition(state) + 1;
  appendToLog(state, entry, entryBytesOf(options), effects);
  const { operation, attempt } = request;
  const value = entry.kind === "insert" ? entry.key : entry.value;
  const { version } = entry;
  const atMs = effects.clockMs();
  const write = { position, operation: operation.id, attempt, client: from, value, version, atMs };
  wait(state, role, write, effects);
  syncLog(state, effects);
  shipSoon(state, role, effects);
  if (options.leaderDurability === "unsynced") onProgress(state, role, effects);
}

/** The leader's role if it accepts writes at the moment. */
function acceptingRole(
  state: ReplicaState,
  { epoch }: Write,
  effects: ReplicaEffects,
): LeaderRole | null {
  const { role } = state;
  if (role.kind !== "leader" || epoch > state.epoch || !mayLead(state, effects)) return null;
  checkFollowers(state, role, effects);
  return role.isSuspended ? null : role;
}

function entryOf(state: ReplicaState, request: Write, effects: ReplicaEffects): Entry {
  const { operation, dependencies } = request;
  const { logFormat } = state.config.options;
  const isInsert = operation.kind === "insert";
  const isEvaluated =
    logFormat.kind === "statement" &&
    !isInsert &&
    effects.choose(chances) < logFormat.nondeterministicShare * chances;
  return {
    value: operation.value,
    version: versionOf(state.epoch, lastPosition(state) + 1),
    dependencies,
    epoch: state.epoch,
    kind: isInsert ? "insert" : "write",
    key: isInsert ? nextKey(state.newestKey, state.config.group) : operation.key,
    operation: operation.id,
    evaluatedBy: isEvaluated ? state.self : -1,
  };
}

/** The next primary key of the partition: key k belongs to partition k modulo their number. */
function nextKey(newest: number, { partition, partitionCount = 1 }: ReplicaGroup): number {
  if (newest > 0) return newest + partitionCount;
  return Math.ceil(insertedKeysFrom / partitionCount) * partitionCount + partition;
}

function isReadable(
  state: ReplicaState,
  { maxLagMs, mustLead }: Read,
  effects: ReplicaEffects,
): boolean {
  if (mustLead && !mayLead(state, effects)) return false;
  if (state.standing === "incomplete" || state.reception !== null) return false;
  if (maxLagMs === null || state.role.kind === "leader") return true;
  return effects.clockMs() - state.asOfMs <= maxLagMs;
}

/** How far the log has been applied, as a version. */
function appliedVersion(state: ReplicaState): number {
  const { appliedPosition } = state;
  return versionOf(epochAt(state, appliedPosition), appliedPosition);
}

function answerRead(
  state: ReplicaState,
  { operation, attempt }: Read,
  client: NodeId,
  effects: ReplicaEffects,
): void {
  const row = state.rows[operation.key];
  effects.send(client, "reply", {
    operation: operation.id,
    attempt,
    outcome: "ok",
    value: row === undefined ? null : row.value,
    version: row === undefined ? 0 : row.version,
    applied: appliedVersion(state),
    dependencies: row === undefined ? null : row.dependencies,
    epoch: state.epoch,
    leader: leaderOf(state),
  });
}

function refuse(
  state: ReplicaState,
  { operation, attempt }: Read | Write,
  client: NodeId,
  effects: ReplicaEffects,
): void {
  const { epoch } = state;
  effects.send(client, "reply", {
    ...{ operation: operation.id, attempt, outcome: "refused", value: null },
    ...{ version: 0, applied: 0, dependencies: null, epoch, leader: leaderOf(state) },
  });
}

/** Who leads as far as the replica knows; -1 if it does not. */
function leaderOf({ role, self }: ReplicaState): NodeId {
  if (role.kind === "leader") return self;
  return role.kind === "follower" ? role.leader : -1;
}
