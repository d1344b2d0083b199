import type { NodeId, Protocol } from "../../../core/protocol.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import type { Report } from "./controllerTypes.ts";
import { chosenAmong } from "./monitorChoice.ts";
import {
  type Act,
  groupOf,
  type MonitorEffects,
  type MonitorState,
  type MonitorTimers,
  othersOf,
} from "./monitorState.ts";
import type { FailoverMessages, FailoverObservations } from "./types.ts";

/*
 * What a monitor does once enough of them agree that the leader is gone (names and sources:
 * monitor.ts): it gets the right to act, has the old leader switched off, chooses, and promotes.
 */

type Monitor = Protocol<
  MonitorState,
  FailoverMessages,
  MonitorTimers,
  ControllerConfig,
  FailoverObservations
>;

/** Epochs between those of two rounds: a leader that comes back begins one of its own. */
const epochsPerRound = 256;

/** Enough monitors agree. A machine claims the right to act at once; an operator takes his time. */
export function beginFailover(
  state: MonitorState,
  partition: number,
  effects: MonitorEffects,
): void {
  const { leader, epoch } = state.watches[partition]!;
  effects.observe("detected", { partition, leader, epoch });
  const { reaction } = state.plan;
  if (reaction === null) {
    claim(state, partition, effects);
    return;
  }
  const act = enter(state, partition, { kind: "reacting" }, effects);
  setActTimer(state, partition, effects.setTimer("react", { partition, act }, reaction));
}

/** What monitors do with messages about acting. */
export const actingHandlers: Pick<Monitor["on"], "claim" | "claimed" | "switchedOff"> = {
  claim(state, { partition, round }, from, effects) {
    const watch = state.watches[partition]!;
    watch.round = Math.max(watch.round, round);
    const isTaken = from !== watch.grantee && effects.clockMs() < watch.grantedUntilMs;
    if (round <= watch.votedRound || isTaken) {
      effects.send(from, "claimed", { partition, round: watch.round, isGranted: false });
      return;
    }
    grant(state, partition, { round, to: from }, effects);
  },
  claimed(state, { partition, round, isGranted }, from, effects) {
    const watch = state.watches[partition]!;
    watch.round = Math.max(watch.round, round);
    const { act } = watch;
    if (act.kind !== "claiming" || act.round !== round || !isGranted) return;
    if (!act.votes.includes(from)) act.votes.push(from);
    actWithMajority(state, partition, effects);
  },
  switchedOff(state, { partition }, from) {
    const { act, leader } = state.watches[partition]!;
    if (act.kind === "switchingOff" && from === leader) act.isConfirmed = true;
  },
};

/** What monitors do when timers about acting fire. */
export const actingTimers: Pick<
  Monitor["timers"],
  "react" | "claimStored" | "claimOver" | "stonithOver" | "choiceOver" | "promotionOver"
> = {
  react(state, { partition, act }, effects) {
    if (!isCurrent(state, partition, act)) return;
    if (state.watches[partition]!.isSuspected) claim(state, partition, effects);
    else watchOn(state, partition, effects);
  },
  claimStored(state, { partition, round, to }, effects) {
    if (to !== state.self) {
      effects.send(to, "claimed", { partition, round, isGranted: true });
      return;
    }
    const { act } = state.watches[partition]!;
    if (act.kind !== "claiming" || act.round !== round) return;
    act.votes.push(state.self);
    for (const node of othersOf(state)) effects.send(node, "claim", { partition, round });
    actWithMajority(state, partition, effects);
  },
  claimOver(state, { partition, act }, effects) {
    if (!isCurrent(state, partition, act)) return;
    // Without a majority the right to act is nobody's.
    state.watches[partition]!.grantedUntilMs = -Infinity;
    watchOn(state, partition, effects);
  },
  stonithOver(state, { partition, act }, effects) {
    const watch = state.watches[partition]!;
    if (watch.act.kind !== "switchingOff" || !isCurrent(state, partition, act)) return;
    const { round, isConfirmed } = watch.act;
    if (isConfirmed || state.plan.stonithFailure === "proceed") {
      choose(state, partition, round, effects);
    } else if (watch.isSuspected) switchOff(state, partition, round, effects);
    else watchOn(state, partition, effects);
  },
  choiceOver(state, { partition, act }, effects) {
    if (isCurrent(state, partition, act)) promoteChosen(state, partition, effects);
  },
  promotionOver(state, { partition, act }, effects) {
    if (isCurrent(state, partition, act)) watchOn(state, partition, effects);
  },
};

/** A report may be an answer to the question for positions, or say that the chosen one leads. */
export function onPromotedReport(
  state: MonitorState,
  report: Report,
  from: NodeId,
  effects: MonitorEffects,
): void {
  const { partition, epoch, isLeader } = report;
  const watch = state.watches[partition]!;
  const { act } = watch;
  const mayBeWrong = act.kind !== "watching" && act.kind !== "promoting";
  if (mayBeWrong && !watch.isSuspected) {
    watchOn(state, partition, effects);
  } else if (act.kind === "choosing") {
    act.reports[from] = report;
    const { replicas } = groupOf(state, partition);
    // All but the old leader, which need not answer any more.
    const isComplete = replicas.every((node) => node === watch.leader || act.reports[node]);
    if (isComplete) promoteChosen(state, partition, effects);
  } else if (act.kind === "promoting" && act.leader === from && isLeader && epoch >= act.epoch) {
    effects.observe("promoted", { partition, leader: from, epoch });
    watchOn(state, partition, effects);
    for (const node of groupOf(state, partition).replicas) {
      if (node !== from) reconfigureLater(state, partition, node, effects);
    }
  }
}

