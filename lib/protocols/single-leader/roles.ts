import { versionOf } from "../../core/protocol.ts";
import { neededOf } from "./acknowledging.ts";
import { applyAllNow, comeOnline } from "./applying.ts";
import { onFollowing, onLeading, onNewEpoch } from "./failover/hooks.ts";
import { appendToLog, entryBytesOf, syncLog } from "./log.ts";
import { ship } from "./shipping.ts";
import {
  epochAt,
  type LeaderRole,
  lastPosition,
  type Progress,
  type ReplicaEffects,
  type ReplicaState,
} from "./state.ts";

/**
 * The replica leads from now on, in an epoch above all it has seen, which is durable before. Whoever
 * decides on failover calls this; it does not ask whether that was right.
 */
export function lead(state: ReplicaState, epoch: number, effects: ReplicaEffects): void {
  const { group, options, clients = [] } = state.config;
  const { partition } = group;
  state.epoch = epoch;
  effects.store("epoch", epoch);
  forgetLeader(state);
  const role = newLeader(state, effects);
  state.role = role;
  const boundaries = boundariesOf(state);
  effects.observe("leads", { partition, epoch, lastPosition: lastPosition(state), boundaries });
  onLeading(state, effects);
  applyAllNow(state, effects);
  state.onlineAt = 0;
  comeOnline(state, effects);
  // The first entry of an epoch: with it, entries of earlier epochs are committed (Raft 5.4.2).
  const version = versionOf(epoch, role.firstOwnPosition);
  const entry = { epoch, kind: "none", key: -1, value: null, operation: -1, version } as const;
  const untracked = { ...entry, dependencies: null, evaluatedBy: -1 };
  appendToLog(state, untracked, entryBytesOf(options), effects);
  syncLog(state, effects);
  for (const client of clients) effects.send(client, "located", { partition, epoch, sinceMs: 0 });
  ship(state, role, effects);
  role.heartbeatTimer = effects.setTimer("heartbeat", null, options.shipping.heartbeatMs);
}

/**
 * The replica follows from now on.
 *
 * @param leader -1 if it is not known yet
 * @param epoch at least the replica's own
 */
export function follow(
  state: ReplicaState,
  leader: number,
  epoch: number,
  effects: ReplicaEffects,
): void {
  const { role } = state;
  if (role.kind === "leader") stepDown(state, role, effects);
  const isSame = role.kind === "follower" && role.leader === leader && epoch === state.epoch;
  if (epoch > state.epoch) {
    state.epoch = epoch;
    effects.store("epoch", epoch);
    onNewEpoch(state, effects);
  }
  const heardMs = effects.clockMs();
  if (isSame) role.heardMs = heardMs;
  else {
    forgetLeader(state);
    state.role = { kind: "follower", leader, heardMs };
  }
  onFollowing(state, leader, effects);
}

/** What is known of the log of the leader so far means nothing for another one. */
function forgetLeader(state: ReplicaState): void {
  state.agreedPosition = -1;
  state.early = [];
  state.reception = null;
}

function newLeader(state: ReplicaState, effects: ReplicaEffects): LeaderRole {
  const nowMs = effects.clockMs();
  const last = lastPosition(state);
  const progress: Record<number, Progress> = {};
  for (const node of state.peers) {
    progress[node] = {
      ...{ node, matched: 0, durable: 0, received: last, next: last + 1 },
      ...{ heardMs: nowMs, sentMs: nowMs, gapCount: 0, probe: -1, transfer: null },
    };
  }
  return {
    ...{ kind: "leader", progress, waiting: [], waitingFrom: 0, firstOwnPosition: last + 1 },
    ...{ sinceMs: nowMs, needed: neededOf(state.config.options, state.peers.length) },
    ...{ quorumPosition: 0, settledPosition: 0, isAsynchronous: false, isSuspended: false },
    ...{ batchFrom: 0, heartbeatTimer: 0, batchTimer: 0, resendTimer: 0, fallBackTimer: 0 },
  };
}

/** Writes that wait are answered as indefinite: nobody knows whether the next leader has them. */
function stepDown(state: ReplicaState, role: LeaderRole, effects: ReplicaEffects): void {
  effects.cancelTimer(role.heartbeatTimer);
  effects.cancelTimer(role.batchTimer);
  effects.cancelTimer(role.resendTimer);
  effects.cancelTimer(role.fallBackTimer);
  for (const { operation, attempt, client } of role.waiting.slice(role.waitingFrom)) {
    effects.send(client, "reply", {
      ...{ operation, attempt, outcome: "indefinite", value: null, version: 0, applied: 0 },
      ...{ dependencies: null, epoch: state.epoch, leader: -1 },
    });
  }
  effects.observe("yields", { partition: state.config.group.partition, epoch: state.epoch });
}

/** Epoch and first position of each run of entries of one epoch. */
function boundariesOf(state: ReplicaState): { epoch: number; position: number }[] {
  const boundaries = [{ epoch: state.baseEpoch, position: state.firstPosition - 1 }];
  for (let position = state.firstPosition; position <= lastPosition(state); position++) {
    const epoch = epochAt(state, position);
    if (epoch !== boundaries.at(-1)!.epoch) boundaries.push({ epoch, position });
  }
  return boundaries;
}
