/*
 * How clients find the leader (B5): by redirects of any replica that they ask, or from a directory that
 * knows of a new leader some time after it leads.
 *
 * Redirect: a replica that does not lead names who does, as far as it knows; without a name, or if that
 * one has just been silent, the client asks the next replica of the group.
 *
 * Directory (DNS, proxy, virtual address): a new leader tells the clients' side (`located`), which takes
 * effect after the directory's delay, counted from when it began to lead. That message stands for the
 * directory's own knowledge; if it is lost, clients that meet a replica which does not lead, or none,
 * look again (`locate`). Until then they go where they went before: stale routing.
 *
 * Left out: caches at each client with a time to live of their own.
 */

import type { Delay, NodeId } from "../../core/protocol.ts";
import type { ClientEffects, ClientState, ClientTimers } from "./clientState.ts";
import type { Messages } from "./state.ts";

/** A reply names a leader. */
export function hintedAt(
  state: ClientState,
  partition: number,
  { leader, epoch }: Pick<Messages["reply"], "leader" | "epoch">,
): void {
  const view = state.views[partition]!;
  if (state.config.options.discovery.kind !== "redirect" || leader < 0) return;
  if (epoch < view.leaderEpoch) return;
  if (leader === view.suspect && epoch <= view.suspectEpoch) return;
  view.leader = leader;
  view.leaderEpoch = epoch;
}

/** A replica refused what only a leader may do. */
export function whoElse(
  state: ClientState,
  partition: number,
  from: NodeId,
  hint: NodeId,
  effects: ClientEffects,
): void {
  const view = state.views[partition]!;
  if (state.config.options.discovery.kind === "directory") look(state, partition, effects);
  // Leads, but accepts nothing at the moment; else, if nobody was named: the next one.
  else if (hint !== from && view.leader === from) view.leader = after(state, partition, from);
}

/** A replica that was believed to lead did not answer. */
export function onSilence(
  state: ClientState,
  partition: number,
  silent: NodeId,
  effects: ClientEffects,
): void {
  const view = state.views[partition]!;
  if (state.config.options.discovery.kind === "directory") {
    look(state, partition, effects);
    return;
  }
  if (view.leader !== silent) return;
  view.suspect = silent;
  view.suspectEpoch = view.leaderEpoch;
  view.leader = after(state, partition, silent);
}

/** A leader says that it leads: the directory will know. */
export function onLocated(
  state: ClientState,
  { partition, epoch, sinceMs }: Messages["located"],
  from: NodeId,
  effects: ClientEffects,
): void {
  const { discovery } = state.config.options;
  const view = state.views[partition]!;
  if (discovery.kind !== "directory" || epoch <= view.routeEpoch) return;
  view.routeEpoch = epoch;
  const delay = less(discovery.directoryDelay, sinceMs);
  effects.setTimer("route", { partition, leader: from, epoch }, delay);
}

/** The directory knows of a leader. */
export function onRoute(
  state: ClientState,
  { partition, leader, epoch }: ClientTimers["route"],
): void {
  const view = state.views[partition]!;
  if (epoch < view.leaderEpoch) return;
  view.leader = leader;
  view.leaderEpoch = epoch;
}

function look(state: ClientState, partition: number, effects: ClientEffects): void {
  for (const replica of state.config.groups[partition]!.replicas) {
    effects.send(replica, "locate", { partition });
  }
}

function after(state: ClientState, partition: number, node: NodeId): NodeId {
  const { replicas } = state.config.groups[partition]!;
  return replicas[(replicas.indexOf(node) + 1) % replicas.length]!;
}

function less(delay: Delay, byMs: number): Delay {
  if (typeof delay === "number") return Math.max(0, delay - byMs);
  return { minMs: Math.max(0, delay.minMs - byMs), maxMs: Math.max(0, delay.maxMs - byMs) };
}
