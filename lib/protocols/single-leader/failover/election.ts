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

type Replica = Protocol<ReplicaState, Messages, Timers, ReplicaConfig, Observations>;

/** Election by majority (Raft 5.2, 5.4.1). */
export const electionHandlers: Pick<Replica["on"], "requestVote" | "vote"> = {
  requestVote(state, { epoch, lastPosition: last, lastEpoch }, from, effects) {
    if (epoch > state.epoch) follow(state, -1, epoch, effects);
    const isUpToDate = isAtLeastAsUpToDate(state, lastEpoch, last);
    const isFree = state.failover.votedFor === -1 || state.failover.votedFor === from;
    const isGranted = epoch === state.epoch && isFree && isUpToDate;
    if (isGranted) {
      state.failover.votedFor = from;
      effects.store("votedFor", from);
      resetElectionTimer(state, effects);
    }
    effects.send(from, "vote", { epoch: state.epoch, isGranted });
  },
  vote(state, { epoch, isGranted }, from, effects) {
    if (epoch > state.epoch) follow(state, -1, epoch, effects);
    if (state.role.kind !== "candidate" || epoch !== state.epoch || !isGranted) return;
    if (!state.failover.votes.includes(from)) state.failover.votes.push(from);
    if (2 * state.failover.votes.length > state.config.group.replicas.length) {
      lead(state, state.epoch, effects);
    }
  },
};

export const electionTimers: Pick<Replica["timers"], "election"> = {
  election(state, _, effects) {
    state.epoch++;
    state.role = { kind: "candidate" };
    state.failover.votedFor = state.self;
    state.failover.votes = [state.self];
    effects.store("epoch", state.epoch);
    effects.store("votedFor", state.self);
    const last = lastPosition(state);
    for (const peer of peersOf(state)) {
      effects.send(peer, "requestVote", {
        ...{ epoch: state.epoch, lastPosition: last, lastEpoch: epochAt(state, last) },
      });
    }
    resetElectionTimer(state, effects);
  },
};

/** Whether a log that ends so is at least as up to date as the own one (Raft 5.4.1). */
function isAtLeastAsUpToDate(state: ReplicaState, lastEpoch: number, last: NodeId): boolean {
  const ownLast = lastPosition(state);
  const ownEpoch = epochAt(state, ownLast);
  return lastEpoch > ownEpoch || (lastEpoch === ownEpoch && last >= ownLast);
}

/** Waits for a leader again, for a random time. */
export function resetElectionTimer(state: ReplicaState, effects: ReplicaEffects): void {
  const { failover } = state.config.options;
  if (failover.kind !== "election") return;
  effects.cancelTimer(state.failover.electionTimer);
  state.failover.electionTimer = isLeaderState(state)
    ? 0
    : effects.setTimer("election", null, failover.timeout);
}

function isLeaderState(state: ReplicaState): boolean {
  return state.role.kind === "leader";
}
