/*
 * What clients remember for their users (C2-C5).
 *
 * It is kept where a device is connected, so that another device of the same session knows nothing of
 * it, unless `acrossDevices`: then one memory is shared by the devices of a session, at once on one
 * client node and by messages between nodes (`siblings`), with the delay and the losses of the network.
 *
 * A session remembers versions, not positions, so that what was written under an earlier leader stays
 * before what was written under a later one.
 */

import type { NodeId, Operation } from "../../core/protocol.ts";
import type { ClientEffects, ClientState, Memory } from "./clientState.ts";
import type { Messages } from "./state.ts";

const devicesMax = 1024;

/** What is remembered for whoever asks. */
export function memoryOf(state: ClientState, operation: Operation): Memory {
  return memoryAt(state, memoryKey(state, operation));
}

/** A write was answered: reads may have to see it. */
export function rememberWrite(
  state: ClientState,
  operation: Operation,
  partition: number,
  version: number,
  effects: ClientEffects,
): void {
  const { reads } = state.config.options;
  if (reads.kind === "leader-after-write") {
    memoryOf(state, operation).wroteMs = effects.clockMs();
  }
  if (reads.kind === "position") learn(state, operation, partition, version, effects);
}

/** A value was read: reads after it may have to see no older one, nor lack what it depends on. */
export function rememberRead(
  state: ClientState,
  operation: Operation,
  partition: number,
  { version, dependencies }: Pick<Messages["reply"], "version" | "dependencies">,
  effects: ClientEffects,
): void {
  const { reads } = state.config.options;
  if (reads.kind !== "position") return;
  learn(state, operation, partition, version, effects);
  if (dependencies === null || !reads.dependencies) return;
  for (const [other, known] of dependencies.entries()) {
    learn(state, operation, other, known, effects);
  }
}

/** What the writer of a value knew of all partitions; `null` if nobody keeps track. */
export function dependenciesOf(state: ClientState, operation: Operation): readonly number[] | null {
  const { reads } = state.config.options;
  if (reads.kind !== "position" || !reads.dependencies) return null;
  return [...memoryOf(state, operation).versions];
}

/** Another client node tells what a session has seen. */
export function onRemember(
  state: ClientState,
  { session, partition, version }: Messages["remember"],
): void {
  const { versions } = memoryAt(state, session);
  if (version > versions[partition]!) versions[partition] = version;
}

function learn(
  state: ClientState,
  operation: Operation,
  partition: number,
  version: number,
  effects: ClientEffects,
): void {
  const { versions } = memoryOf(state, operation);
  if (version <= versions[partition]!) return;
  versions[partition] = version;
  const { options, siblings = [] } = state.config;
  if (options.reads.kind !== "position" || !options.reads.acrossDevices) return;
  const { session } = operation;
  for (const node of siblings) effects.send(node, "remember", { session, partition, version });
}

function memoryKey({ config }: ClientState, { session, device }: Operation): number {
  const { reads } = config.options;
  const isShared = reads.kind === "position" && reads.acrossDevices;
  return isShared ? session : session * devicesMax + device;
}

function memoryAt(state: ClientState, key: number): Memory {
  let memory = state.memories[key];
  if (memory === undefined) {
    const count = state.config.groups.length;
    const replicas: NodeId[] = new Array(count).fill(-1);
    memory = { wroteMs: -Infinity, versions: new Array(count).fill(0), replicas };
    state.memories[key] = memory;
  }
  return memory;
}
