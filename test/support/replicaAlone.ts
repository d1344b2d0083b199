import {
  defaultSingleLeaderOptions,
  type Failover,
} from "../../lib/protocols/single-leader/options.ts";
import { replica } from "../../lib/protocols/single-leader/replica.ts";
import type { ReplicaState } from "../../lib/protocols/single-leader/state.ts";
import { type RecordedEffects, recordedEffects } from "./recordedEffects.ts";

/** A replica of three, alone with effects that are written down: for tests of single handlers. */
export interface ReplicaAlone {
  readonly state: ReplicaState;
  readonly recorded: RecordedEffects;
  /** A message comes. */
  // biome-ignore lint/suspicious/noExplicitAny: messages are for the test to know
  receive(name: keyof typeof replica.on, message: any, from: number): void;
  /** A timer fires, or a sync is done. */
  // biome-ignore lint/suspicious/noExplicitAny: payloads are for the test to know
  fire(name: keyof typeof replica.timers, payload: any): void;
  /** The last timer or sync asked for under a name, with its payload. */
  fireLast(name: keyof typeof replica.timers): void;
}

/** Replica `self` of 0, 1 and 2, just started; random choices are those of `choose`. */
export function replicaAlone(
  self: number,
  failover: Failover,
  controllers: readonly number[] = [3],
  choose: (count: number) => number = () => 0,
): ReplicaAlone {
  const group = { partition: 0, replicas: [0, 1, 2] };
  const options = { ...defaultSingleLeaderOptions, failover };
  const state = replica.init({ group, controllers, options }, self);
  const recorded = recordedEffects(choose);
  const { effects, asked } = recorded;
  replica.start!(state, effects);
  const fire: ReplicaAlone["fire"] = (name, payload) =>
    (replica.timers[name] as (...all: unknown[]) => void)(state, payload, effects);
  return {
    ...{ state, recorded, fire },
    receive: (name, message, from) =>
      (replica.on[name] as (...all: unknown[]) => void)(state, message, from, effects),
    fireLast: (name) => {
      const last = asked.findLast(
        (each) => each.name === name && (each.what === "timer" || each.what === "sync"),
      );
      fire(name, last!.payload);
    },
  };
}
