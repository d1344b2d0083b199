import type { ReplicaEffects, ReplicaState } from "../state.ts";
import { resetElectionTimer } from "./election.ts";

/** The replica begins to run, at first or after a restart. */
export function onStart(state: ReplicaState, effects: ReplicaEffects): void {
  resetElectionTimer(state, effects);
}

/** The replica leads from now on; its epoch must be durable before this. */
export function onLeading(state: ReplicaState, effects: ReplicaEffects): void {
  resetElectionTimer(state, effects);
}

/** The replica heard from a leader, or of a newer epoch. */
export function onFollowing(state: ReplicaState, effects: ReplicaEffects): void {
  resetElectionTimer(state, effects);
}
