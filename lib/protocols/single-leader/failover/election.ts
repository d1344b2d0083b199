/*
 * Election of a leader by a majority.
 *
 * Ongaro and Ousterhout, In search of an understandable consensus algorithm, USENIX ATC 2014, 5.1,
 * 5.2 and 5.4.1; Ongaro, Consensus: bridging theory and practice, 2014: 4.2.3 (disruptive servers),
 * 6.2 (a leader without a quorum steps down), 9.6 (pre-vote).
 *
 * Names: term -> epoch, currentTerm -> state.epoch, votedFor and votesGranted ->
 * state.failover.votedFor and .votes, lastLogIndex and lastLogTerm -> lastPosition and lastEpoch,
 * RequestVote RPC -> requestVote and vote, AppendEntries RPC -> append and appended (shipping.ts).
 *
 * Epoch and vote are on the disk before a message tells of them: a candidate asks, and a voter
 * answers, when its sync is done. Left out: changes of membership, transfer of leadership, and
 * sending a request for a vote again within one epoch (a candidate without a majority tries a new
 * epoch).
 */

import type { NodeId, Protocol } from "../../../core/protocol.ts";
import type { Observations } from "../messages.ts";
import type { ReplicaConfig } from "../options.ts";
import { follow, lead } from "../roles.ts";
import {
  epochAt,
  lastPosition,
  type Messages,
  peersOf,
  type ReplicaEffects,
  type ReplicaState,
  type Timers,
} from "../state.ts";
import type { ElectionState, VoteRequest } from "./types.ts";

type Replica = Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations>;

/** State of a replica that has not voted. */
export function newElection(votedFor: NodeId = -1): ElectionState {
  return {
    ...{ kind: "election", votedFor, votes: [], preVotes: [], electionTimer: 0, checkTimer: 0 },
  };
}

/** What replicas do with messages of elections. */
export const electionHandlers: Pick<
  Replica["on"],
  "requestVote" | "vote" | "requestPreVote" | "preVote"
> = {
  requestVote(state, request, from, effects) {
    if (state.failover.kind !== "election" || isBoundToLeader(state, effects)) return;
    const isNewer = request.epoch > state.epoch;
    if (isNewer) follow(state, -1, request.epoch, effects);
    const { votedFor } = state.failover;
    const isFree = votedFor === -1 || votedFor === from;
    const isCurrent = request.epoch === state.epoch;
    const isGranted = isCurrent && isFree && isAtLeastAsUpToDate(request, state);
    if (isGranted && votedFor === -1) {
      state.failover.votedFor = from;
      effects.store("votedFor", from);
      resetElectionTimer(state, effects);
    }
    // The same answer as before, or a refusal that tells nothing new, needs no disk; but what was
    // stored for an earlier request may still be under way to it, so that every grant waits for the
    // disk.
    const answer = { epoch: state.epoch, candidate: from, isGranted };
    if (isNewer || isGranted) effects.sync("voted", answer);
    else effects.send(from, "vote", { epoch: state.epoch, isGranted });
  },
  vote(state, { epoch, isGranted }, from, effects) {
    if (state.failover.kind !== "election") return;
    if (epoch > state.epoch) follow(state, -1, epoch, effects);
    if (state.role.kind !== "candidate" || epoch !== state.epoch || !isGranted) return;
    if (!state.failover.votes.includes(from)) state.failover.votes.push(from);
    leadWithMajority(state, effects);
  },
  requestPreVote(state, request, from, effects) {
    if (state.failover.kind !== "election") return;
    const isWilling = request.epoch > state.epoch && isAtLeastAsUpToDate(request, state);
    const isGranted = isWilling && !isHearingLeader(state, effects);
    effects.send(from, "preVote", { epoch: isGranted ? request.epoch : state.epoch, isGranted });
  },
  preVote(state, { epoch, isGranted }, from, effects) {
    const { failover } = state;
    if (failover.kind !== "election") return;
    if (!isGranted) {
      if (epoch > state.epoch) follow(state, -1, epoch, effects);
      return;
    }
    if (failover.preVotes.length === 0 || epoch !== state.epoch + 1) return;
    if (!failover.preVotes.includes(from)) failover.preVotes.push(from);
    if (isMajority(failover.preVotes.length, state)) stand(state, effects);
  },
};

/** What replicas do when timers of elections fire. */
export const electionTimers: Pick<
  Replica["timers"],
  "election" | "candidacy" | "voted" | "quorumCheck"
> = {
  election(state, _, effects) {
    const { failover } = state;
    if (failover.kind !== "election" || state.role.kind === "leader") return;
    if (state.role.kind === "follower" && state.role.leader !== -1) {
      observeSuspicion(state, state.role.leader, effects);
    }
    if (optionsOf(state).preVote) askWhetherToStand(state, effects);
    else stand(state, effects);
  },
  candidacy(state, { epoch }, effects) {
    if (state.role.kind !== "candidate" || epoch !== state.epoch) return;
    const { partition } = state.config.group;
    effects.observe("voted", { partition, epoch, candidate: state.self });
    const request = { epoch, ...endOfLog(state) };
    for (const peer of peersOf(state)) effects.send(peer, "requestVote", request);
    leadWithMajority(state, effects);
  },
  voted(state, { epoch, candidate, isGranted }, effects) {
    if (epoch !== state.epoch) return;
    const { partition } = state.config.group;
    if (isGranted) effects.observe("voted", { partition, epoch, candidate });
    effects.send(candidate, "vote", { epoch, isGranted });
  },
  quorumCheck(state, { epoch }, effects) {
    if (state.role.kind !== "leader" || epoch !== state.epoch) return;
    if (hasHeardMajority(state, effects)) startQuorumCheck(state, effects);
    else follow(state, -1, state.epoch, effects);
  },
};

