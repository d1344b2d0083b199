/*
 * Replication by one leader: what each copy of the data does (subject B, C). Raft 5.3 where a majority
 * acknowledges, else log shipping as PostgreSQL and MySQL have it, with what they share: a log in epochs
 * (terms, timelines), acknowledgements of positions, heartbeats.
 *
 * Choices: options.ts. Shipping: shipping.ts, following.ts, snapshots.ts; log and rows: log.ts,
 * compacting.ts, applying.ts; acknowledgement: acknowledging.ts, suspending.ts; clients: serving.ts;
 * who leads: roles.ts and failover/.
 *
 * Left out: changes of membership while running, transactions of several keys, deletes.
 */

import type { Durable, NodeId, Protocol } from "../../core/protocol.ts";
import { onFallBack, onLogged } from "./acknowledging.ts";
import { onApply } from "./applying.ts";
import { onCompacted } from "./compacting.ts";
import {
  failoverHandlers,
  failoverTimers,
  mayLead,
  minds,
  newFailover,
  onLeaderHeard,
  onStart,
  restoredFailover,
} from "./failover/hooks.ts";
import { onAppend } from "./following.ts";
import { applyUpTo, emptySnapshot } from "./log.ts";
import type { Entry, Observations, Snapshot } from "./messages.ts";
import type { ReplicaConfig } from "./options.ts";
import { follow, lead } from "./roles.ts";
import { onRead, onReadWait, onWrite } from "./serving.ts";
import { onAppended, onBatch, onHeartbeat, onResend } from "./shipping.ts";
import { onInstalled, onSnapshot, onSnapshotPart, onSnapshotted } from "./snapshots.ts";
import { lastPosition, type Messages, type ReplicaState, type Timers } from "./state.ts";

/** A copy of the data: leads or follows. */
export const replica: Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations> = {
  role: "replica",
  init: (config, self) => newReplica(config, self),
  restart: restored,
  start(state, effects) {
    const isFirst = state.config.group.replicas[0] === state.self && !state.isRestarted;
    // What the disk has of the log may end before the snapshot, or not lead to it.
    if (state.isRestarted && state.log.length === 0) effects.resetLog(state.firstPosition);
    if (isFirst) lead(state, 1, effects);
    onStart(state, effects);
  },
  on: {
    read: onRead,
    write: onWrite,
    locate(state, { partition }, from, effects) {
      const { role, epoch } = state;
      if (role.kind !== "leader") return;
      const sinceMs = effects.clockMs() - role.sinceMs;
      effects.send(from, "located", { partition, epoch, sinceMs });
    },
    append(state, message, from, effects) {
      if (isHeard(state, from, message.epoch, effects)) onAppend(state, message, effects);
    },
    appended(state, message, from, effects) {
      if (message.epoch > state.epoch) {
        if (minds(state)) follow(state, -1, message.epoch, effects);
      } else if (mayLead(state, effects)) onAppended(state, message, from, effects);
    },
    snapshot(state, message, from, effects) {
      if (isHeard(state, from, message.epoch, effects)) onSnapshot(state, message, from, effects);
    },
    snapshotted: onSnapshotted,
    ...failoverHandlers,
  },
  timers: {
    heartbeat: (state, _, effects) => onHeartbeat(state, effects),
    batch: (state, _, effects) => onBatch(state, effects),
    resend: (state, _, effects) => onResend(state, effects),
    fallBack: (state, _, effects) => onFallBack(state, effects),
    logged: onLogged,
    compacted: onCompacted,
    installed: onInstalled,
    apply: onApply,
    readWait: onReadWait,
    snapshotPart: onSnapshotPart,
    ...failoverTimers,
  },
};

/** Whether the replica follows who sends this; if it is time to, it tells him that he was replaced. */
function isHeard(
  state: ReplicaState,
  from: NodeId,
  epoch: number,
  effects: Parameters<typeof follow>[3],
): boolean {
  const verdict = onLeaderHeard(state, from, epoch);
  if (verdict === "follow") follow(state, from, epoch, effects);
  if (verdict === "refuse") {
    effects.send(from, "appended", {
      ...{ epoch: state.epoch, found: "mismatch", received: 0, matched: 0, durable: 0, asked: -1 },
    });
  }
  return verdict === "follow";
}

function newReplica(config: ReplicaConfig, self: NodeId, isRestarted = false): ReplicaState {
  const { group, software = { version: 1, afterRestart: 1 } } = config;
  const { replicas } = group;
  return {
    ...{ self, config, peers: replicas.filter((node) => node !== self), isRestarted },
    ...{ software: isRestarted ? software.afterRestart : software.version, epoch: 1 },
    ...{ log: [], firstPosition: 1, baseEpoch: 0, base: emptySnapshot, isCompacting: false },
    ...{ cutCount: 0, loggedPosition: 0, agreedPosition: -1, early: [] },
    ...{ committedPosition: 0, appliedPosition: 0, settledPosition: 0, newestKey: 0, rows: {} },
    ...{ applying: [], applyingFrom: 0, asOfMs: -Infinity, reads: [], reception: null },
    ...{ standing: "online", onlineAt: -1, isStalled: false },
    role: { kind: "follower", leader: replicas[0]!, heardMs: 0 },
    failover: newFailover(config),
  };
}

/** What the disk kept: a snapshot, the log behind it, and how much of it had been applied. */
function restored(durable: Durable, config: ReplicaConfig, self: NodeId): ReplicaState {
  const state = newReplica(config, self, true);
  const { slots } = durable;
  const base = (slots.snapshot as Snapshot | undefined) ?? emptySnapshot;
  state.base = base;
  state.epoch = (slots.epoch as number | undefined) ?? 1;
  state.failover = restoredFailover(config, durable);
  state.role = { kind: "follower", leader: -1, heardMs: 0 };
  restoreLog(state, durable);
  state.loggedPosition = lastPosition(state);
  state.newestKey = base.newestKey;
  for (const { kind, key } of state.log) {
    if (kind === "insert" && key > state.newestKey) state.newestKey = key;
  }
  state.rows = { ...base.rows };
  state.appliedPosition = base.position;
  const committed = (slots.committed as number | undefined) ?? 0;
  state.committedPosition = Math.max(base.position, Math.min(committed, lastPosition(state)));
  applyUpTo(state, state.committedPosition);
  state.standing = lastPosition(state) === 0 ? "incomplete" : "behind";
  return state;
}

function restoreLog(state: ReplicaState, { log, firstPosition }: Durable): void {
  const { base } = state;
  const before = firstPosition - 1;
  // The epoch of the entry before the log is that of the base, or of nothing at all.
  if (before === 0 || before === base.position) {
    state.log = log as Entry[];
    state.firstPosition = firstPosition;
    state.baseEpoch = before === 0 ? 0 : base.epoch;
    if (base.position <= lastPosition(state)) return;
  }
  const kept = log.slice(Math.max(0, base.position - before)) as Entry[];
  const agrees = (log[base.position - before - 1] as Entry | undefined)?.epoch === base.epoch;
  state.log = agrees ? kept : [];
  state.firstPosition = base.position + 1;
  state.baseEpoch = base.epoch;
}
