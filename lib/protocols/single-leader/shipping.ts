import type { NodeId } from "../../core/protocol.ts";
import { advance } from "./acknowledging.ts";
import type { Entry } from "./messages.ts";
import {
  epochAt,
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
} from "./state.ts";

/** Appends an entry to the leader's log; it counts for acknowledgement once the own disk has it. */
export function appendEntry(state: ReplicaState, entry: Entry, effects: ReplicaEffects): void {
  const { options } = state.config;
  state.log.push(entry);
  effects.append(entry, options.entryBytes);
  const logged = { epoch: state.epoch, position: lastPosition(state) };
  if (options.leaderDurability === "synced") effects.sync("logged", logged);
  else onLogged(state, logged, effects);
}

export function onLogged(
  state: ReplicaState,
  { epoch, position }: { readonly epoch: number; readonly position: number },
  effects: ReplicaEffects,
): void {
  if (epoch !== state.epoch || state.role.kind !== "leader") return;
  state.loggedPosition = Math.max(state.loggedPosition, position);
  advance(state, effects);
}

/** Sends followers what they do not have yet; those that have everything get a heartbeat. */
export function ship(state: ReplicaState, effects: ReplicaEffects): void {
  const { role } = state;
  if (role.kind !== "leader") return;
  for (const peer of Object.keys(role.progress).map(Number)) shipTo(state, peer, effects);
  effects.cancelTimer(role.shipTimer);
  role.shipTimer = effects.setTimer("ship", null, state.config.options.shipping.heartbeatMs);
}

/** Sends one follower what it does not have yet, or a heartbeat. */
export function shipTo(state: ReplicaState, to: NodeId, effects: ReplicaEffects): void {
  const { role, config } = state;
  if (role.kind !== "leader") return;
  const { batchEntries } = config.options.shipping;
  const progress = role.progress[to]!;
  const previousPosition = progress.next - 1;
  const from = progress.next - state.firstPosition;
  const entries = state.log.slice(from, from + batchEntries);
  progress.next += entries.length;
  effects.send(
    to,
    "append",
    {
      ...{ epoch: state.epoch, previousPosition, entries },
      previousEpoch: epochAt(state, previousPosition),
      committed: state.committedPosition,
    },
    entries.length * config.options.entryBytes,
  );
}

/** A follower stores what it is sent, if it has the entry before; else it says where it stands. */
export function onAppend(
  state: ReplicaState,
  message: Messages["append"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  const { previousPosition, previousEpoch, entries, epoch } = message;
  const last = lastPosition(state);
  const isMatch = previousPosition <= last && epochAt(state, previousPosition) === previousEpoch;
  if (!isMatch) {
    const matched = Math.min(last, previousPosition - 1);
    effects.send(from, "appended", { epoch, isMatch, matched });
    return;
  }
  store(state, previousPosition, entries, effects);
  const stored = { epoch, position: previousPosition + entries.length, leader: from };
  if (entries.length > 0) effects.sync("stored", stored);
  else effects.send(from, "appended", { epoch, isMatch, matched: stored.position });
  state.committedPosition = Math.max(
    state.committedPosition,
    Math.min(message.committed, stored.position),
  );
  apply(state);
}

/** Keeps entries that agree, cuts the log at the first that does not (Raft 5.3). */
function store(
  state: ReplicaState,
  previousPosition: number,
  entries: readonly Entry[],
  effects: ReplicaEffects,
): void {
  for (const [index, entry] of entries.entries()) {
    const position = previousPosition + 1 + index;
    if (position <= lastPosition(state)) {
      if (epochAt(state, position) === entry.epoch) continue;
      state.log.length = position - state.firstPosition;
      effects.truncate(position);
    }
    state.log.push(entry);
    effects.append(entry, state.config.options.entryBytes);
  }
}

/** Makes committed entries visible to reads. */
export function apply(state: ReplicaState): void {
  while (state.appliedPosition < state.committedPosition) {
    state.appliedPosition++;
    const entry = state.log[state.appliedPosition - state.firstPosition]!;
    if (entry.kind === "none") continue;
    const version = entry.epoch * 2 ** 32 + state.appliedPosition;
    state.rows[entry.key] = { value: entry.value, version };
  }
}

/** The leader learns how far a follower is. */
export function onAppended(
  state: ReplicaState,
  { epoch, isMatch, matched }: Messages["appended"],
  from: NodeId,
  effects: ReplicaEffects,
): void {
  if (state.role.kind !== "leader" || epoch !== state.epoch) return;
  const progress = state.role.progress[from]!;
  progress.heardMs = effects.clockMs();
  if (!isMatch) {
    progress.next = matched + 1;
    shipTo(state, from, effects);
    return;
  }
  progress.matched = Math.max(progress.matched, matched);
  advance(state, effects);
}
