import type { Distribution } from "../core/distribution.ts";

/**
 * One-way latencies, in ms, of the four messages between a coordinator and one replica.
 *
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, section 4.1 (WARS)
 */
export interface WarsLegs {
  /** W: the write travels to the replica. */
  readonly w: Distribution;
  /** A: the acknowledgement travels back. */
  readonly a: Distribution;
  /** R: the read request travels to the replica. */
  readonly r: Distribution;
  /** S: the response travels back. */
  readonly s: Distribution;
}

/** The four messages, in the order in which they give the model its name. */
export const warsLegNames = ["w", "a", "r", "s"] as const;

/** Name of one of the four messages. */
export type WarsLegName = (typeof warsLegNames)[number];

/** The kinds of `WarsLatency`. */
export const warsKinds = ["identical", "per-replica", "local-replica", "placed"] as const;

/** Where replicas and coordinators stand, and how long messages between them take. */
export type WarsLatency =
  /** Every replica alike, for any number of replicas. */
  | { readonly kind: "identical"; readonly name: string; readonly legs: WarsLegs }
  /** One set of legs a replica. */
  | {
      readonly kind: "per-replica";
      readonly name: string;
      readonly replicas: readonly WarsLegs[];
    }
  /** Replicas alike; each operation starts beside one of them, the others are farther away. */
  | {
      readonly kind: "local-replica";
      readonly name: string;
      readonly legs: WarsLegs;
      /** Added to each one-way message to or from a replica that is not the local one. */
      readonly remoteOneWayMs: number;
    }
  /** Replicas and coordinators at given sites, for example cloud regions. */
  | {
      readonly kind: "placed";
      readonly name: string;
      /** Legs of each replica without the way to it; their number is the number of replicas. */
      readonly replicas: readonly WarsLegs[];
      /** One-way delay from coordinator site (row) to replica (column), added to every leg. */
      readonly oneWayMs: readonly (readonly number[])[];
      /** Probability that a write starts at each site; they add up to 1. */
      readonly writers: readonly number[];
      /** Probability that a read starts at each site, independent of the write's; they add up to 1. */
      readonly readers: readonly number[];
    };

/** What all evaluators work on: a latency made concrete for `n` replicas. */
export interface WarsModel {
  /** Number of replicas. */
  readonly n: number;
  /** Legs of each of the `n` replicas. */
  readonly replicas: readonly WarsLegs[];
  /** Delay, in ms, added to every leg between a coordinator site (row) and a replica (column). */
  readonly oneWayMs: readonly (readonly number[])[];
  /** Probability that a write starts at each site. */
  readonly writers: readonly number[];
  /** Probability that a read starts at each site. */
  readonly readers: readonly number[];
}
