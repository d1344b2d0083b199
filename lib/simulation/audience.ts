import type { Completion, NodeId, Operation } from "../core/protocol.ts";
import type { Actor, Controls, RunObserver } from "./world.ts";

type With<Method extends keyof RunObserver> = Partial<RunObserver> & Pick<RunObserver, Method>;
type Asked<Method extends "completed" | "observed"> = {
  readonly actor: Actor & Required<Pick<Actor, Method>>;
  readonly controls: Controls;
};

/** All who are told what happens in a run: first the observers, then the actors, each in their order. */
export class Audience {
  private readonly observers: readonly Partial<RunObserver>[];
  private readonly onInvoked: readonly With<"invoked">[];
  private readonly onCompleted: readonly With<"completed">[];
  private readonly onObserved: readonly With<"observed">[];
  private readonly actorsOnCompleted: readonly Asked<"completed">[];
  private readonly actorsOnObserved: readonly Asked<"observed">[];

  constructor(
    observers: readonly Partial<RunObserver>[],
    actors: readonly Actor[],
    controls: readonly Controls[],
  ) {
    this.observers = observers;
    // Whoever does not listen is left out at once, not in every event.
    this.onInvoked = listeners(observers, "invoked");
    this.onCompleted = listeners(observers, "completed");
    this.onObserved = listeners(observers, "observed");
    const asked = actors.map((actor, index) => ({ actor, controls: controls[index]! }));
    this.actorsOnCompleted = asked.filter(({ actor }) => actor.completed) as Asked<"completed">[];
    this.actorsOnObserved = asked.filter(({ actor }) => actor.observed) as Asked<"observed">[];
  }

  runBegan(seed: number): void {
    for (const observer of this.observers) observer.runBegan?.(seed);
  }

  runEnded(timeMs: number): void {
    for (const observer of this.observers) observer.runEnded?.(timeMs);
  }

  invoked(operation: Operation, node: NodeId, timeMs: number): void {
    for (const observer of this.onInvoked) observer.invoked(operation, node, timeMs);
  }

  completed(operation: Operation, completion: Completion, node: NodeId, timeMs: number): void {
    for (const observer of this.onCompleted)
      observer.completed(operation, completion, node, timeMs);
    for (const { actor, controls } of this.actorsOnCompleted) {
      actor.completed(operation, completion, controls);
    }
  }

  observed(name: string, value: unknown, node: NodeId, timeMs: number): void {
    for (const observer of this.onObserved) observer.observed(name, value, node, timeMs);
    for (const { actor, controls } of this.actorsOnObserved) {
      actor.observed(name, value, node, controls);
    }
  }

  faulted(name: string, node: NodeId, value: number, timeMs: number): void {
    for (const observer of this.observers) observer.faulted?.(name, node, value, timeMs);
  }
}

function listeners<Method extends keyof RunObserver>(
  observers: readonly Partial<RunObserver>[],
  method: Method,
): With<Method>[] {
  return observers.filter((observer) => observer[method] !== undefined) as With<Method>[];
}
