import { current, freeze, Immer, isDraft } from "immer";
import type { Effects, NodeId, RunnableProtocol } from "../core/protocol.ts";

/** Told the state of a node at first, after a restart, and after each of its handlers. Frozen. */
export type StateWatcher = (node: NodeId, state: unknown) => void;

// biome-ignore lint/suspicious/noExplicitAny: names and payloads are known to the protocol only
type AnyEffects = Effects<any, any, any>;
type AnyHandler = (state: unknown, ...rest: unknown[]) => void;

/** What the simulator holds as the state of an inspected node. */
interface Box {
  readonly node: NodeId;
  state: unknown;
  /** The draft that the handler at work changes; a handler that it sets off at its own node takes part. */
  draft: { state: unknown } | undefined;
}

/** Immer of our own, so that its switches are those of nobody else. */
const immer = new Immer({ autoFreeze: true });

/**
 * A protocol whose handlers run through immer's `produce`: each leaves the state before it as it was and
 * makes the next one, which shares all that did not change. The simulator and the handlers notice
 * nothing, and the run is the same, to the last byte.
 *
 * It is not the same where a protocol breaks the rule that payloads belong to their receiver: a handler
 * that sends a part of its state and changes it later changes the message under way in a plain run, and
 * does not here.
 *
 * @param watch told each state
 * @throws {Error} in `init`, `restart` or a handler, if the state holds anything but plain data
 */
export function inspected(protocol: RunnableProtocol, watch: StateWatcher): RunnableProtocol {
  const { restart, start, invoke, on, timers } = protocol;
  // A handler may see its node crash and come back: what it leaves behind then is nobody's state.
  const boxes = new Map<NodeId, Box>();
  const told = (box: Box): void => {
    if (boxes.get(box.node) === box) watch(box.node, box.state);
  };
  const boxed = (node: NodeId, state: unknown): Box => {
    needPlain(state, protocol.role);
    const box: Box = { node, state: freeze(state, true), draft: undefined };
    boxes.set(node, box);
    told(box);
    return box;
  };
  const inspect = (handler: AnyHandler): AnyHandler =>
    inspectedHandler(handler, protocol.role, told);
  return {
    role: protocol.role,
    init: (config, self) => boxed(self, protocol.init(config, self)),
    ...(restart && {
      restart: (durable, config, self) => boxed(self, restart(durable, config, self)),
    }),
    ...(start && { start: inspect(start as AnyHandler) }),
    ...(invoke && { invoke: inspect(invoke as AnyHandler) }),
    on: inspectAll(on, inspect),
    timers: inspectAll(timers, inspect),
  };
}

function inspectAll(
  handlers: object,
  inspect: (handler: AnyHandler) => AnyHandler,
): Record<string, AnyHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, inspect(handler as AnyHandler)]),
  );
}

/** The last argument of every handler are its effects. */
function inspectedHandler(handler: AnyHandler, role: string, told: (box: Box) => void): AnyHandler {
  return (state, ...rest) => {
    const box = state as Box;
    const inputs = rest.slice(0, -1);
    const effects = undrafting(rest.at(-1) as AnyEffects);
    if (box.draft !== undefined) {
      handler(box.draft.state, ...inputs, effects);
      return;
    }
    const before = { state: box.state };
    const after = immer.produce(before, (draft) => {
      box.draft = draft;
      handler(draft.state, ...inputs, effects);
    });
    box.draft = undefined;
    box.state = after.state;
    if (after !== before) needPlain(box.state, role, before.state);
    told(box);
  };
}

/** Effects that let no draft out of the handler: what leaves it is as it is at that moment. */
function undrafting(effects: AnyEffects): AnyEffects {
  return {
    clockMs: () => effects.clockMs(),
    send: (to, message, payload, sizeBytes) =>
      effects.send(to, message, undrafted(payload), sizeBytes),
    setTimer: (timer, payload, delay) => effects.setTimer(timer, undrafted(payload), delay),
    cancelTimer: (timer) => effects.cancelTimer(timer),
    choose: (count) => effects.choose(count),
    store: (slot, value, sizeBytes) => effects.store(slot, undrafted(value), sizeBytes),
    append: (entry, sizeBytes) => effects.append(undrafted(entry), sizeBytes),
    truncate: (fromPosition) => effects.truncate(fromPosition),
    trim: (beforePosition) => effects.trim(beforePosition),
    resetLog: (firstPosition) => effects.resetLog(firstPosition),
    sync: (timer, payload) => effects.sync(timer, undrafted(payload)),
    complete: (operation, completion) => effects.complete(operation, undrafted(completion)),
    observe: (name, value) => effects.observe(name, undrafted(value)),
  };
}

/** A value without drafts; those parts that hold none are shared, not copied. */
function undrafted<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (isDraft(value)) return current(value as never);
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return undraftedArray(value) as Value;
  return undraftedRecord(value as Record<string, unknown>) as Value;
}

function undraftedArray(values: readonly unknown[]): readonly unknown[] {
  const parts = values.map(undrafted);
  return parts.some((part, index) => part !== values[index]) ? parts : values;
}

function undraftedRecord(record: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(record).map(([name, part]) => [name, undrafted(part)] as const);
  return entries.some(([name, part]) => part !== record[name])
    ? Object.fromEntries(entries)
    : record;
}

/** Refuses what immer would share instead of copying: then earlier states would change with later ones. */
function needPlain(value: unknown, role: string, known?: unknown): void {
  if (typeof value === "function") throw notPlain(role, "a function");
  if (typeof value !== "object" || value === null || value === known) return;
  const kind = Object.getPrototypeOf(value) as unknown;
  if (!Array.isArray(value) && kind !== Object.prototype && kind !== null) {
    throw notPlain(role, value.constructor.name);
  }
  const before = known as Record<string, unknown> | null | undefined;
  for (const [name, part] of Object.entries(value)) needPlain(part, role, before?.[name]);
}

function notPlain(role: string, what: string): Error {
  return new Error(
    `inspected: need the state of a ${role} to be plain data (objects, arrays, numbers, texts), got ${what} in it`,
  );
}
