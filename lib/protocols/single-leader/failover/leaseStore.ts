/*
 * A node of the store in which leaders keep their keys alive: etcd, Consul or ZooKeeper as Patroni
 * sees them.
 *
 * A linearizable register for each partition, made of one node, or of several of which a majority
 * must grant: any two majorities share a node, and a node grants an epoch once and a key to one
 * holder at a time. Gray and Cheriton, Leases, SOSP 1989: a node that comes back from a crash does
 * not know for how long it was away, and takes every key to be held for its whole time to live from
 * then on.
 *
 * Left out: the store's own log and elections (a store node answers for itself alone), and watches
 * as streams (members are told once when a key is gone).
 */

import type { Durable, Effects, NodeId, Protocol, TimerId } from "../../../core/protocol.ts";
import type { ReplicaGroup } from "../options.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import type { LeaseMessages } from "./leaseTypes.ts";
import type { FailoverMessages, FailoverObservations } from "./types.ts";

/** Timers of store nodes. */
export interface LeaseStoreTimers {
  /** A key has lived for its time without being renewed. */
  keyOver: { readonly partition: number; readonly life: number };
  /** A new holder is on the disk. */
  keyStored: {
    readonly partition: number;
    readonly to: NodeId;
    readonly answer: LeaseMessages["leaseAnswer"];
  };
}

/** One key. */
export interface LeaseKey {
  /** Who holds it; -1: nobody. Durable. */
  holder: NodeId;
  /** Highest epoch granted. Durable. */
  epoch: number;
  /** Epoch that surely is on the disk. */
  storedEpoch: number;
  ttlMs: number;
  position: number;
  timer: TimerId;
  /**
   * How often it was granted or renewed: the end of an earlier life means nothing, even if it was
   * due while the node stood still, and comes after the renewal.
   */
  life: number;
}

/** State of a store node. */
export interface LeaseStoreState {
  readonly config: ControllerConfig;
  /** By partition. */
  readonly keys: Record<number, LeaseKey>;
}

type StoreEffects = Effects<FailoverMessages, LeaseStoreTimers, FailoverObservations>;

/** A node of the store. */
export const leaseStore: Protocol<
  LeaseStoreState,
  FailoverMessages,
  LeaseStoreTimers,
  ControllerConfig,
  FailoverObservations
> = {
  role: "controller",
  init: (config) => ({ config, keys: newKeys(config) }),
  restart(durable: Durable, config) {
    const keys = newKeys(config);
    for (const [partition, key] of Object.entries(keys)) {
      const stored = durable.slots[`key ${partition}`] as Pick<LeaseKey, "holder" | "epoch">;
      if (stored !== undefined) Object.assign(key, stored);
    }
    return { config, keys };
  },
  start(state, effects) {
    for (const [partition, key] of Object.entries(state.keys)) {
      if (key.holder !== -1) live(key, Number(partition), effects);
    }
  },
  on: {
    leaseRequest(state, request, from, effects) {
      const { partition, round, isHolder, epoch, ttlMs, position } = request;
      const key = state.keys[partition]!;
      const isKept = key.holder === from && key.epoch === epoch;
      const isFree = key.holder === -1 || key.holder === from;
      const isNew = !isHolder && isFree && epoch > key.epoch;
      if (!isKept && !isNew) {
        effects.send(from, "leaseAnswer", { round, verdict: "refused", ...shown(key) });
        return;
      }
      Object.assign(key, { holder: from, epoch, ttlMs });
      if (position >= 0) key.position = position;
      live(key, partition, effects);
      const answer = { round, verdict: "granted", ...shown(key) } as const;
      if (isKept && key.storedEpoch === epoch) {
        effects.send(from, "leaseAnswer", answer);
        return;
      }
      effects.store(`key ${partition}`, { holder: from, epoch });
      effects.sync("keyStored", { partition, to: from, answer });
    },
    leaseLook(state, { partition, round }, from, effects) {
      const key = state.keys[partition]!;
      const verdict = key.holder === -1 || key.holder === from ? "free" : "held";
      effects.send(from, "leaseAnswer", { round, verdict, ...shown(key) });
    },
    leaseRelease(state, { partition, epoch }, from, effects) {
      const key = state.keys[partition]!;
      if (key.holder !== from || key.epoch !== epoch) return;
      effects.cancelTimer(key.timer);
      free(state, partition, effects);
    },
  },
  timers: {
    keyOver(state, { partition, life }, effects) {
      if (state.keys[partition]!.life !== life) return;
      free(state, partition, effects);
      const { epoch } = state.keys[partition]!;
      for (const node of groupOf(state, partition).replicas) {
        effects.send(node, "leaseGone", { partition, epoch });
      }
    },
    keyStored(state, { partition, to, answer }, effects) {
      state.keys[partition]!.storedEpoch = answer.epoch;
      effects.send(to, "leaseAnswer", answer);
    },
  },
};

/** The first replica of each group leads at the start: it holds the key of the first epoch. */
function newKeys({ groups, options }: ControllerConfig): Record<number, LeaseKey> {
  const ttlMs = options.failover.kind === "lease" ? options.failover.ttlMs : 0;
  return Object.fromEntries(
    groups.map(({ partition, replicas }) => [
      partition,
      { holder: replicas[0]!, epoch: 1, storedEpoch: 1, ttlMs, position: 0, timer: 0, life: 0 },
    ]),
  );
}

/** The key lives for its whole time from now. */
function live(key: LeaseKey, partition: number, effects: StoreEffects): void {
  effects.cancelTimer(key.timer);
  key.life++;
  key.timer = effects.setTimer("keyOver", { partition, life: key.life }, key.ttlMs);
}

function free(state: LeaseStoreState, partition: number, effects: StoreEffects): void {
  const key = state.keys[partition]!;
  key.holder = -1;
  key.timer = 0;
  key.life++;
  effects.store(`key ${partition}`, { holder: -1, epoch: key.epoch });
}

function shown({ epoch, position }: LeaseKey): { epoch: number; position: number } {
  return { epoch, position };
}

function groupOf({ config }: LeaseStoreState, partition: number): ReplicaGroup {
  return config.groups.find((group) => group.partition === partition)!;
}
