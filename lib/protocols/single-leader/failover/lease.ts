/*
 * Failover by a lease: the leader keeps a key alive in a store of its own; who gets the key leads.
 *
 * Patroni, docs/dynamic_configuration.rst and docs/replication_modes.rst (ttl, loop_wait,
 * retry_timeout, maximum_lag_on_failover, watchdog); Gray and Cheriton, Leases, SOSP 1989, for
 * clocks.
 *
 * Names: loop_wait -> loopMs, retry_timeout -> retryMs, ttl -> ttlMs, optime/leader -> the position
 * that is published with each renewal, watchdog safety_margin -> safetyMs, timeline -> epoch (given
 * out by the store, each higher than all before).
 *
 * The leader counts its lease by its own clock from before it asked, a store node by its own clock
 * from when it granted. Members are told by the store when the key is gone (a watch), and look each
 * loop in case they were not. Left out: Patroni's question to the other members whether one of them
 * is further (the first that may takes the key), failsafe mode, synchronous mode's list of
 * candidates, and what a machine that its watchdog reset does until it is back: it follows at once.
 */

import type { NodeId, Protocol } from "../../../core/protocol.ts";
import type { Observations } from "../messages.ts";
import type { Failover, ReplicaConfig } from "../options.ts";
import { follow, lead } from "../roles.ts";
import {
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
  type Timers,
} from "../state.ts";
import type { LeaseState } from "./leaseTypes.ts";

type Replica = Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations>;
type LeaseOptions = Extract<Failover, { readonly kind: "lease" }>;

/** A replica without the key. */
export function newLease(): LeaseState {
  return {
    ...{ kind: "lease", validUntilMs: null, round: 0, asking: "idle", askedMs: 0 },
    ...{ grants: [], refusals: [], epoch: 0, knownEpoch: 1, leaderPosition: 0 },
    ...{ loopTimer: 0, retryTimer: 0, resendTimer: 0, endTimer: 0 },
  };
}

/** The replica begins its loop, those without the key at a time of their own. */
export function startLease(state: ReplicaState, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  const { loopMs } = optionsOf(state);
  // Answers to questions of a life before a crash must not be taken for answers to new ones.
  lease.round = effects.choose(2 ** 30);
  const delay = state.role.kind === "leader" ? loopMs : { minMs: 0, maxMs: loopMs };
  lease.loopTimer = effects.setTimer("leaseLoop", null, delay);
}

/** A leader whose lease was not granted by an answer leads since the beginning: the store knows it. */
export function onLeaseLead(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "lease" || state.failover.validUntilMs !== null) return;
  state.failover.epoch = state.epoch;
  extend(state, effects.clockMs(), effects);
}

/** The replica follows; one that has the key and is about to lead does not mind leaders before it. */
export function onLeaseFollow(state: ReplicaState, leader: NodeId, effects: ReplicaEffects): void {
  if (state.failover.kind !== "lease") return;
  if (leader === -1 || state.epoch >= state.failover.epoch) dropKey(state, effects);
}

function dropKey(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "lease" || state.failover.validUntilMs === null) return;
  state.failover.validUntilMs = null;
  effects.cancelTimer(state.failover.endTimer);
  finishAsking(state, effects);
}

/** Whether a watchdog has stopped the node before this moment: its lease may be over by its own clock. */
export function isLeaseOver(state: ReplicaState, effects: ReplicaEffects): boolean {
  if (state.failover.kind !== "lease" || !optionsOf(state).watchdog) return false;
  const { validUntilMs } = state.failover;
  return validUntilMs !== null && effects.clockMs() >= validUntilMs;
}

/** What replicas do with messages of the store. */
export const leaseHandlers: Pick<Replica["on"], "leaseAnswer" | "leaseGone"> = {
  leaseAnswer(state, answer, from, effects) {
    if (state.failover.kind !== "lease" || answer.round !== state.failover.round) return;
    const lease = state.failover;
    const isLook = answer.verdict === "free" || answer.verdict === "held";
    if (lease.asking === "idle" || isLook !== (lease.asking === "look")) return;
    lease.knownEpoch = Math.max(lease.knownEpoch, answer.epoch);
    lease.leaderPosition = Math.max(lease.leaderPosition, answer.position);
    const isFor = answer.verdict === "granted" || answer.verdict === "free";
    const list = isFor ? lease.grants : lease.refusals;
    if (!list.includes(from)) list.push(from);
    const { length: storeCount } = state.config.controllers;
    if (2 * lease.grants.length > storeCount) onAgreed(state, effects);
    else if (2 * lease.refusals.length >= storeCount) onRefused(state, effects);
  },
  leaseGone(state, { epoch }, _from, effects) {
    if (state.failover.kind !== "lease" || state.failover.validUntilMs !== null) return;
    state.failover.knownEpoch = Math.max(state.failover.knownEpoch, epoch);
    if (state.failover.asking === "idle" && state.role.kind !== "stopped") look(state, effects);
  },
};

/** What replicas do when timers of leases fire. */
export const leaseTimers: Pick<
  Replica["timers"],
  "leaseLoop" | "leaseRetryOver" | "leaseResend" | "leaseOver"
