import { type OperationKind, operationKinds } from "../core/protocol.ts";
import type { Actor } from "../simulation/world.ts";
import { record } from "./shapes/compoundShapes.ts";
import { duration, integer, oneOf } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";

/** An operation that begins at a given time. */
export interface ScriptedOperation {
  readonly atMs: number;
  /** Index of the client site at which it begins. */
  readonly client: number;
  readonly kind: OperationKind;
  readonly key: number;
  readonly session: number;
  readonly device: number;
  /** Index in the script of the operation because of which the user asks; absent: none. */
  readonly after?: number;
}

/** An operation of a script. */
export const scriptedOperation: Shape<ScriptedOperation> = record<ScriptedOperation>(
  {
    atMs: field(duration(), "When it begins."),
    client: field(integer({ min: 0 }), "Index of the client site at which it begins."),
    kind: field(oneOf(operationKinds), "What is asked for."),
    key: field(integer({ min: 0 }), "Number of the key."),
    session: field(integer({ min: 0 }), "Number of the session."),
    device: field(integer({ min: 0 }), "Number of the device within the session."),
    after: optional(integer({ min: 0 }), "Index of the operation because of which the user asks."),
  },
  { client: 0, session: 0, device: 0 },
);

/**
 * Begins the operations of a script, which are numbered as they stand in it.
 *
 * @param script by rising time
 * @param clients nodes of the client sites
 */
export function scriptActor(
  script: readonly ScriptedOperation[],
  clients: readonly number[],
): Actor {
  let next = 0;
  return {
    begin(_seed, controls) {
      next = 0;
      if (script.length > 0) controls.wakeAt(script[0]!.atMs, null);
    },
    wake(_, controls) {
      const { client, atMs: _atMs, ...request } = script[next++]!;
      controls.invoke(clients[client]!, request);
      if (next < script.length) controls.wakeAt(script[next]!.atMs, null);
    },
  };
}
