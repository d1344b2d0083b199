/** Number of a node in its world, from 0. */
export type NodeId = number;

/** A delay in ms: fixed, or drawn by the simulator, uniformly from [minMs, maxMs). */
export type Delay = number | { readonly minMs: number; readonly maxMs: number };

/** What `setTimer` returns and `cancelTimer` takes; 0 stands for no timer. Plain, so it may be kept in a state. */
export type TimerId = number;

/** Kinds of client operations: `insert` asks the database for a new primary key. */
export const operationKinds = ["read", "write", "insert"] as const;

/** A kind of client operation. */
export type OperationKind = (typeof operationKinds)[number];

/** What a client asks for. */
export interface Operation {
  /** Number of the operation in its run, from 0, in the order of invocation. */
  readonly id: number;
  readonly kind: OperationKind;
  /** Number of the key, from 0. */
  readonly key: number;
  /**
   * What a write writes: a number that no other operation of the run writes (its `id`); for a read
   * `null`.
   */
  readonly value: number | null;
  /** Number of the session that it belongs to, from 0: one user, who may use several devices. */
  readonly session: number;
  /** Number of the device within the session, from 0. */
  readonly device: number;
  /** Number of the completed operation of the session because of which the user asks; absent: none. */
  readonly after?: number;
}

/**
 * How an operation ended: `ok`; `failed`, it surely did not and will not happen; `indefinite`, it may or
 * may not have happened.
 */
export const outcomes = ["ok", "failed", "indefinite"] as const;

/** How an operation ended. */
export type Outcome = (typeof outcomes)[number];

/** The answer to an operation. */
export interface Completion {
  readonly outcome: Outcome;
  /** What a read found: the value of some write, or `null` if the key was never written. */
  readonly value: number | null;
  /**
   * Where the value stands in the order of versions of its key, 0 if never written; for a write, the
   * version that it made. See `versionOf`.
   */
  readonly version: number;
  /** The replica that answered; -1 if none did. */
  readonly servedBy: NodeId;
}

const positionsPerEpoch = 2 ** 32;

/**
 * The place of a log entry in the order of all entries, as one number: first by epoch, then by position.
 *
 * @param epoch of the leader that made the entry (term, timeline), integer in [0, 2^21)
 * @param position in the log, from 1, integer below 2^32
 */
export function versionOf(epoch: number, position: number): number {
  return epoch * positionsPerEpoch + position;
}

/** The epoch of a version. */
export function epochOf(version: number): number {
  return Math.floor(version / positionsPerEpoch);
}

/** The log position of a version. */
export function positionOf(version: number): number {
  return version % positionsPerEpoch;
}

/** What a crash leaves of a node: the slots and the log on its disk. */
export interface Durable {
  /** Values stored under names, as of the last sync. */
  readonly slots: Readonly<Record<string, unknown>>;
  /** Entries appended and neither truncated, trimmed nor lost. */
  readonly log: readonly unknown[];
  /** Position of the first entry of `log`; positions count from 1. */
  readonly firstPosition: number;
}

/**
 * What a handler asks for beyond its own state; done in the order asked for.
 *
 * Payloads, values and entries are plain data and belong to the receiver from then on: neither side
 * changes them.
 */
export interface Effects<Messages, Timers, Observations = object> {
  /** What the node's own clock shows, in ms: true time with the node's offset, drift and jumps. */
  clockMs(): number;
  /** Sends a message; it may arrive late, twice, out of order, or not at all. */
  send<M extends keyof Messages>(
    to: NodeId,
    message: M,
    payload: Messages[M],
    sizeBytes?: number,
  ): void;
  /** Calls the handler of a timer later, by the rate of the node's own clock. */
  setTimer<T extends keyof Timers>(timer: T, payload: Timers[T], delay: Delay): TimerId;
  /** Forgets a timer; of one that has fired, been cancelled, or is 0, nothing is left to forget. */
  cancelTimer(timer: TimerId): void;
  /** A random integer in [0, count), uniform. */
  choose(count: number): number;
  /** Stores a value under a name on the node's disk; durable after the next sync. */
  store(slot: string, value: unknown, sizeBytes?: number): void;
  /** Appends an entry to the log on the node's disk; durable after the next sync. */
  append(entry: unknown, sizeBytes?: number): void;
  /** Removes the entries from a position on. Durable at once. */
  truncate(fromPosition: number): void;
  /** Removes the entries before a position, which nobody needs any more. Durable at once. */
  trim(beforePosition: number): void;
  /**
   * Replaces the log by an empty one that begins at a position: what the installation of a snapshot
   * leaves. Durable at once.
   */
  resetLog(firstPosition: number): void;
  /** Calls the handler of a timer as soon as all that was written before is durable. */
  sync<T extends keyof Timers>(timer: T, payload: Timers[T]): void;
  /** Answers an operation that this node was asked for by `invoke`; each is answered once. */
  complete(operation: number, completion: Completion): void;
  /** Tells whoever watches the run; without effect on it. */
  observe<O extends keyof Observations>(name: O, value: Observations[O]): void;
}

/**
 * What one role of a protocol does, as a record of handlers.
 *
 * A handler assigns to the state it is handed, asks `effects` for everything else, and is otherwise a
 * pure function: no clock, no random source, no state of its own. The same record is run fast by the
 * simulator and step by step, with a copy of each state, by a trace.
 */
export interface Protocol<State, Messages, Timers, Config, Observations = object> {
  /** Name of the role, for example `replica`. */
  readonly role: string;
  /** State of a new node: plain data. */
  init(config: Config, self: NodeId): State;
  /**
   * State of a node that comes back from a crash. Absent: as new.
   *
   * @param durable what the disk kept; the receiver may keep the log as its own
   */
  restart?(durable: Durable, config: Config, self: NodeId): State;
  /** Called when the node begins to run, at first and after a restart. */
  start?(state: State, effects: Effects<Messages, Timers, Observations>): void;
  /** A client operation that begins at this node. */
  invoke?(
    state: State,
    operation: Operation,
    effects: Effects<Messages, Timers, Observations>,
  ): void;
  /** By message: what the node does when it arrives. */
  readonly on: {
    readonly [M in keyof Messages]?: (
      state: State,
      message: Messages[M],
      from: NodeId,
      effects: Effects<Messages, Timers, Observations>,
    ) => void;
  };
  /** By timer: what the node does when it fires, or when a sync is done. */
  readonly timers: {
    readonly [T in keyof Timers]?: (
      state: State,
      payload: Timers[T],
      effects: Effects<Messages, Timers, Observations>,
    ) => void;
  };
}

/** A handler of which only its protocol knows what it takes. */
export type AnyHandler = (...parts: never[]) => unknown;

/** A protocol of which only the shape is known: what a world is made of. Every `Protocol` is one. */
export interface AnyProtocol {
  readonly role: string;
  readonly init: AnyHandler;
  readonly restart?: AnyHandler;
  readonly start?: AnyHandler;
  readonly invoke?: AnyHandler;
  /** Handlers by message. */
  readonly on: object;
  /** Handlers by timer. */
  readonly timers: object;
}

/** A protocol as whoever runs it calls it: with payloads and states that only the protocol knows. */
// biome-ignore lint/suspicious/noExplicitAny: as said above
export type RunnableProtocol = Protocol<any, any, any, any, any>;
