import { versionOf } from "../../core/protocol.ts";
import { apply } from "./shipping.ts";
import { epochAt, type ReplicaEffects, type ReplicaState } from "./state.ts";

/** The leader commits and answers what is acknowledged by as many as asked for. */
export function advance(state: ReplicaState, effects: ReplicaEffects): void {
  const { role } = state;
  if (role.kind !== "leader") return;
  const position = acknowledgedPosition(state);
  if (position > state.committedPosition) {
    state.committedPosition = position;
    apply(state);
  }
  while (role.waiting.length > 0 && role.waiting[0]!.position <= position) {
    const { operation, attempt, client, position: at } = role.waiting.shift()!;
    const version = versionOf(epochAt(state, at), at);
    effects.observe("acknowledged", {
      ...{ partition: state.config.group.partition, operation, version },
    });
    effects.send(client, "reply", {
      ...{ operation, attempt, outcome: "ok", value: operation, version, position: at },
      ...{ epoch: state.epoch, leader: state.self },
    });
  }
}

/** Newest position that as many followers have acknowledged as the kind of acknowledgement asks for. */
function acknowledgedPosition(state: ReplicaState): number {
  const { role, config, loggedPosition } = state;
  if (role.kind !== "leader") return 0;
  const { acknowledgement } = config.options;
  const matched = Object.values(role.progress)
    .map((progress) => progress.matched)
    .sort((a, b) => b - a);
  switch (acknowledgement.kind) {
    case "asynchronous":
      return loggedPosition;
    case "synchronous":
      return Math.min(loggedPosition, matched.at(-1) ?? Infinity);
    case "semi-synchronous":
      return Math.min(loggedPosition, matched[acknowledgement.followers - 1] ?? 0);
    case "majority": {
      const all = [...matched, loggedPosition].sort((a, b) => b - a);
      const position = all[Math.floor(all.length / 2)]!;
      // Only entries of the own epoch are committed by counting (Raft 5.4.2).
      return epochAt(state, position) === state.epoch ? position : 0;
    }
  }
}
