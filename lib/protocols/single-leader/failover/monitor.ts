/*
 * Monitors outside the replicas: watch the leader, agree that it is gone, and promote a follower.
 *
 * Redis Sentinel (docs sentinel.md; sentinel.c), Orchestrator (docs/topology-recovery.md), MHA,
 * Oracle's fast-start failover, pg_auto_failover and repmgr, in what they have in common; an
 * operator is a single monitor with a reaction time.
 *
 * Names: SDOWN -> suspects, ODOWN -> detected, is-master-down-by-addr -> askDown and claim,
 * configuration epoch -> round, failover-timeout and RecoveryPeriodBlockSeconds -> blockMs, INFO ->
 * poll and polled, REPLICAOF -> follow.
 *
 * Who acts: as in Sentinel, the monitor that a majority of all monitors grants a round; a monitor
 * grants each round once, and has it on the disk before, and none to another monitor in the time
 * that acting takes. Epochs are made from rounds, so that no two monitors can make leaders of one
 * epoch. Left out: the followers' own view of the leader (Orchestrator), priorities, and promotion
 * in two steps over an intermediate leader.
 */

import type { Durable, NodeId, Protocol } from "../../../core/protocol.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import type { Report } from "./controllerTypes.ts";
import { firstHeard, hear, suspectAfterMs } from "./detector.ts";
import {
  actingHandlers,
  actingTimers,
  beginFailover,
  onPromotedReport,
  reconfigureLater,
} from "./monitorActing.ts";
import {
  groupOf,
  type MonitorEffects,
  type MonitorState,
  type MonitorTimers,
  othersOf,
  planOf,
  type Watch,
} from "./monitorState.ts";
import type { FailoverMessages, FailoverObservations } from "./types.ts";

/** A monitor. */
export const monitor: Protocol<
  MonitorState,
  FailoverMessages,
  MonitorTimers,
  ControllerConfig,
  FailoverObservations
> = {
  role: "controller",
  init: newMonitor,
  restart(durable: Durable, config, self) {
    const state = newMonitor(config, self);
    for (const [partition, watch] of Object.entries(state.watches)) {
      const round = (durable.slots[`round ${partition}`] as number | undefined) ?? 0;
      watch.round = round;
      watch.votedRound = round;
    }
    return state;
  },
  start(state, effects) {
    for (const [key, watch] of Object.entries(state.watches)) {
      const partition = Number(key);
      watch.heard = firstHeard(state.plan.detector, effects.clockMs(), state.plan.pollMs);
      waitForLeader(state, partition, effects);
      // Monitors are started by hand, each at its own time.
      effects.setTimer("pollRound", { partition }, { minMs: 0, maxMs: state.plan.pollMs });
    }
  },
  on: {
    polled(state, report, from, effects) {
      const watch = state.watches[report.partition]!;
      if (report.isLeader && report.epoch > watch.epoch) adopt(state, report, from, effects);
      else if (report.isLeader && from === watch.leader) onLeader(state, report, effects);
      else if (isAstray(watch, report, from))
        reconfigureLater(state, report.partition, from, effects);
      onPromotedReport(state, report, from, effects);
    },
    askDown(state, { partition, leader }, from, effects) {
      const watch = state.watches[partition]!;
      const isDown = watch.isSuspected && watch.leader === leader;
      effects.send(from, "down", { partition, leader, isDown });
    },
    down(state, { partition, leader, isDown }, from, effects) {
      const watch = state.watches[partition]!;
      if (!watch.isSuspected || watch.leader !== leader) return;
      watch.agreed = watch.agreed.filter((node) => node !== from);
      if (isDown) watch.agreed.push(from);
      actIfAgreed(state, partition, effects);
    },
    ...actingHandlers,
  },
  timers: {
    pollRound(state, { partition }, effects) {
      const watch = state.watches[partition]!;
      for (const node of groupOf(state, partition).replicas)
        effects.send(node, "poll", { partition });
      if (watch.isSuspected) askOthers(state, partition, effects);
      effects.setTimer("pollRound", { partition }, state.plan.pollMs);
    },
    suspect(state, { partition }, effects) {
      const watch = state.watches[partition]!;
      // It was due while the monitor stood still, and the leader has been heard since.
      const silentMs = effects.clockMs() - watch.heard.lastMs;
      if (silentMs < suspectAfterMs(state.plan.detector, watch.heard.gapsMs) - 0.001) return;
      watch.isSuspected = true;
      watch.agreed = [state.self];
      effects.observe("suspects", { partition, leader: watch.leader });
      askOthers(state, partition, effects);
    },
    reconfigure(state, { partition, to }, effects) {
      const watch = state.watches[partition]!;
      const { leader, epoch } = watch;
      watch.reconfiguring = watch.reconfiguring.filter((node) => node !== to);
      effects.send(to, "follow", { partition, epoch, leader });
    },
    ...actingTimers,
  },
};

