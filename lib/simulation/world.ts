import type {
  AnyProtocol,
  Completion,
  NodeId,
  Operation,
  OperationKind,
} from "../core/protocol.ts";
import type { ClockSpec } from "./clock.ts";
import type { DiskSpec } from "./disk.ts";
import type { NetworkSpec } from "./network.ts";

/** One machine: what it is called, where it stands, what runs on it. */
export interface WorldNode {
  readonly name: string;
  /** Name of a region of the network. */
  readonly region: string;
  readonly protocol: AnyProtocol;
  /** What the protocol's `init` takes. */
  readonly config: unknown;
  /**
   * CPU time that a message costs here, by its name, in ms, and an operation under the name `invoke`:
   * messages and operations are served one after the other. Names that are missing cost nothing, but
   * wait for what came before; timers do not wait. Absent: nothing costs anything.
   */
  readonly serviceMs?: Readonly<Record<string, number>>;
}

/** All that does not change from run to run: machines and what connects them. */
export interface World {
  readonly nodes: readonly WorldNode[];
  readonly network: NetworkSpec;
  /** Disks of all nodes; absent: writes are durable at once. */
  readonly disk?: DiskSpec;
  /** Clocks of all nodes; absent: all show true time. */
  readonly clocks?: ClockSpec;
}

/** Someone outside the nodes who acts in virtual time: clients that ask, faults that strike. */
export interface Actor {
  /** Called before the nodes start: an actor that hears what they then tell forgets the run before. */
  prepare?(seed: number): void;
  /** Called at time 0, after the nodes have started. */
  begin(seed: number, controls: Controls): void;
  /** Called at the times asked for by `wakeAt`. */
  wake(reason: unknown, controls: Controls): void;
  /** An operation has been answered. */
  completed?(operation: Operation, completion: Completion, controls: Controls): void;
  /** A protocol told something by `effects.observe`, in the middle of a handler. */
  observed?(name: string, value: unknown, node: NodeId, controls: Controls): void;
}

/** What an actor can do. Times are true time, in ms from the start of the run. */
export interface Controls {
  readonly nowMs: number;
  /** Number of nodes. */
  readonly nodeCount: number;
  /** Calls this actor's `wake` at a time, not before now. */
  wakeAt(timeMs: number, reason: unknown): void;
  /** Begins an operation at a node and returns its number. */
  invoke(node: NodeId, request: OperationRequest): number;
  isUp(node: NodeId): boolean;
  /** Volatile state is lost, timers are forgotten; messages that arrive meanwhile are lost. */
  crash(node: NodeId): void;
  /** The node comes back with what its disk kept. */
  restart(node: NodeId): void;
  /** The node stands still, in the middle of a message if need be; messages and timers wait for it. */
  pause(node: NodeId): void;
  /** The node goes on where it stood; what waited follows, in the order in which it came. */
  resume(node: NodeId): void;
  /** CPU and disk of the node take this many times as long, until it crashes; 1 is normal. */
  slow(node: NodeId, factor: number): void;
  /**
   * Messages sent from one node to the other from now on do not get through: datagrams are lost, streams
   * hold them. Those under way arrive. Cuts add up: each has to be healed.
   */
  cut(from: NodeId, to: NodeId): void;
  heal(from: NodeId, to: NodeId): void;
  /** Every delay of the network takes this many times as long from now on; 1 is normal. */
  stretch(factor: number): void;
  /** The node's clock jumps by so many ms. */
  jumpClock(node: NodeId, byMs: number): void;
  /** Ends the run as soon as the handler that is running has returned. */
  stop(): void;
}

/** An operation to begin; the run numbers it. A write without value writes the operation's number. */
export interface OperationRequest {
  readonly kind: OperationKind;
  readonly key: number;
  readonly session: number;
  readonly device: number;
  /** Number of the completed operation of the session because of which the user asks; absent: none. */
  readonly after?: number;
}

/** Why a message never arrived: chance, a partition, or a receiver that was down. */
export type LossReason = "lost" | "cut" | "down";

/** Whoever watches a run; without effect on it. Times are true time, in ms. */
export interface RunObserver {
  /** Before anything happens: observers forget the run before. */
  runBegan(seed: number): void;
  invoked(operation: Operation, node: NodeId, timeMs: number): void;
  completed(operation: Operation, completion: Completion, node: NodeId, timeMs: number): void;
  /** What a protocol told by `effects.observe`. */
  observed(name: string, value: unknown, node: NodeId, timeMs: number): void;
  /** A fault: `crash`, `restart`, `pause`, `resume`, `slow`, `cut`, `heal`, `stretch`, `jumpClock`. */
  faulted(name: string, node: NodeId, value: number, timeMs: number): void;
  runEnded(timeMs: number): void;
}

/** Whoever follows every message and timer too: slower, for single runs. */
export interface StepObserver {
  /**
   * A message was sent; arrival `Infinity` if it never will, for the reason given. One that a stream
   * has to hold is told of when it gets through or is given up, as sent then.
   */
  sent(message: SentMessage): void;
  /** The handler of a message is about to be called; `id` is that of `sent`. */
  delivered(id: number, timeMs: number): void;
  /** A message arrived at a node that was down. */
  missed(id: number, timeMs: number): void;
  /** The handler of a timer or of a finished sync is about to be called. */
  fired(name: string, payload: unknown, node: NodeId, timeMs: number): void;
}

/** A message as a step observer sees it. */
export interface SentMessage {
  /** Number of the message in its run, from 0; a second copy has its own. */
  readonly id: number;
  readonly name: string;
  readonly payload: unknown;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentMs: number;
  readonly arrivalMs: number;
  readonly reason: LossReason | "duplicate" | null;
}
