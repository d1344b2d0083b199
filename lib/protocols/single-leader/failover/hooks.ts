import type { Durable, NodeId, Protocol } from "../../../core/protocol.ts";
import type { Observations } from "../messages.ts";
import type { ReplicaConfig } from "../options.ts";
import { follow } from "../roles.ts";
import type { Messages, ReplicaEffects, ReplicaState, Timers } from "../state.ts";
import {
  electionHandlers,
  electionTimers,
  newElection,
  onElected,
  onElectorate,
  resetElectionTimer,
} from "./election.ts";
import {
  isLeaseOver,
  leaseHandlers,
  leaseTimers,
  newLease,
  onLeaseFollow,
  onLeaseLead,
  startLease,
} from "./lease.ts";
import {
  monitoredHandlers,
  newMonitored,
  onMonitoredFollow,
  onMonitoredLead,
  promotionTimers,
  resumeLeading,
} from "./monitored.ts";
import type { FailoverMessages, FailoverState, FailoverTimers } from "./types.ts";

/*
 * What replication calls of failover. Whoever adds a kind of failover adds a case here.
 */

type Replica = Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations>;

/** What replicas do with messages of failover, of whatever kind; each minds its own kind only. */
export const failoverHandlers: Pick<Replica["on"], keyof FailoverMessages> = {
  ...electionHandlers,
  ...leaseHandlers,
  ...monitoredHandlers,
};

/** What replicas do when timers of failover fire. */
export const failoverTimers: Pick<Replica["timers"], keyof FailoverTimers> = {
  ...electionTimers,
  ...leaseTimers,
  ...promotionTimers,
};

/** State of a new replica. */
export function newFailover(config: ReplicaConfig): FailoverState {
  const { failover } = config.options;
  switch (failover.kind) {
    case "none":
      return { kind: "none" };
    case "election":
      return newElection();
    case "lease":
      return newLease();
    case "controller":
    case "manual":
      return newMonitored(config);
  }
}

/** State of a replica that comes back from a crash. */
export function restoredFailover(config: ReplicaConfig, durable: Durable): FailoverState {
  const { slots } = durable;
  const state = newFailover(config);
  if (state.kind === "election") return newElection(slots.votedFor as NodeId | undefined);
  if (state.kind === "monitored" && slots.source !== undefined) {
    state.source = slots.source as NodeId;
  }
  return state;
}

/** The replica begins to run, at first or after a restart. */
export function onStart(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover, role } = state;
  if (failover.kind === "election" && role.kind !== "leader") resetElectionTimer(state, effects);
  if (failover.kind === "lease") startLease(state, effects);
  // Where nobody looks after it, a leader that was down comes back as what it was.
  if (failover.kind === "none" || failover.kind === "monitored") resumeLeading(state, effects);
}

/** The replica leads from now on; its epoch must be durable before this. */
export function onLeading(state: ReplicaState, effects: ReplicaEffects): void {
  onElected(state, effects);
  onLeaseLead(state, effects);
  onMonitoredLead(state, effects);
}

/** The replica follows from now on, or (leader -1) knows of nobody who leads. */
export function onFollowing(state: ReplicaState, leader: NodeId, effects: ReplicaEffects): void {
  onElectorate(state, leader, effects);
  onLeaseFollow(state, leader, effects);
  onMonitoredFollow(state, effects);
}

/** The replica heard of a newer epoch: in it, it has not voted. */
export function onNewEpoch(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  state.failover.votedFor = -1;
  effects.store("votedFor", -1);
}

/**
 * What a replica does with entries or a heartbeat of somebody who leads in an epoch: `follow` him;
 * `refuse`, with the own epoch, so that he learns that he was replaced; or `ignore` him.
 *
 * Replicas that were told whom to follow take nothing from others. Epochs are looked at where a
 * majority elects, and where there are fencing tokens.
 */
export function onLeaderHeard(
  state: ReplicaState,
  from: NodeId,
  epoch: number,
): "follow" | "refuse" | "ignore" {
  const { failover, role, config } = state;
  if (role.kind === "stopped") return "ignore";
  const refusal =
    failover.kind === "election" || config.options.fencing.tokens ? "refuse" : "ignore";
  if (epoch < state.epoch) return refusal;
  if (failover.kind === "monitored" && failover.source !== from) return "ignore";
  return "follow";
}

/** Whether a leader that hears of a newer epoch believes that it was replaced. */
export function minds(state: ReplicaState): boolean {
  if (state.role.kind === "stopped") return false;
  return state.failover.kind === "election" || state.config.options.fencing.tokens;
}

/**
 * Whether a leader may act as one at this moment; if it may not, it follows from now on. Asked
 * before it accepts or acknowledges anything: what a watchdog stops would otherwise have been
 * stopped already.
 */
export function mayLead(state: ReplicaState, effects: ReplicaEffects): boolean {
  if (state.role.kind !== "leader") return false;
  if (!isLeaseOver(state, effects)) return true;
  follow(state, -1, state.epoch, effects);
  return false;
}
