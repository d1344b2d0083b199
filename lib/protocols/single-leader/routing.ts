/*
 * Which replica a read goes to (C5), and what it demands of it. Writes go to the leader.
 *
 * A replica that left a question without answer is avoided for ten timeouts, as long as there is another
 * one: drivers mark servers as down.
 */

import { assertNever } from "../../core/assert.ts";
import type { NodeId } from "../../core/protocol.ts";
import { type ClientEffects, type ClientState, type Pending, partitionOf } from "./clientState.ts";
import { memoryOf } from "./sessions.ts";

/** Where a read goes and what it demands. */
export interface Route {
  readonly to: NodeId;
  readonly mustLead: boolean;
  readonly minVersion: number;
  readonly waitMs: number;
  readonly maxLagMs: number | null;
}

const noDemand = { mustLead: false, minVersion: 0, waitMs: 0, maxLagMs: null };
const timeoutsAvoided = 10;

/** Route of the next attempt to read. */
export function routeRead(state: ClientState, pending: Pending, effects: ClientEffects): Route {
  const { config } = state;
  const { reads } = config.options;
  const { operation, attempt } = pending;
  const { key, session } = operation;
  switch (reads.kind) {
    case "leader":
      return toLeader(state, pending);
    case "any":
      return toAny(state, pending, effects);
    case "nearest":
      return { ...noDemand, to: nearest(state, pending, effects) };
    case "sticky":
      return { ...noDemand, to: sticky(state, pending, effects) };
    case "own-from-leader":
      return Math.floor(key / reads.keysPerSession) === session
        ? toLeader(state, pending)
        : toAny(state, pending, effects);
    case "leader-after-write": {
      const sinceMs = effects.clockMs() - memoryOf(state, operation).wroteMs;
      return sinceMs < reads.forMs ? toLeader(state, pending) : toAny(state, pending, effects);
    }
    case "position": {
      if (attempt > 0 && reads.otherwise === "leader") return toLeader(state, pending);
      const minVersion = memoryOf(state, operation).versions[partitionOf(state, operation)]!;
      return { ...toAny(state, pending, effects), minVersion, waitMs: reads.waitMs };
    }
    case "bounded-staleness": {
      if (attempt > 0) return toLeader(state, pending);
      return { ...toAny(state, pending, effects), maxLagMs: reads.maxLagMs };
    }
    default:
      return assertNever(reads);
  }
}

/** A device gives up the replica that it stayed with. */
export function leaveReplica(state: ClientState, { operation }: Pending): void {
  if (state.config.options.reads.kind !== "sticky") return;
  memoryOf(state, operation).replicas[partitionOf(state, operation)] = -1;
}

function toLeader(state: ClientState, { operation }: Pending): Route {
  const { leader } = state.views[partitionOf(state, operation)]!;
  return { ...noDemand, to: leader, mustLead: true };
}

/** A random replica, not the one that was asked before. */
function toAny(state: ClientState, pending: Pending, effects: ClientEffects): Route {
  const { replicas } = state.config.groups[partitionOf(state, pending.operation)]!;
  const usable = usableOf(state, replicas, pending, effects);
  return { ...noDemand, to: usable[effects.choose(usable.length)]! };
}

function nearest(state: ClientState, pending: Pending, effects: ClientEffects): NodeId {
  const replicas = state.config.nearest[partitionOf(state, pending.operation)]!;
  return usableOf(state, replicas, pending, effects)[0]!;
}

function sticky(state: ClientState, pending: Pending, effects: ClientEffects): NodeId {
  const { replicas } = memoryOf(state, pending.operation);
  const partition = partitionOf(state, pending.operation);
  const known = replicas[partition]!;
  if (known >= 0) return known;
  const { to } = toAny(state, pending, effects);
  replicas[partition] = to;
  return to;
}

/** Replicas other than the one asked last that were not silent lately; if there are none, all. */
function usableOf(
  { config, silentMs }: ClientState,
  replicas: readonly NodeId[],
  { to }: Pending,
  effects: ClientEffects,
): readonly NodeId[] {
  let isAllUsable = to < 0;
  if (isAllUsable) for (const node in silentMs) isAllUsable &&= silentMs[node] === undefined;
  if (isAllUsable) return replicas;
  const sinceMs = effects.clockMs() - timeoutsAvoided * config.options.timeoutMs;
  const usable = replicas.filter((node) => node !== to && (silentMs[node] ?? -Infinity) < sinceMs);
  if (usable.length > 0) return usable;
  const others = replicas.filter((node) => node !== to);
  return others.length > 0 ? others : replicas;
}
