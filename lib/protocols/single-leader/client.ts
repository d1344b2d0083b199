import type { Effects, Operation, Protocol, TimerId } from "../../core/protocol.ts";
import type { Observations } from "./messages.ts";
import type { ClientConfig } from "./options.ts";
import type { Messages } from "./state.ts";

/** Timers of clients. */
export interface ClientTimers {
  /** An operation has waited long enough. */
  giveUp: { readonly operation: number };
}

interface Pending {
  readonly operation: Operation;
  readonly timer: TimerId;
}

/** State of a client node: many sessions of one region. */
export interface ClientState {
  readonly config: ClientConfig;
  /** By operation. */
  pending: Record<number, Pending>;
  /** Who leads each group, as far as known. */
  leaders: number[];
}

type ClientEffects = Effects<Messages, ClientTimers, Observations>;

/** An application's side of the database driver: routes operations, waits, gives up. */
export const client: Protocol<ClientState, Messages, ClientTimers, ClientConfig, Observations> = {
  role: "client",
  init: (config) => ({
    config,
    pending: {},
    leaders: config.groups.map((group) => group.replicas[0]!),
  }),
  invoke(state, operation, effects) {
    const { groups, options } = state.config;
    const to = state.leaders[operation.key % groups.length]!;
    const timer = effects.setTimer("giveUp", { operation: operation.id }, options.timeoutMs);
    state.pending[operation.id] = { operation, timer };
    effects.send(to, "request", {
      ...{ operation, attempt: 0, minPosition: 0, waitMs: 0, maxLagMs: null },
    });
  },
  on: {
    reply(state, { operation: id, outcome, value, version, leader }, from, effects) {
      const pending = state.pending[id];
      if (pending === undefined) return;
      const { groups } = state.config;
      if (leader >= 0) state.leaders[pending.operation.key % groups.length] = leader;
      finish(
        state,
        id,
        outcome === "refused" ? "failed" : outcome,
        { value, version, from },
        effects,
      );
    },
  },
  timers: {
    giveUp(state, { operation }, effects) {
      finish(state, operation, "indefinite", { value: null, version: 0, from: -1 }, effects);
    },
  },
};

function finish(
  state: ClientState,
  id: number,
  outcome: "ok" | "failed" | "indefinite",
  found: { readonly value: number | null; readonly version: number; readonly from: number },
  effects: ClientEffects,
): void {
  const { operation, timer } = state.pending[id]!;
  effects.cancelTimer(timer);
  delete state.pending[id];
  effects.complete(operation.id, {
    ...{ outcome, value: found.value, version: found.version, servedBy: found.from },
  });
}