> = {
  leaseLoop(state, _, effects) {
    if (state.failover.kind !== "lease" || state.role.kind === "stopped") return;
    const lease = state.failover;
    lease.loopTimer = effects.setTimer("leaseLoop", null, optionsOf(state).loopMs);
    if (lease.asking !== "idle") return;
    if (lease.validUntilMs === null) look(state, effects);
    else ask(state, "renew", lease.epoch, effects);
  },
  leaseRetryOver(state, { round }, effects) {
    if (state.failover.kind !== "lease" || round !== state.failover.round) return;
    const isRenewal = state.failover.asking === "renew";
    finishAsking(state, effects);
    if (isRenewal) loseKey(state, effects);
  },
  leaseResend(state, { round }, effects) {
    if (state.failover.kind !== "lease" || round !== state.failover.round) return;
    if (state.failover.asking !== "idle") sendAsked(state, effects);
  },
  leaseOver(state, { validUntilMs }, effects) {
    if (state.failover.kind !== "lease" || state.failover.validUntilMs !== validUntilMs) return;
    loseKey(state, effects);
  },
};

/** The replica has stored the epoch of its key and may lead, if the key is still its own. */
export function leadWithLease(state: ReplicaState, epoch: number, effects: ReplicaEffects): void {
  if (state.failover.kind !== "lease" || state.role.kind === "leader") return;
  const { validUntilMs } = state.failover;
  if (validUntilMs === null || state.failover.epoch !== epoch) return;
  if (effects.clockMs() < validUntilMs && epoch > state.epoch) lead(state, epoch, effects);
}

function look(state: ReplicaState, effects: ReplicaEffects): void {
  ask(state, "look", leaseOf(state).epoch, effects);
}

function ask(
  state: ReplicaState,
  asking: "look" | "renew" | "acquire",
  epoch: number,
  effects: ReplicaEffects,
): void {
  const lease = leaseOf(state);
  finishAsking(state, effects);
  lease.asking = asking;
  lease.round++;
  lease.epoch = epoch;
  lease.askedMs = effects.clockMs();
  lease.grants = [];
  lease.refusals = [];
  const { round } = lease;
  lease.retryTimer = effects.setTimer("leaseRetryOver", { round }, optionsOf(state).retryMs);
  sendAsked(state, effects);
}

/** Asks the nodes of the store that have not answered; again, until the time for that is over. */
function sendAsked(state: ReplicaState, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  const { round, epoch, asking, validUntilMs } = lease;
  const { partition } = state.config.group;
  const position = state.role.kind === "leader" ? lastPosition(state) : -1;
  const request = { partition, round, epoch, position, ttlMs: optionsOf(state).ttlMs };
  for (const node of state.config.controllers) {
    if (lease.grants.includes(node) || lease.refusals.includes(node)) continue;
    if (asking === "look") effects.send(node, "leaseLook", { partition, round });
    else effects.send(node, "leaseRequest", { ...request, isHolder: validUntilMs !== null });
  }
  lease.resendTimer = effects.setTimer("leaseResend", { round }, optionsOf(state).retryMs / 4);
}

function finishAsking(state: ReplicaState, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  lease.asking = "idle";
  effects.cancelTimer(lease.retryTimer);
  effects.cancelTimer(lease.resendTimer);
}

function onAgreed(state: ReplicaState, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  const { asking, askedMs, epoch } = lease;
  finishAsking(state, effects);
  if (asking === "look") {
    if (mayTakePart(state, effects)) ask(state, "acquire", lease.knownEpoch + 1, effects);
    return;
  }
  extend(state, askedMs, effects);
  if (asking === "acquire") effects.setTimer("promote", { epoch }, optionsOf(state).promoteDelay);
}

function onRefused(state: ReplicaState, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  const { asking, epoch } = lease;
  const { partition } = state.config.group;
  for (const node of asking === "acquire" ? state.config.controllers : []) {
    effects.send(node, "leaseRelease", { partition, epoch });
  }
  finishAsking(state, effects);
  if (asking === "renew") loseKey(state, effects);
}

/** The key is the replica's for its time to live from when it asked, less the margin for clocks. */
function extend(state: ReplicaState, askedMs: number, effects: ReplicaEffects): void {
  const lease = leaseOf(state);
  const { ttlMs, safetyMs = 0 } = optionsOf(state);
  const validUntilMs = askedMs + ttlMs - safetyMs;
  lease.validUntilMs = validUntilMs;
  effects.cancelTimer(lease.endTimer);
  const leftMs = Math.max(0, validUntilMs - effects.clockMs());
  lease.endTimer = effects.setTimer("leaseOver", { validUntilMs }, leftMs);
}

/** The replica cannot prove its lease: it demotes itself. */
function loseKey(state: ReplicaState, effects: ReplicaEffects): void {
  dropKey(state, effects);
  if (state.role.kind === "leader") follow(state, -1, state.epoch, effects);
}

/** Followers too far behind what the leader last published stay out of the race. */
function mayTakePart(state: ReplicaState, effects: ReplicaEffects): boolean {
  const { maximumLagBytes } = optionsOf(state);
  const { partition } = state.config.group;
  const { leaderPosition, knownEpoch } = leaseOf(state);
  effects.observe("detected", { partition, leader: -1, epoch: knownEpoch });
  if (maximumLagBytes === null) return true;
  const lagEntries = leaderPosition - lastPosition(state);
  if (lagEntries * state.config.options.entryBytes <= maximumLagBytes) return true;
  effects.observe("noCandidate", { partition, epoch: knownEpoch });
  return false;
}

function leaseOf({ failover }: ReplicaState): LeaseState {
  if (failover.kind !== "lease") throw new Error("quorumlab: no state of leases");
  return failover;
}

function optionsOf({ config }: ReplicaState): LeaseOptions {
  const { failover } = config.options;
  if (failover.kind !== "lease") throw new Error("quorumlab: no options of leases");
  return failover;
}
