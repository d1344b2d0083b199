import type { Durable, NodeId, Protocol } from "../../core/protocol.ts";
import { electionHandlers, electionTimers } from "./failover/election.ts";
import { onStart } from "./failover/hooks.ts";
import type { Entry, Observations } from "./messages.ts";
import type { ReplicaConfig } from "./options.ts";
import { follow, lead } from "./roles.ts";
import { appendEntry, onAppend, onAppended, onLogged, ship } from "./shipping.ts";
import {
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
  type Timers,
} from "./state.ts";

/** A copy of the data: leads or follows (subject B). */
export const replica: Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations> = {
  role: "replica",
  init: newReplica,
  restart(durable: Durable, config, self) {
    const state = newReplica(config, self);
    state.log = durable.log as Entry[];
    state.firstPosition = durable.firstPosition;
    state.epoch = (durable.slots.epoch as number | undefined) ?? 1;
    state.failover.votedFor = (durable.slots.votedFor as number | undefined) ?? -1;
    state.loggedPosition = lastPosition(state);
    return state;
  },
  start(state, effects) {
    const isFirst = state.config.group.replicas[0] === state.self && lastPosition(state) === 0;
    if (isFirst) lead(state, 1, effects);
    onStart(state, effects);
  },
  on: {
    request: onRequest,
    append(state, message, from, effects) {
      if (message.epoch < state.epoch) {
        effects.send(from, "appended", { epoch: state.epoch, isMatch: false, matched: 0 });
        return;
      }
      follow(state, from, message.epoch, effects);
      onAppend(state, message, from, effects);
    },
    appended(state, message, from, effects) {
      if (message.epoch > state.epoch) follow(state, -1, message.epoch, effects);
      else onAppended(state, message, from, effects);
    },
    ...electionHandlers,
  },
  timers: {
    ship: (state, _, effects) => ship(state, effects),
    logged: onLogged,
    stored(_state, { epoch, position, leader }, effects) {
      effects.send(leader, "appended", { epoch, isMatch: true, matched: position });
    },
    ...electionTimers,
  },
};

function newReplica(config: ReplicaConfig, self: NodeId): ReplicaState {
  return {
    ...{ self, config, epoch: 1, log: [], firstPosition: 1, baseEpoch: 0 },
    ...{ loggedPosition: 0, committedPosition: 0, appliedPosition: 0, rows: {} },
    role: { kind: "follower", leader: config.group.replicas[0]!, heardMs: 0 },
    failover: { votedFor: -1, votes: [], electionTimer: 0 },
  };
}

function onRequest(
  state: ReplicaState,
  { operation, attempt }: Messages["request"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  const { id, kind, key, value } = operation;
  const reply = { operation: id, attempt, epoch: state.epoch };
  if (kind === "read") {
    const row = state.rows[key] ?? { value: null, version: 0 };
    const position = state.appliedPosition;
    effects.send(from, "reply", { ...reply, outcome: "ok", ...row, position, leader: -1 });
    return;
  }
  if (state.role.kind !== "leader") {
    const leader = state.role.kind === "follower" ? state.role.leader : -1;
    effects.send(from, "reply", {
      ...{ ...reply, outcome: "refused", value: null, version: 0, position: 0, leader },
    });
    return;
  }
  const position = lastPosition(state) + 1;
  state.role.waiting.push({ position, operation: id, attempt, client: from, atMs: 0 });
  appendEntry(state, { epoch: state.epoch, kind, key, value, operation: id }, effects);
  ship(state, effects);
}
