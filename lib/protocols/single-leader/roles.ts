import { onFollowing, onLeading } from "./failover/hooks.ts";
import { appendEntry, ship } from "./shipping.ts";
import { epochAt, lastPosition, peersOf, type ReplicaEffects, type ReplicaState } from "./state.ts";

/**
 * The replica leads from now on, in an epoch above all it has seen, which is durable before. Whoever
 * decides on failover calls this; it does not ask whether that was right.
 */
export function lead(state: ReplicaState, epoch: number, effects: ReplicaEffects): void {
  state.epoch = epoch;
  const next = lastPosition(state) + 1;
  const nowMs = effects.clockMs();
  const progress = Object.fromEntries(
    peersOf(state).map((peer) => [peer, { matched: 0, next, heardMs: nowMs, sentMs: nowMs }]),
  );
  state.role = { kind: "leader", progress, waiting: [], shipTimer: 0 };
  effects.observe("leads", {
    partition: state.config.group.partition,
    epoch,
    lastPosition: next - 1,
    boundaries: boundariesOf(state),
  });
  onLeading(state, effects);
  // The first entry of an epoch: with it, entries of earlier epochs are committed (Raft 5.4.2).
  appendEntry(state, { epoch, kind: "none", key: -1, value: null, operation: -1 }, effects);
  ship(state, effects);
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
  if (state.role.kind === "leader") stepDown(state, effects);
  if (epoch > state.epoch) {
    state.epoch = epoch;
    state.failover.votedFor = -1;
    effects.store("epoch", epoch);
    effects.store("votedFor", -1);
  }
  state.role = { kind: "follower", leader, heardMs: effects.clockMs() };
  onFollowing(state, effects);
}

/** Writes that wait are answered as indefinite: nobody knows whether the next leader has them. */
function stepDown(state: ReplicaState, effects: ReplicaEffects): void {
  if (state.role.kind !== "leader") return;
  const { waiting, shipTimer } = state.role;
  effects.cancelTimer(shipTimer);
  for (const { operation, attempt, client } of waiting) {
    effects.send(client, "reply", {
      ...{ operation, attempt, outcome: "indefinite", value: null },
      ...{ version: 0, position: 0, epoch: state.epoch, leader: -1 },
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