function newMonitor(config: ControllerConfig, self: NodeId): MonitorState {
  const plan = planOf(config.options);
  const watches = config.groups.map(({ partition, replicas }): [number, Watch] => [
    partition,
    {
      ...{ leader: replicas[0]!, epoch: 1, heard: { lastMs: 0, gapsMs: [] }, suspectTimer: 0 },
      ...{ isSuspected: false, agreed: [], leaderPosition: 0, round: 0, votedRound: 0 },
      ...{ grantee: -1, grantedUntilMs: -Infinity },
      ...{ act: { kind: "watching" }, actNumber: 0, actTimer: 0, blockedUntilMs: -Infinity },
      reconfiguring: [],
    },
  ]);
  return { self, config, plan, watches: Object.fromEntries(watches) };
}

/** Someone leads in a newer epoch: it is he who is watched from now on. */
function adopt(state: MonitorState, report: Report, from: NodeId, effects: MonitorEffects): void {
  const { partition, epoch, position } = report;
  const watch = state.watches[partition]!;
  const isOther = from !== watch.leader;
  Object.assign(watch, { leader: from, epoch, leaderPosition: position, agreed: [] });
  watch.heard = firstHeard(state.plan.detector, effects.clockMs(), state.plan.pollMs);
  watch.isSuspected = false;
  waitForLeader(state, partition, effects);
  if (isOther) watch.blockedUntilMs = effects.clockMs() + state.plan.blockMs;
}

/** The leader is alive. */
function onLeader(state: MonitorState, report: Report, effects: MonitorEffects): void {
  const { partition, position } = report;
  const watch = state.watches[partition]!;
  watch.leaderPosition = position;
  hear(state.plan.detector, watch.heard, effects.clockMs());
  if (watch.isSuspected) effects.observe("trusts", { partition, leader: watch.leader });
  watch.isSuspected = false;
  watch.agreed = [];
  waitForLeader(state, partition, effects);
}

function waitForLeader(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const watch = state.watches[partition]!;
  effects.cancelTimer(watch.suspectTimer);
  const afterMs = suspectAfterMs(state.plan.detector, watch.heard.gapsMs);
  watch.suspectTimer = effects.setTimer("suspect", { partition }, afterMs);
}

function askOthers(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const { leader } = state.watches[partition]!;
  for (const node of othersOf(state)) effects.send(node, "askDown", { partition, leader });
  actIfAgreed(state, partition, effects);
}

function actIfAgreed(state: MonitorState, partition: number, effects: MonitorEffects): void {
  const watch = state.watches[partition]!;
  if (watch.act.kind !== "watching" || watch.agreed.length < state.plan.quorum) return;
  if (effects.clockMs() < watch.blockedUntilMs) return;
  beginFailover(state, partition, effects);
}

/** A replica leads that was replaced, or takes entries from someone who does not lead. */
function isAstray(watch: Watch, report: Report, from: NodeId): boolean {
  if (report.isStopped || from === watch.leader || watch.act.kind === "promoting") return false;
  return report.source !== watch.leader;
}
