import type { NodeId, TimerId } from "../../../core/protocol.ts";

/** Messages between monitors and replicas, and among monitors. */
export interface ControllerMessages {
  /** A monitor asks how a replica is. */
  poll: { readonly partition: number };
  polled: Report;
  /** A monitor that holds the leader for dead asks another one. */
  askDown: { readonly partition: number; readonly leader: NodeId };
  down: { readonly partition: number; readonly leader: NodeId; readonly isDown: boolean };
  /** A monitor asks to be the one who acts, in a round above all it knows; others grant a round once. */
  claim: { readonly partition: number; readonly round: number };
  claimed: { readonly partition: number; readonly round: number; readonly isGranted: boolean };
  /** The monitor that acts orders a replica off, to lead, or to follow. */
  switchOff: { readonly partition: number };
  switchedOff: { readonly partition: number };
  promote: { readonly partition: number; readonly epoch: number };
  follow: { readonly partition: number; readonly epoch: number; readonly leader: NodeId };
}

/** How a replica is. */
export interface Report {
  readonly partition: number;
  readonly epoch: number;
  readonly isLeader: boolean;
  readonly isStopped: boolean;
  /** Whom it takes entries from; -1: nobody. */
  readonly source: NodeId;
  /** End of its log, and the epoch of the entry there. */
  readonly position: number;
  readonly lastEpoch: number;
}

/** Timers of replicas that are promoted by others or by their lease, and watched. */
export interface PromotionTimers {
  /** The replica may accept writes now, in an epoch that it has to store before. */
  promote: { readonly epoch: number };
  /** It has. */
  promoted: { readonly epoch: number };
  /** The leader was not asked by a majority of the monitors for too long. */
  silenced: null;
}

/** What a replica keeps that others watch: monitors, or an operator's. */
export interface MonitoredState {
  readonly kind: "monitored";
  /** Whom it takes entries from; itself if it leads, -1: nobody. Durable. */
  source: NodeId;
  /** Epoch that it was told to lead in and does not yet; 0: none. */
  promotion: number;
  /** By the own clock, when each monitor last asked. */
  askedMs: Record<NodeId, number>;
  silenceTimer: TimerId;
}
