/*
 * What a replica does for those who watch it: answers monitors, is switched off, promoted, and told
 * whom to follow. For what the monitors do, and the systems behind it, see monitor.ts.
 *
 * A replica takes entries from the one that it was told to follow and from nobody else, as a MySQL
 * or Redis replica does, so that a leader that was replaced goes on with the followers that were
 * not told.
 */

import type { NodeId, Protocol } from "../../../core/protocol.ts";
import type { Observations } from "../messages.ts";
import type { ReplicaConfig } from "../options.ts";
import { follow, lead } from "../roles.ts";
import {
  epochAt,
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
  type Timers,
} from "../state.ts";
import type { MonitoredState } from "./controllerTypes.ts";
import { leadWithLease } from "./lease.ts";

type Replica = Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations>;

/** A replica that follows the first of its group, or is it. */
export function newMonitored({ group }: ReplicaConfig): MonitoredState {
  return {
    ...{ kind: "monitored", source: group.replicas[0]!, promotion: 0 },
    ...{ askedMs: {}, silenceTimer: 0 },
  };
}

/** What replicas do when monitors speak to them. */
export const monitoredHandlers: Pick<Replica["on"], "poll" | "switchOff" | "promote" | "follow"> = {
  poll(state, _, from, effects) {
    if (state.failover.kind !== "monitored") return;
    state.failover.askedMs[from] = effects.clockMs();
    expectMonitors(state, effects);
    report(state, from, effects);
  },
  switchOff(state, { partition }, from, effects) {
    if (state.failover.kind !== "monitored") return;
    if (state.role.kind !== "stopped") {
      follow(state, -1, state.epoch, effects);
      state.role = { kind: "stopped" };
      effects.observe("switchedOff", { partition });
    }
    effects.send(from, "switchedOff", { partition });
  },
  promote(state, { epoch }, _from, effects) {
    const { failover, role, config } = state;
    if (failover.kind !== "monitored" || role.kind === "stopped") return;
    if (epoch <= state.epoch || epoch <= failover.promotion) return;
    failover.promotion = epoch;
    const options = config.options.failover;
    const delay = options.kind === "controller" ? options.promoteDelay : 0;
    effects.setTimer("promote", { epoch }, delay);
  },
  follow(state, { epoch, leader }, _from, effects) {
    const { failover, role } = state;
    if (failover.kind !== "monitored" || role.kind === "stopped") return;
    if (epoch < state.epoch || leader === state.self) return;
    failover.source = leader;
    failover.promotion = 0;
    effects.store("source", leader);
    follow(state, leader, epoch, effects);
  },
};

/** What replicas do when timers of promotions fire. */
export const promotionTimers: Pick<Replica["timers"], "promote" | "promoted" | "silenced"> = {
  promote(state, { epoch }, effects) {
    const { failover, role, self } = state;
    if (role.kind === "stopped" || role.kind === "leader" || epoch <= state.epoch) return;
    if (failover.kind === "monitored") {
      if (failover.promotion !== epoch) return;
      failover.source = self;
      effects.store("source", self);
    }
    effects.store("epoch", epoch);
    effects.sync("promoted", { epoch });
  },
  promoted(state, { epoch }, effects) {
    const { failover, role } = state;
    if (failover.kind === "lease") leadWithLease(state, epoch, effects);
    else if (role.kind === "follower" && epoch > state.epoch) lead(state, epoch, effects);
  },
  silenced(state, _, effects) {
    if (state.failover.kind !== "monitored" || state.role.kind !== "leader") return;
    if (untilSilenceMs(state, effects) > 0.001) return;
    follow(state, -1, state.epoch, effects);
  },
};

/**
 * A leader that was down, where nobody else decides that it leads: it goes on as what it was, in an
 * epoch of its own, as its log may have lost entries that others have under the old one.
 */
export function resumeLeading(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover, config, self, role } = state;
  const wasLeader =
    failover.kind === "none" ? config.group.replicas[0] === self : sourceOf(state) === self;
  if (!wasLeader || role.kind === "leader") return;
  if (failover.kind === "monitored") failover.promotion = state.epoch + 1;
  effects.store("epoch", state.epoch + 1);
  effects.sync("promoted", { epoch: state.epoch + 1 });
}

/** The replica leads: monitors are told at once, and expected to ask. */
export function onMonitoredLead(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover, config } = state;
  if (failover.kind !== "monitored") return;
  failover.promotion = 0;
  failover.source = state.self;
  const nowMs = effects.clockMs();
  failover.askedMs = Object.fromEntries(config.controllers.map((node) => [node, nowMs]));
  for (const monitor of config.controllers) report(state, monitor, effects);
  expectMonitors(state, effects);
}

/** The replica follows: it does not expect to be asked. */
export function onMonitoredFollow(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "monitored") return;
  effects.cancelTimer(state.failover.silenceTimer);
  state.failover.silenceTimer = 0;
  // It led, and was not told whom to follow now: it must not lead again by itself after a crash.
  if (state.failover.source !== state.self || state.failover.promotion > 0) return;
  state.failover.source = -1;
  effects.store("source", -1);
}

/** A leader stops so long after a majority of the monitors last asked, if it is to. */
function expectMonitors(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover, role } = state;
  const leftMs = untilSilenceMs(state, effects);
  if (failover.kind !== "monitored" || role.kind !== "leader" || leftMs === Infinity) return;
  effects.cancelTimer(failover.silenceTimer);
  failover.silenceTimer = effects.setTimer("silenced", null, leftMs);
}

/** How long a leader may still go on without being asked, at least 0 ms; Infinity: for ever. */
function untilSilenceMs({ failover, config }: ReplicaState, effects: ReplicaEffects): number {
  const options = config.options.failover;
  if (failover.kind !== "monitored" || options.kind !== "controller") return Infinity;
  if (options.leaderStopsMs === undefined) return Infinity;
  const asked = Object.values(failover.askedMs).sort((a, b) => b - a);
  const majorityMs = asked[Math.floor(config.controllers.length / 2)] ?? 0;
  return Math.max(0, majorityMs + options.leaderStopsMs - effects.clockMs());
}

function report(state: ReplicaState, monitor: NodeId, effects: ReplicaEffects): void {
  const position = lastPosition(state);
  effects.send(monitor, "polled", {
    ...{ partition: state.config.group.partition, epoch: state.epoch, position },
    isLeader: state.role.kind === "leader",
    isStopped: state.role.kind === "stopped",
    source: sourceOf(state),
    lastEpoch: epochAt(state, position),
  });
}

function sourceOf({ failover }: ReplicaState): NodeId {
  return failover.kind === "monitored" ? failover.source : -1;
}
