/*
 * What a follower does with the log that it is sent: Raft 5.3, AppendEntries RPC, receiver.
 *
 * Messages that are repeated or overtake each other do no harm: what is there already is skipped, what
 * comes too early is kept until its turn. With a physical log, a follower of another software version
 * than its leader's cannot replay anything until both have the same again (B7); then it goes on with the
 * log. Left out: that after a change of the version of the data a physical copy has to be made anew.
 */

import { comeOnline, mayApply } from "./applying.ts";
import { appendToLog, cutLog, entryBytesOf, syncLog } from "./log.ts";
import type { Entry } from "./messages.ts";
import { acknowledgedWhen } from "./options.ts";
import {
  epochAt,
  lastPosition,
  type Messages,
  type ReplicaEffects,
  type ReplicaState,
} from "./state.ts";

type Append = Messages["append"];

/** A follower stores what its leader sends, if it has the entry before; else it says where it stands. */
export function onAppend(state: ReplicaState, message: Append, effects: ReplicaEffects): void {
  if (!canReplay(state, message, effects)) return;
  if (state.onlineAt < 0) state.onlineAt = message.committed;
  const { previousPosition, settled } = message;
  if (state.agreedPosition >= 0 && previousPosition > lastPosition(state)) {
    keepForLater(state, message);
    acknowledge(state, effects, "gap");
    return;
  }
  const hint = disagreement(state, message);
  if (hint !== null) {
    disagree(state, hint, previousPosition, effects);
    return;
  }
  const isNew = take(state, message, effects);
  if (settled > state.settledPosition) state.settledPosition = settled;
  // What is new is acknowledged when the disk has it, or when it is applied.
  if (!isNew || acknowledgedWhen(state.config.options) === "received") acknowledge(state, effects);
}

/** Tells the leader how far the log agrees with his, is acknowledged, and is on the own disk. */
export function acknowledge(
  state: ReplicaState,
  effects: ReplicaEffects,
  found: "match" | "gap" = "match",
): void {
  const { role, agreedPosition, appliedPosition, config } = state;
  if (role.kind !== "follower" || role.leader < 0) return;
  const received = Math.max(0, agreedPosition);
  const durable = Math.min(received, state.loggedPosition);
  const when = acknowledgedWhen(config.options);
  const matched =
    when === "received"
      ? received
      : when === "durable"
        ? durable
        : Math.min(received, appliedPosition);
  const { epoch } = state;
  effects.send(role.leader, "appended", { epoch, found, received, matched, durable, asked: -1 });
}

/** The follower's disk has more of the log. */
export function onStored(state: ReplicaState, effects: ReplicaEffects): void {
  if (acknowledgedWhen(state.config.options) === "durable") acknowledge(state, effects);
}

/** Takes over entries, and those that waited for them; returns whether there was anything new. */
function take(state: ReplicaState, message: Append, effects: ReplicaEffects): boolean {
  const { early } = state;
  let isNew = add(state, message, effects);
  let { committed, asOfMs } = message;
  while (early.length > 0 && early[0]!.previousPosition <= state.agreedPosition) {
    const next = early.shift()!;
    if (add(state, next, effects)) isNew = true;
    committed = Math.max(committed, next.committed);
    asOfMs = Math.max(asOfMs, next.asOfMs);
  }
  if (isNew) syncLog(state, effects);
  mayApply(state, Math.min(committed, state.agreedPosition), asOfMs, effects);
  if (isNew) effects.store("committed", state.committedPosition);
  if (state.standing !== "online") comeOnline(state, effects);
  return isNew;
}

function add(state: ReplicaState, message: Append, effects: ReplicaEffects): boolean {
  const { previousPosition, entries } = message;
  const agreed = previousPosition + entries.length;
  if (agreed <= state.agreedPosition) return false;
  const isNew = store(state, previousPosition, entries, effects);
  state.agreedPosition = agreed;
  return isNew;
}

/** Kept in the order of the log; not more of it than could be under way. */
function keepForLater({ early, config }: ReplicaState, message: Append): void {
  if (message.entries.length === 0) return;
  if (early.length >= config.options.shipping.windowEntries) return;
  let index = early.length;
  while (index > 0 && early[index - 1]!.previousPosition > message.previousPosition) index--;
  early.splice(index, 0, message);
}

/**
 * Where the leader should try next if the entry before the first is not the one that it has; else `null`.
 * All entries of the epoch in conflict are passed over at once (Raft 5.3, end).
 */
function disagreement(state: ReplicaState, message: Append): number | null {
  const { previousPosition, previousEpoch, entries } = message;
  const { base, agreedPosition } = state;
  const last = lastPosition(state);
  if (previousPosition > last) return last;
  if (previousPosition < base.position) {
    if (agreedPosition >= base.position) return null;
    const entry = entries[base.position - previousPosition - 1];
    if (entry === undefined) return base.position;
    return entry.epoch === base.epoch ? null : -1;
  }
  const epoch = epochAt(state, previousPosition);
  if (epoch === previousEpoch) return null;
  if (previousPosition === base.position) return -1;
  let position = previousPosition - 1;
  while (position > base.position && epochAt(state, position) === epoch) position--;
  return position;
}

function disagree(state: ReplicaState, hint: number, asked: number, effects: ReplicaEffects): void {
  if (state.role.kind !== "follower") return;
  effects.send(state.role.leader, "appended", {
    ...{ epoch: state.epoch, found: "mismatch", received: hint, matched: 0, durable: 0, asked },
  });
}

/** Whether the leader's log means anything to this version of the software; tells of changes. */
function canReplay(state: ReplicaState, { software }: Append, effects: ReplicaEffects): boolean {
  const isPhysical = state.config.options.logFormat.kind === "physical";
  const isStalled = isPhysical && software !== state.software;
  if (isStalled !== state.isStalled) {
    state.isStalled = isStalled;
    effects.observe("stalled", { partition: state.config.group.partition, isStalled });
  }
  return !isStalled;
}

/** Keeps entries that agree, cuts the log at the first that does not (Raft 5.3). */
function store(
  state: ReplicaState,
  previousPosition: number,
  entries: readonly Entry[],
  effects: ReplicaEffects,
): boolean {
  const { base } = state;
  const sizeBytes = entryBytesOf(state.config.options);
  let last = lastPosition(state);
  // What lies before the base has been compared, or the base would not agree.
  const skipped = Math.max(0, base.position - previousPosition);
  for (let index = skipped; index < entries.length; index++) {
    const entry = entries[index]!;
    const position = previousPosition + 1 + index;
    if (position <= last) {
      if (epochAt(state, position) === entry.epoch) continue;
      cutLog(state, position, effects);
      last = position - 1;
    }
    appendToLog(state, entry, sizeBytes, effects);
  }
  return lastPosition(state) > last;
}
