/*
 * A leader that too few followers answer accepts no writes (B6, `fencing.minFollowers`): Redis'
 * min-replicas-to-write and min-replicas-max-lag, so that a leader cut off from its followers does not
 * collect writes that will be lost. Looked at with every heartbeat and every write.
 */

import type { LeaderRole, ReplicaEffects, ReplicaState } from "./state.ts";

/** Whether enough followers have answered lately; tells of changes. */
export function checkFollowers(
  state: ReplicaState,
  role: LeaderRole,
  effects: ReplicaEffects,
): void {
  const { group, options } = state.config;
  const { minFollowers } = options.fencing;
  if (minFollowers === null) return;
  const sinceMs = effects.clockMs() - minFollowers.withinMs;
  let count = 0;
  for (const peer of state.peers) if (role.progress[peer]!.heardMs >= sinceMs) count++;
  const isSuspended = count < minFollowers.count;
  if (isSuspended === role.isSuspended) return;
  role.isSuspended = isSuspended;
  effects.observe("suspended", { partition: group.partition, isSuspended });
}
