/*
 * An application's side of the database driver: routes operations, waits, asks again where that cannot
 * write twice, gives up; finds the leader.
 *
 * A write without answer is `indefinite` and never sent again; a refused one surely did nothing and may
 * be. Replies of leaders with an epoch below the highest seen of a leader are refused (fencing tokens),
 * so that a replaced leader's word does not count; what followers answer is judged by the routing only.
 *
 * Left out: connections, pools and their limits; clocks that jump between two attempts.
 */

import type { Outcome, Protocol } from "../../core/protocol.ts";
import {
  type ClientEffects,
  type ClientState,
  type ClientTimers,
  looksAtEpochs,
  type Pending,
  partitionOf,
} from "./clientState.ts";
import { hintedAt, onLocated, onRoute, onSilence, whoElse } from "./discovery.ts";
import type { Observations } from "./messages.ts";
import type { ClientConfig } from "./options.ts";
import { leaveReplica, routeRead } from "./routing.ts";
import { dependenciesOf, onRemember, rememberRead, rememberWrite } from "./sessions.ts";
import type { Messages } from "./state.ts";

/** A client node: the users of one region. */
export const client: Protocol<ClientState, Messages, ClientTimers, ClientConfig, Observations> = {
  role: "client",
  init: newClient,
  invoke(state, operation, effects) {
    const pending = { operation, attempt: 0, to: -1, mustLead: true, timer: 0 };
    state.pending[operation.id] = pending;
    ask(state, pending, effects);
  },
  on: {
    reply: onReply,
    located: onLocated,
    remember: onRemember,
  },
  timers: {
    giveUp: onGiveUp,
    retry(state, { operation }, effects) {
      ask(state, state.pending[operation]!, effects);
    },
    route: onRoute,
  },
};

function newClient(config: ClientConfig): ClientState {
  const views = config.groups.map(({ replicas }) => ({
    ...{ leader: replicas[0]!, leaderEpoch: 0, epoch: 0 },
    ...{ suspect: -1, suspectEpoch: 0, routeEpoch: -1 },
  }));
  return { config, pending: {}, views, silentMs: {}, memories: {} };
}

function ask(state: ClientState, pending: Pending, effects: ClientEffects): void {
  const { operation, attempt } = pending;
  const { options } = state.config;
  pending.timer = effects.setTimer("giveUp", { operation: operation.id }, options.timeoutMs);
  if (operation.kind === "read") {
    const { to, mustLead, minVersion, waitMs, maxLagMs } = routeRead(state, pending, effects);
    pending.to = to;
    pending.mustLead = mustLead;
    const demands = { mustLead, minVersion, waitMs, maxLagMs };
    effects.send(to, "read", { operation, attempt, ...demands });
    return;
  }
  const view = state.views[partitionOf(state, operation)]!;
  pending.to = view.leader;
  const epoch = looksAtEpochs(state.config) ? view.epoch : 0;
  const dependencies = dependenciesOf(state, operation);
  effects.send(view.leader, "write", { operation, attempt, epoch, dependencies });
}

function onReply(
  state: ClientState,
  reply: Messages["reply"],
  from: number,
  effects: ClientEffects,
): void {
  const pending = state.pending[reply.operation];
  if (state.silentMs[from] !== undefined) delete state.silentMs[from];
  if (pending === undefined || pending.attempt !== reply.attempt) return;
  effects.cancelTimer(pending.timer);
  const { operation, mustLead } = pending;
  const partition = partitionOf(state, operation);
  hintedAt(state, partition, reply);
  const view = state.views[partition]!;
  const isOutdated = looksAtEpochs(state.config) && mustLead && reply.epoch < view.epoch;
  if (reply.leader === from && reply.epoch > view.epoch) view.epoch = reply.epoch;
  if (reply.outcome === "refused" || (isOutdated && operation.kind === "read")) {
    onRefused(state, pending, from, reply.leader, effects);
    return;
  }
  if (reply.outcome !== "ok" || isOutdated) {
    finish(state, pending, "indefinite", effects);
    return;
  }
  if (operation.kind === "read") rememberRead(state, operation, partition, reply, effects);
  else rememberWrite(state, operation, partition, reply.version, effects);
  delete state.pending[operation.id];
  const { value, version } = reply;
  effects.complete(operation.id, { outcome: "ok", value, version, servedBy: from });
}

/** Surely nothing was done: asks again, if it may, where it has been pointed to or somewhere else. */
function onRefused(
  state: ClientState,
  pending: Pending,
  from: number,
  hint: number,
  effects: ClientEffects,
): void {
  if (pending.mustLead) whoElse(state, partitionOf(state, pending.operation), from, hint, effects);
  else leaveReplica(state, pending);
  tryAgain(state, pending, effects);
}

function onGiveUp(
  state: ClientState,
  { operation: id }: ClientTimers["giveUp"],
  effects: ClientEffects,
): void {
  const pending = state.pending[id]!;
  state.silentMs[pending.to] = effects.clockMs();
  if (pending.mustLead) {
    onSilence(state, partitionOf(state, pending.operation), pending.to, effects);
  } else leaveReplica(state, pending);
  if (pending.operation.kind === "read") tryAgain(state, pending, effects);
  else finish(state, pending, "indefinite", effects);
}

function tryAgain(state: ClientState, pending: Pending, effects: ClientEffects): void {
  const { attempts, retryDelay } = state.config.options;
  if (pending.attempt >= attempts) {
    finish(state, pending, "failed", effects);
    return;
  }
  pending.attempt++;
  effects.setTimer("retry", { operation: pending.operation.id }, retryDelay);
}

function finish(
  state: ClientState,
  { operation }: Pending,
  outcome: Outcome,
  effects: ClientEffects,
): void {
  delete state.pending[operation.id];
  effects.complete(operation.id, { outcome, value: null, version: 0, servedBy: -1 });
}
