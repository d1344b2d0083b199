import type { NodeId } from "../core/protocol.ts";
import type { Actor, RunObserver } from "../simulation/world.ts";

/** An actor that misses nothing, and what has to watch the run for that. */
export interface HearingActor {
  readonly actor: Actor;
  readonly observer: Partial<RunObserver>;
}

/**
 * An actor that also hears what protocols tell as the nodes start, which is before actors begin: the
 * first leaders do. It is told as soon as it has begun.
 */
export function hearingStart(actor: Actor): HearingActor {
  let early: (readonly [name: string, value: unknown, node: NodeId])[] | undefined;
  return {
    observer: {
      runBegan() {
        early = [];
      },
    },
    actor: {
      begin(seed, controls) {
        actor.begin(seed, controls);
        const missed = early ?? [];
        early = undefined;
        for (const [name, value, node] of missed) actor.observed?.(name, value, node, controls);
      },
      wake: (reason, controls) => actor.wake(reason, controls),
      completed: (operation, completion, controls) =>
        actor.completed?.(operation, completion, controls),
      observed(name, value, node, controls) {
        if (early === undefined) actor.observed?.(name, value, node, controls);
        else early.push([name, value, node]);
      },
    },
  };
}
