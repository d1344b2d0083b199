import type { Effects, NodeId, TimerId } from "../../../core/protocol.ts";
import type { Choice, Detector, ReplicaGroup, SingleLeaderOptions } from "../options.ts";
import type { ControllerConfig } from "./controllerConfig.ts";
import type { Report } from "./controllerTypes.ts";
import type { Heard } from "./detector.ts";
import type { FailoverMessages, FailoverObservations } from "./types.ts";

/** Timers of monitors; `watch` tells the act that they belong to, so that old ones mean nothing. */
export interface MonitorTimers {
  /** All replicas of a partition are asked. */
  pollRound: { readonly partition: number };
  /** The leader has been silent for as long as the detector allows. */
  suspect: { readonly partition: number };
  /** The operator has reacted. */
  react: { readonly partition: number; readonly act: number };
  /** The monitor's vote for itself, or for another one, is on the disk. */
  claimStored: { readonly partition: number; readonly round: number; readonly to: NodeId };
  /** No majority of the monitors has answered a claim. */
  claimOver: { readonly partition: number; readonly act: number };
  /** The power switch has had its time. */
  stonithOver: { readonly partition: number; readonly act: number };
  /** Replicas that have not told their positions by now are left out. */
  choiceOver: { readonly partition: number; readonly act: number };
  /** The chosen one has had its time to lead. */
  promotionOver: { readonly partition: number; readonly act: number };
  /** Replicas are told whom to follow. */
  reconfigure: { readonly partition: number; readonly to: NodeId };
}

/** What a monitor is doing about a partition. */
export type Act =
  | { kind: "watching" }
  | { kind: "reacting" }
  | { kind: "claiming"; round: number; votes: NodeId[] }
  | { kind: "switchingOff"; round: number; isConfirmed: boolean }
  | { kind: "choosing"; round: number; reports: Record<NodeId, Report> }
  | { kind: "promoting"; epoch: number; leader: NodeId };

/** What a monitor knows of a partition. */
export interface Watch {
  /** Who leads, as far as it knows: who last said so, in the highest epoch. */
  leader: NodeId;
  epoch: number;
  heard: Heard;
  suspectTimer: TimerId;
  isSuspected: boolean;
  /** Monitors that hold the leader for dead, itself among them. */
  agreed: NodeId[];
  /** The leader's last report, for the lag of others. */
  leaderPosition: number;
  /** Highest round of which it knows, and the highest in which it has granted a claim. Durable. */
  round: number;
  votedRound: number;
  /** To whom it granted a claim last, and until when nobody else gets one, by the own clock. */
  grantee: NodeId;
  grantedUntilMs: number;
  act: Act;
  /** Number of the act, and the timer that ends it. */
  actNumber: number;
  actTimer: TimerId;
  /** By the own clock: no failover before. */
  blockedUntilMs: number;
  /** Replicas that will be told whom to follow. */
  reconfiguring: NodeId[];
}

/** State of a monitor. */
export interface MonitorState {
  readonly self: NodeId;
  readonly config: ControllerConfig;
  readonly plan: Plan;
  /** By partition. */
  readonly watches: Record<number, Watch>;
}

/** Effects as monitors see them. */
export type MonitorEffects = Effects<FailoverMessages, MonitorTimers, FailoverObservations>;

/** What monitors do, whether a machine decides or an operator. */
export interface Plan {
  readonly quorum: number;
  readonly pollMs: number;
  readonly detector: Detector;
  /** From the alarm to acting; `null`: at once. */
  readonly reaction: SingleLeaderOptions["shipping"]["applyDelay"] | null;
  readonly choose: Choice;
  readonly maximumLagBytes: number | null;
  readonly promoteDelay: SingleLeaderOptions["shipping"]["applyDelay"];
  readonly reconfigureDelay: SingleLeaderOptions["shipping"]["applyDelay"];
  readonly stonithMs: number | null;
  readonly stonithFailure: "proceed" | "wait";
  readonly blockMs: number;
}

/** The plan behind the options; an operator promotes at once and tells everybody. */
export function planOf({ failover }: SingleLeaderOptions): Plan {
  switch (failover.kind) {
    case "controller": {
      const { stonithFailure = "proceed" } = failover;
      return { ...failover, stonithFailure, reaction: null };
    }
    case "manual": {
      const { detector, pollMs, reaction, choose } = failover;
      return {
        ...{ quorum: 1, pollMs, detector, reaction, choose, maximumLagBytes: null },
        ...{ promoteDelay: 0, reconfigureDelay: 0, stonithMs: null, blockMs: 0 },
        stonithFailure: "proceed",
      };
    }
    default:
      throw new Error(`quorumlab: failover "${failover.kind}" has no monitors`);
  }
}

/** The replicas of a partition. */
export function groupOf({ config }: MonitorState, partition: number): ReplicaGroup {
  return config.groups.find((group) => group.partition === partition)!;
}

/** The other monitors. */
export function othersOf({ config, self }: MonitorState): readonly NodeId[] {
  return config.controllers.filter((node) => node !== self);
}