/** Waits for a leader again, for a random time (5.2). */
export function resetElectionTimer(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  effects.cancelTimer(state.failover.electionTimer);
  state.failover.electionTimer = effects.setTimer("election", null, optionsOf(state).timeout);
}

/** The replica leads: it waits for nobody, and looks from time to time whether it still has a majority. */
export function onElected(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  effects.cancelTimer(state.failover.electionTimer);
  state.failover.electionTimer = 0;
  startQuorumCheck(state, effects);
}

/**
 * The replica heard a leader, or (-1) of a newer epoch. The second is no reason to wait longer,
 * unless it led until now (5.2: timers begin again on hearing a leader and on granting a vote, else
 * not).
 */
export function onElectorate(state: ReplicaState, leader: NodeId, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  if (state.failover.preVotes.length > 0) state.failover.preVotes = [];
  effects.cancelTimer(state.failover.checkTimer);
  if (leader !== -1 || state.failover.electionTimer === 0) resetElectionTimer(state, effects);
}

/** A candidate of a new epoch, with its own vote (5.2). */
function stand(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover, self } = state;
  if (failover.kind !== "election") return;
  state.epoch++;
  state.role = { kind: "candidate" };
  failover.votedFor = self;
  failover.votes = [self];
  failover.preVotes = [];
  effects.store("epoch", state.epoch);
  effects.store("votedFor", self);
  effects.observe("candidacy", { partition: state.config.group.partition, epoch: state.epoch });
  resetElectionTimer(state, effects);
  effects.sync("candidacy", { epoch: state.epoch });
}

/** Asks whether a majority would vote for it, without leaving its epoch (dissertation, 9.6). */
function askWhetherToStand(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  state.failover.preVotes = [state.self];
  state.role = { kind: "follower", leader: -1, heardMs: effects.clockMs() };
  resetElectionTimer(state, effects);
  const request = { epoch: state.epoch + 1, ...endOfLog(state) };
  for (const peer of peersOf(state)) effects.send(peer, "requestPreVote", request);
  if (isMajority(1, state)) stand(state, effects);
}

function leadWithMajority(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.failover.kind !== "election") return;
  if (isMajority(state.failover.votes.length, state)) lead(state, state.epoch, effects);
}

function isMajority(count: number, state: ReplicaState): boolean {
  return 2 * count > state.config.group.replicas.length;
}

/** Whether a candidate's log is at least as up to date as the own one (5.4.1). */
function isAtLeastAsUpToDate(candidate: VoteRequest, state: ReplicaState): boolean {
  const own = endOfLog(state);
  return (
    candidate.lastEpoch > own.lastEpoch ||
    (candidate.lastEpoch === own.lastEpoch && candidate.lastPosition >= own.lastPosition)
  );
}

function endOfLog(state: ReplicaState): { lastPosition: number; lastEpoch: number } {
  const last = lastPosition(state);
  return { lastPosition: last, lastEpoch: epochAt(state, last) };
}

/**
 * With check quorum, who leads or has heard a leader within the smallest timeout knows of no need
 * for another one, and does not even look at the epoch of who asks (dissertation, 4.2.3).
 */
function isBoundToLeader(state: ReplicaState, effects: ReplicaEffects): boolean {
  return optionsOf(state).checkQuorum && isHearingLeader(state, effects);
}

function isHearingLeader(state: ReplicaState, effects: ReplicaEffects): boolean {
  const { role } = state;
  if (role.kind === "leader") return hasHeardMajority(state, effects);
  if (role.kind !== "follower" || role.leader === -1) return false;
  return effects.clockMs() - role.heardMs < optionsOf(state).timeout.minMs;
}

/** Whether a majority, the leader with it, has answered within the smallest election timeout. */
function hasHeardMajority(state: ReplicaState, effects: ReplicaEffects): boolean {
  if (state.role.kind !== "leader") return false;
  const sinceMs = effects.clockMs() - optionsOf(state).timeout.minMs;
  const heard = Object.values(state.role.progress).filter(({ heardMs }) => heardMs >= sinceMs);
  return isMajority(heard.length + 1, state);
}

function startQuorumCheck(state: ReplicaState, effects: ReplicaEffects): void {
  const { checkQuorum, timeout } = optionsOf(state);
  if (!checkQuorum || state.failover.kind !== "election") return;
  const { epoch } = state;
  state.failover.checkTimer = effects.setTimer("quorumCheck", { epoch }, timeout.minMs);
}

function observeSuspicion(state: ReplicaState, leader: NodeId, effects: ReplicaEffects): void {
  effects.observe("suspects", { partition: state.config.group.partition, leader });
}

function optionsOf(
  state: ReplicaState,
): Extract<ReplicaConfig["options"]["failover"], { readonly kind: "election" }> {
  const { failover } = state.config.options;
  if (failover.kind !== "election") throw new Error("quorumlab: no options of elections");
  return failover;
}
