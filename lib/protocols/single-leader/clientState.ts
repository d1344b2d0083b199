import type { Effects, NodeId, Operation, TimerId } from "../../core/protocol.ts";
import type { Observations } from "./messages.ts";
import type { ClientConfig } from "./options.ts";
import type { Messages } from "./state.ts";

/** Timers of clients. */
export interface ClientTimers {
  /** An attempt has waited long enough. */
  giveUp: { readonly operation: number };
  /** It is time for the next attempt. */
  retry: { readonly operation: number };
  /** The directory knows of a leader. */
  route: { readonly partition: number; readonly leader: NodeId; readonly epoch: number };
}

/** Effects as clients see them. */
export type ClientEffects = Effects<Messages, ClientTimers, Observations>;

/** An operation that is not yet answered. */
export interface Pending {
  readonly operation: Operation;
  /** Number of the attempt, from 0. */
  attempt: number;
  /** Replica asked last; -1 before the first attempt. */
  to: NodeId;
  /** Whether only a leader may answer it. */
  mustLead: boolean;
  timer: TimerId;
}

/** What a client node knows of a partition. */
export interface GroupView {
  /** Who leads, as far as known; if that is wrong, where to ask next. */
  leader: NodeId;
  /** Epoch in which it does. */
  leaderEpoch: number;
  /** Highest epoch in which a leader has answered. */
  epoch: number;
  /** Who did not answer as a leader, and the epoch in which it was one; -1: nobody. */
  suspect: NodeId;
  suspectEpoch: number;
  /** Epoch of the leader that the directory will soon know; -1: none. */
  routeEpoch: number;
}

/** What is remembered for a device, or for all devices of a session. */
export interface Memory {
  /** When it last wrote, by the client's clock, in ms; -Infinity: never. */
  wroteMs: number;
  /** By partition, the newest version that it wrote, read, or that what it read depends on. */
  readonly versions: number[];
  /** By partition, the replica that it stays with; -1: none yet. */
  readonly replicas: NodeId[];
}

/** State of a client node: many sessions of one region. */
export interface ClientState {
  readonly config: ClientConfig;
  /** By operation. */
  pending: Record<number, Pending>;
  /** By partition. */
  views: GroupView[];
  /** By replica, when it last left a question without answer, by the client's clock, in ms. */
  silentMs: Record<NodeId, number>;
  /** By device or session, only where the routing of reads needs it. */
  memories: Record<number, Memory>;
}

/** Partition of an operation's key. */
export function partitionOf({ config }: ClientState, { key }: Operation): number {
  return key % config.groups.length;
}

/** Whether the client looks at epochs. */
export function looksAtEpochs({ tokens = true }: ClientConfig): boolean {
  return tokens;
}
