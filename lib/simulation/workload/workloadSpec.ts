import type { Duration } from "../../core/duration.ts";
import type { TimeSpec } from "../needTime.ts";
import type { NodeSet } from "../nodeSet.ts";

/**
 * What the clients of a run ask for, as plain data.
 *
 * Times are true time, in ms from the start of the run.
 */
export interface WorkloadSpec {
  /** Names the random streams; absent: `workload`. Several workloads of one run need different names. */
  readonly name?: string;
  /** The nodes at which operations begin, each in one group. */
  readonly clients: readonly ClientGroup[];
  readonly sessions: SessionsSpec;
  readonly arrivals: ArrivalsSpec;
  readonly mix: OperationMix;
  readonly keys: KeysSpec;
  /** Users who look at what they have just written. */
  readonly readAfterWrite?: ReadAfterWrite;
  /** Users who answer each other. */
  readonly conversations?: Conversations;
  /** Absent: 0. */
  readonly startAtMs?: Duration;
  /** From this time on no operation begins, so that the end of the run can settle; absent: never. */
  readonly stopAtMs?: Duration;
  /**
   * After this time without an answer a user goes on without it: a closed session thinks about the
   * next operation, and what would have followed does not come. Absent: users wait for ever, as at a
   * client node that has crashed; best more than the timeout of the protocol's own clients.
   */
  readonly giveUpAfterMs?: Duration;
}

/** Clients of one kind, for example those of a region. */
export interface ClientGroup {
  readonly nodes: NodeSet;
  /** Weight of each of these nodes among all, > 0; absent: 1. Not for closed workloads. */
  readonly share?: number;
}

/** The users. Those of one client node have it as their home. */
export interface SessionsSpec {
  /** Sessions at each client node. */
  readonly perClient: number;
  /** Devices of each session, of which each request uses one, evenly at random; absent: 1. */
  readonly devices?: number;
  /**
   * Where the devices are: `home`, all at the home of the session; `spread`, device d at the d-th
   * client after it in the list of clients, for example in another region. Absent: `home`.
   */
  readonly deviceSites?: DeviceSites;
  /** Number of the first session, for runs of several workloads; absent: 0. */
  readonly firstNumber?: number;
}

/** Where the devices of a session are. */
export const deviceSites = ["home", "spread"] as const;

/** Where the devices of a session are. */
export type DeviceSites = (typeof deviceSites)[number];

/** When operations begin. */
export type ArrivalsSpec =
  /** Open: independent of the answers, with independent exponential gaps. */
  | ({ readonly kind: "poisson"; readonly rate: Rate } & Modulation)
  /** Open: evenly spaced; clients of equal rates take turns. */
  | ({ readonly kind: "constant"; readonly rate: Rate } & Modulation)
  /** Open: at given times, rising; each at one of the clients, at random by their shares. */
  | { readonly kind: "trace"; readonly timesMs: readonly number[] }
  /**
   * Closed: each session thinks, asks, waits for the answer and for what follows from it, thinks
   * again: one operation at a time.
   */
  | { readonly kind: "closed"; readonly thinkMs: TimeSpec };

/**
 * Mean number of requests per second: `perClient`, of each client, times its share; `total`, of all
 * together, divided by their shares.
 */
export interface Rate {
  readonly kind: "perClient" | "total";
  readonly perS: number;
}

/** How the rate changes in time, about its mean. */
export interface Modulation {
  readonly bursts?: Bursts;
  readonly daily?: Daily;
}

/**
 * A rate that changes between two values after exponential times: a Poisson process modulated by a
 * Markov chain of two states (MMPP), which begins in equilibrium. The rate given stays the mean.
 *
 * @see Fischer, Meier-Hellstern: The Markov-modulated Poisson process cookbook, Performance Evaluation
 * 18, 1993
 */
export interface Bursts {
  /** Rate in a burst over that between bursts, >= 1. */
  readonly factor: number;
  /** Mean time between bursts. */
  readonly calmMs: Duration;
  /** Mean length of a burst. */
  readonly burstMs: Duration;
  /** Whether all clients burst at once, or each for itself. */
  readonly scope: "together" | "perClient";
}

/**
 * A rate that goes up and down: times 1 + amplitude cos(2 pi (t - peak) / period). Bursts get denser
 * with it.
 */
export interface Daily {
  readonly periodMs: Duration;
  /** In [0, 1]. */
  readonly amplitude: number;
  readonly peakAtMs: Duration;
}

/** Weights of the kinds of operations, >= 0; absent: 0. */
export interface OperationMix {
  readonly read?: number;
  readonly write?: number;
  readonly insert?: number;
}

/** Which keys are asked for; all are integers in [0, count). */
export type KeysSpec =
  | { readonly kind: "uniform"; readonly count: number }
  /** Key k with a probability proportional to (k + 1)^-exponent; exponent >= 0, count <= 1e6. */
  | { readonly kind: "zipf"; readonly count: number; readonly exponent: number }
  /** The first keys, a share of all (at least one), take a share of the operations; evenly in both. */
  | {
      readonly kind: "hotSpot";
      readonly count: number;
      readonly shareOfKeys: number;
      readonly shareOfOperations: number;
    }
  /**
   * Reads ask for the key of the r-th latest acknowledged write, r >= 1 with a probability proportional
   * to r^-exponent, r <= window; uniform while there are not as many. Other operations are uniform.
   *
   * @see Cooper et al.: Benchmarking Cloud Serving Systems with YCSB, SoCC 2010, section 4
   */
  | {
      readonly kind: "latest";
      readonly count: number;
      readonly exponent: number;
      readonly window: number;
    };

/**
 * After a write that ended `ok` the same session reads the same key. The read's `after` is the number
 * of the write.
 */
export interface ReadAfterWrite {
  /** Of the writes, in [0, 1]. */
  readonly share: number;
  readonly delayMs: TimeSpec;
  /** Which device reads: that which wrote, or the next one of the session. */
  readonly device: "same" | "next";
}

/**
 * Writes that answer what another key says, and reads that follow an answer back to what it answers.
 * Key k answers key (k + distance) modulo the number of keys.
 *
 * An answer reads the other key and, if that ends `ok`, writes its own; the write's `after` is the
 * number of that read. A reader reads a key and, if it finds something, the one that it answers; the
 * second read's `after` is the number of the first. So an observer can tell whether readers ever see an
 * answer without what it answers: let the first read return the value of write w (its number); if w
 * has an `after`, the second read may not return an older version than the read `after` did.
 */
export interface Conversations {
  /** Share of the writes that are answers, in [0, 1]. */
  readonly writeShare: number;
  /** Share of the reads that go on to what is answered, in [0, 1]. */
  readonly readShare: number;
  /** Integer in [1, number of keys). */
  readonly distance: number;
  /** Time from the answer to the first operation to the second. */
  readonly delayMs: TimeSpec;
}