/** Tells a replica, after a delay, whom to follow then. */
export function reconfigureLater(
  state: MonitorState,
  partition: number,
  to: NodeId,
  effects: MonitorEffects,
): void {
  const watch = state.watches[partition]!;
  if (watch.reconfiguring.includes(to)) return;
  watch.reconfiguring.push(to);
  effects.setTimer("reconfigure", { partition, to }, state.plan.reconfigureDelay);
}

/** Asks the other monitors for the right to act. */
function claim(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const watch = state.watches[partition]!;
  const round =
    Math.max(watch.round, watch.votedRound, Math.floor(watch.epoch / epochsPerRound)) + 1;
  const act = enter(state, partition, { kind: "claiming", round, votes: [] }, effects);
  // Monitors that claimed at the same moment do not do so again.
  const { pollMs } = state.plan;
  const delay = { minMs: pollMs, maxMs: 2 * pollMs };
  setActTimer(state, partition, effects.setTimer("claimOver", { partition, act }, delay));
  grant(state, partition, { round, to: state.self }, effects);
}

/** Grants a round to a monitor, itself or another one; nobody hears of it before the disk has it. */
function grant(
  state: MonitorState,
  partition: number,
  { round, to }: { readonly round: number; readonly to: NodeId },
  effects: MonitorEffects,
): void {
  const watch = state.watches[partition]!;
  watch.round = Math.max(watch.round, round);
  watch.votedRound = round;
  watch.grantee = to;
  watch.grantedUntilMs = effects.clockMs() + actingMs(state);
  // Who lets another one act does not act himself in that time.
  if (to !== state.self) {
    watchOn(state, partition, effects);
    watch.blockedUntilMs = Math.max(watch.blockedUntilMs, watch.grantedUntilMs);
  }
  effects.store(`round ${partition}`, round);
  effects.sync("claimStored", { partition, round, to });
}

function actWithMajority(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const { act } = state.watches[partition]!;
  if (act.kind !== "claiming" || 2 * act.votes.length <= state.config.controllers.length) return;
  if (state.plan.stonithMs === null) choose(state, partition, act.round, effects);
  else switchOff(state, partition, act.round, effects);
}

/** Has the old leader switched off, before anything else is done. */
function switchOff(
  state: MonitorState,
  partition: number,
  round: number,
  effects: MonitorEffects,
): void {
  const act = enter(state, partition, { kind: "switchingOff", round, isConfirmed: false }, effects);
  effects.send(state.watches[partition]!.leader, "switchOff", { partition });
  const delayMs = state.plan.stonithMs ?? 0;
  setActTimer(state, partition, effects.setTimer("stonithOver", { partition, act }, delayMs));
}

/** Asks the followers how far they are. */
function choose(
  state: MonitorState,
  partition: number,
  round: number,
  effects: MonitorEffects,
): void {
  const act = enter(state, partition, { kind: "choosing", round, reports: {} }, effects);
  const { leader } = state.watches[partition]!;
  for (const node of groupOf(state, partition).replicas) {
    if (node !== leader) effects.send(node, "poll", { partition });
  }
  const { pollMs } = state.plan;
  setActTimer(state, partition, effects.setTimer("choiceOver", { partition, act }, pollMs));
}

function promoteChosen(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const watch = state.watches[partition]!;
  if (watch.act.kind !== "choosing") return;
  const { round, reports } = watch.act;
  const epoch = round * epochsPerRound;
  const leader = chosenAmong(state, partition, reports, effects);
  if (leader === -1) {
    effects.observe("noCandidate", { partition, epoch });
    watchOn(state, partition, effects);
    return;
  }
  effects.observe("chosen", { partition, leader, epoch });
  const act = enter(state, partition, { kind: "promoting", epoch, leader }, effects);
  effects.send(leader, "promote", { partition, epoch });
  const delayMs = promotionMs(state);
  setActTimer(state, partition, effects.setTimer("promotionOver", { partition, act }, delayMs));
}

/** How long a promotion may take before it is taken to have failed, in ms. */
function promotionMs({ plan: { promoteDelay, pollMs } }: MonitorState): number {
  return (typeof promoteDelay === "number" ? promoteDelay : promoteDelay.maxMs) + 5 * pollMs;
}

/** How long a failover may take: power switch, choice and promotion, in ms. */
function actingMs(state: MonitorState): number {
  return (state.plan.stonithMs ?? 0) + state.plan.pollMs + promotionMs(state);
}

/** Goes on watching; what is still wrong is noticed with the next poll. */
function watchOn(state: MonitorState, partition: number, effects: MonitorEffects): void {
  enter(state, partition, { kind: "watching" }, effects);
}

/** Begins something else and returns its number. */
function enter(state: MonitorState, partition: number, act: Act, effects: MonitorEffects): number {
  const watch = state.watches[partition]!;
  effects.cancelTimer(watch.actTimer);
  watch.actTimer = 0;
  watch.act = act;
  watch.actNumber++;
  return watch.actNumber;
}

function setActTimer(state: MonitorState, partition: number, timer: number): void {
  state.watches[partition]!.actTimer = timer;
}

function isCurrent(state: MonitorState, partition: number, act: number): boolean {
  return state.watches[partition]!.actNumber === act;
}
