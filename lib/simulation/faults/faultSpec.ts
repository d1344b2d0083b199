import type { Duration } from "../../core/duration.ts";
import type { TimeSpec } from "../needTime.ts";
import type { NodeSet } from "../nodeSet.ts";
import type { PartitionDurationName } from "./partitionDurations.ts";

/** All faults of a run, as plain data. */
export interface FaultSchedule {
  readonly faults: readonly FaultSpec[];
  /** At this time every fault that lasts is ended, and none begins any more: the run can settle. */
  readonly healAllAtMs?: Duration;
  /** Names of the observations by which the protocol tells who leads; absent: `leads` and `yields`. */
  readonly leadership?: LeadershipNames;
}

/**
 * Names of the observations by which a protocol tells who leads. Their values hold the `epoch` and the
 * `partition` (0 if missing).
 */
export interface LeadershipNames {
  /** The observing node leads from now on. */
  readonly leads: string;
  /** It has stopped leading. */
  readonly yields: string;
}

/** One fault: what happens, and when. */
export interface FaultSpec {
  /**
   * Names the fault's random streams, so that it stays the same when the list around it changes; not
   * repeated in the list. Absent: its place in the list.
   */
  readonly name?: string;
  /** Present: the fault never strikes, and all others strike as if it did. */
  readonly disabled?: true;
  readonly what: FaultAction;
  readonly when: FaultTimes;
}

/** How long a fault lasts: a time, one of `partitionDurations`, or until all is healed. */
export type FaultDuration =
  | TimeSpec
  | { readonly kind: "published"; readonly name: PartitionDurationName }
  | "forever";

/** What happens. Where several nodes are hit at once, each has a duration of its own. */
export type FaultAction =
  /** The node stops; it comes back with what its disk kept. */
  | { readonly kind: "crash"; readonly target: FaultTarget; readonly lastsMs: FaultDuration }
  /** The node stands still and then goes on, as after a long garbage collection. */
  | { readonly kind: "pause"; readonly target: FaultTarget; readonly lastsMs: FaultDuration }
  /** CPU and disk take `factor` (> 0) times as long; again after a crash, when the node is back. */
  | {
      readonly kind: "slow";
      readonly target: FaultTarget;
      readonly factor: number;
      readonly lastsMs: FaultDuration;
    }
  /** Messages between some nodes are lost: all the time, or in a part of each period. */
  | {
      readonly kind: "cut";
      readonly links: CutLinks;
      readonly lastsMs: FaultDuration;
      readonly flapping?: Flapping;
    }
  /** Every delay of the network takes `factor` (> 0) times as long. */
  | { readonly kind: "congestion"; readonly factor: number; readonly lastsMs: FaultDuration }
  /**
   * The node's clock jumps by so many ms, forward or (< 0) back, by a fixed amount or one drawn
   * uniformly. With `lastsMs` it jumps back after that time, else it stays wrong.
   */
  | {
      readonly kind: "clockJump";
      readonly target: FaultTarget;
      readonly byMs: number | { readonly minMs: number; readonly maxMs: number };
      readonly lastsMs?: FaultDuration;
    };

/** A link that comes and goes: lost for the first `cutShare` (in (0, 1)) of each period. */
export interface Flapping {
  readonly periodMs: Duration;
  readonly cutShare: number;
}

/** Which messages a cut loses. Nodes that no list names are not concerned; nor is a node and itself. */
export type CutLinks =
  /**
   * Nodes of different groups do not hear each other, unless a third group has both: a node in two
   * groups is a bridge, and so is one in none.
   */
  | { readonly kind: "split"; readonly groups: readonly (readonly FaultTarget[])[] }
  /** These nodes and `others` (absent: all other nodes) do not hear each other. */
  | {
      readonly kind: "isolate";
      readonly nodes: readonly FaultTarget[];
      readonly others?: readonly FaultTarget[];
    }
  /** Messages from the ones to the others are lost; those in the other direction arrive. */
  | {
      readonly kind: "oneWay";
      readonly from: readonly FaultTarget[];
      readonly to: readonly FaultTarget[];
    }
  /**
   * Nodes in a ring, each of which hears just enough neighbours to make a majority with itself, and no
   * two the same ones.
   *
   * @see Kingsbury, Jepsen, nemesis `majorities-ring`
   */
  | { readonly kind: "majoritiesRing"; readonly nodes: readonly FaultTarget[] };

/** Whom a fault hits, decided anew each time that it strikes. */
export type FaultTarget =
  | NodeSet
  /** `count` (absent: 1) different nodes of a set, at random, whether up or down. */
  | { readonly kind: "random"; readonly of: NodeSet; readonly count?: number }
  /**
   * One of several groups at random, such as racks (`"regions"`: each region is a group), and each node
   * of it with probability `share`.
   */
  | {
      readonly kind: "groupShare";
      readonly groups: "regions" | readonly NodeSet[];
      readonly share: number;
    }
  /** Whoever leads a partition (absent: 0): nobody, if nobody does. */
  | { readonly kind: "leader"; readonly partition?: number }
  /**
   * The nodes of a set (absent: those of the leader's role) but the leader of a partition; with
   * `count`, so many of them at random. Nobody, if nobody leads.
   */
  | {
      readonly kind: "followers";
      readonly partition?: number;
      readonly of?: NodeSet;
      readonly count?: number;
    }
  /** The node whose observation set the fault off: with `when` of kind `observed` only. */
  | { readonly kind: "self" };

/** When a fault strikes. Times are true time, in ms from the start of the run. */
export type FaultTimes =
  /** At given times. */
  | { readonly kind: "at"; readonly atMs: Duration | readonly Duration[] }
  /** Again and again, at first at `fromMs` (absent: after one interval). */
  | ({ readonly kind: "every"; readonly everyMs: Duration } & Window)
  /** Again and again, after independent random gaps, whether or not the last one is over. */
  | ({ readonly kind: "random"; readonly gapMs: TimeSpec } & Window)
  /**
   * A renewal process: time up, then the time that the fault lasts, then time up again. The share of
   * time without the fault is E[up] / (E[up] + E[lasts]). Each node of a target that is a `NodeSet` has
   * a process of its own; any other target has one.
   */
  | ({ readonly kind: "renewal"; readonly upMs: TimeSpec } & Window)
  /**
   * Bursts after random gaps: each hits some different nodes of the target, which is a `NodeSet`, at
   * times spread evenly over a window. A burst hits k nodes with a probability proportional to
   * `sizeWeights[k - 1]`.
   *
   * @see Ford et al.: Availability in Globally Distributed Storage Systems, OSDI 2010, section 4: 37 %
   * of node failures are part of a burst of at least two within 2 min
   */
  | ({
      readonly kind: "bursts";
      readonly gapMs: TimeSpec;
      readonly sizeWeights: readonly number[];
      readonly windowMs: Duration;
    } & Window)
  /**
   * When a protocol tells something for the n-th time (`occurrence`, from 1): in the middle of the
   * handler that tells it, whose other effects a crashed node does not have; or a time after.
   */
  | {
      readonly kind: "observed";
      readonly observation: string;
      readonly occurrence: number;
      /** Strikes again each time that the protocol has told it so many times more; absent: never. */
      readonly thenEvery?: number;
      /** Only what these nodes tell counts; absent: all. */
      readonly by?: NodeSet;
      /** Absent: at once. */
      readonly afterMs?: TimeSpec;
    };

/** Bounds of the times at which a fault strikes. */
export interface Window {
  /** Absent: from the start. */
  readonly fromMs?: Duration;
  /** Absent: to the end. */
  readonly untilMs?: Duration;
}
