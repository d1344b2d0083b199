import type { DistributionSpec } from "../core/distribution.ts";

/**
 * What connects the nodes, as plain data. Messages within a node arrive at once and are never lost.
 *
 * What comes to a message is decided when it is sent: a cut that begins while it is under way does not
 * stop it any more, and one that is healed later does not bring it back, unless the transport is a
 * stream, which tries again.
 */
export interface NetworkSpec {
  /** One-way latency: of all messages alike, or by the regions of sender and receiver. */
  readonly latency: LatencySpec;
  /** Messages lost by chance; absent: none. Those of a stream are sent again. */
  readonly loss?: LossSpec;
  /**
   * Probability that a message which arrives does so twice, in [0, 1]; the copy has a delay of its own.
   * Needs datagrams. Absent: 0.
   */
  readonly duplicateProbability?: number;
  /** What the protocols use to send; absent: datagrams. */
  readonly transport?: TransportSpec;
  /** Speed of sending; absent: size does not matter. */
  readonly bandwidth?: BandwidthSpec;
  /** Links that differ; where several speak of one link, the last does. */
  readonly links?: readonly LinkSpec[];
}

/** One-way latency, in ms; a plain distribution holds for all links. */
export type LatencySpec = DistributionSpec | RoundTripLatency | OneWayLatency;

/** Latency from measured round trips, of which each direction takes half. */
export interface RoundTripLatency extends RegionLatency {
  readonly kind: "roundTrips";
  /** From the region of the row to that of the column and back, ms, >= 0. */
  readonly roundTripMs: readonly (readonly number[])[];
}

/** Latency from one-way delays. */
export interface OneWayLatency extends RegionLatency {
  readonly kind: "oneWays";
  /** From the region of the row to that of the column, ms, >= 0. */
  readonly oneWayMs: readonly (readonly number[])[];
}

/** What latencies between regions have in common. */
export interface RegionLatency {
  /** Names of rows and columns. */
  readonly regions: readonly string[];
  /** How single messages differ from the matrix; absent: not at all. */
  readonly jitter?: JitterSpec;
  /** One-way latency between nodes of one region, ms; absent: the diagonal of the matrix, with jitter. */
  readonly withinRegion?: DistributionSpec;
}

/**
 * Delay of a message against that of the matrix: `factor`, times a draw (without unit, mean 1 keeps
 * the mean); `added`, plus a draw in ms.
 */
export interface JitterSpec {
  readonly kind: "factor" | "added";
  /** Not negative. */
  readonly distribution: DistributionSpec;
}

/** How messages get lost on a link. */
export type LossSpec = IndependentLoss | BurstLoss;

/** Each message is lost on its own. */
export interface IndependentLoss {
  readonly kind: "independent";
  /** In [0, 1]; exact to 2^-32. */
  readonly probability: number;
}

/**
 * Loss in bursts: the link is in a good or a bad state and may change after each message (not with
 * time: a link that rests stays as it is).
 *
 * In the long run a share b = enter / (enter + leave) of the messages meets the bad state, and
 * (1 - b) * lossWhenGood + b * lossWhenBad are lost; it begins so too. The bad state lasts 1 / leave
 * messages on average: the mean burst, if all messages of the bad state are lost and none of the good.
 *
 * @see Gilbert, Capacity of a burst-noise channel, Bell System Technical Journal 39, 1960; Elliott,
 * Estimates of error rates for codes on burst-noise channels, the same 42, 1963
 */
export interface BurstLoss {
  readonly kind: "bursts";
  /** Probability that the good state ends after a message, in [0, 1]. */
  readonly enterProbability: number;
  /** Probability that the bad state ends after a message, in (0, 1]. */
  readonly leaveProbability: number;
  /** Probability of loss in the good state, in [0, 1]. */
  readonly lossWhenGood: number;
  /** Probability of loss in the bad state, in [0, 1]. */
  readonly lossWhenBad: number;
}

/**
 * How messages travel: `datagram`, each on its own, so that they overtake each other as their delays
 * fall; or as a stream.
 */
export type TransportSpec = { readonly kind: "datagram" } | StreamSpec;

/**
 * One connection per directed link, in order, as TCP does it: a message never arrives before one that
 * was sent earlier; a lost one is sent again after a timeout that doubles each time, and those behind
 * it wait.
 *
 * Messages sent into a cut are held. The connection tries again at its timeouts, counted from the first
 * message held; the first try after the cut is healed gets all of them through. A connection that did
 * not succeed for `giveUpMs` breaks: what it held is lost, and the next message opens a new one. It also
 * breaks when either node crashes.
 *
 * Left out: acknowledgements (a cut or loss of the way back goes unnoticed), fast retransmission,
 * congestion windows, the round trip of opening a connection.
 */
export interface StreamSpec {
  readonly kind: "stream";
  /** First timeout, ms, > 0. */
  readonly retransmitMs: number;
  /** Largest timeout, ms, >= `retransmitMs`. */
  readonly retransmitMsMax: number;
  /** Time without success after which the connection breaks, ms, > 0; `Infinity`: it never does. */
  readonly giveUpMs: number;
}

/**
 * TCP of Linux: first timeout at least 200 ms (TCP_RTO_MIN), at most 120 s (TCP_RTO_MAX), 15 tries
 * (`tcp_retries2`), which come to 924.6 s.
 *
 * @see Linux kernel documentation, networking/ip-sysctl, tcp_retries2
 */
export const linuxStream: StreamSpec = {
  kind: "stream",
  retransmitMs: 200,
  retransmitMsMax: 120_000,
  giveUpMs: 924_600,
};

/**
 * Speed of sending: `link`, each directed link on its own; `sender`, all that leaves a node, to whomever.
 * Messages wait for those before them, first in, first out, and then take size / speed.
 */
export interface BandwidthSpec {
  readonly kind: "link" | "sender";
  /** Bytes in a ms, > 0; 125 is 1 Mbit/s. */
  readonly bytesPerMs: number;
}

/** Nodes at one end of a link: one by its index, or all of a region. */
export type LinkEnd = number | string;

/** What is different on some directed links. */
export interface LinkSpec {
  /** Sender; absent: any. */
  readonly from?: LinkEnd;
  /** Receiver; absent: any. */
  readonly to?: LinkEnd;
  /** Only links within a region, or only those between two; absent: both. */
  readonly scope?: LinkScope;
  /** One-way latency, ms. */
  readonly latency?: DistributionSpec;
  readonly loss?: LossSpec;
  readonly duplicateProbability?: number;
  /** Speed of the link; needs a bandwidth per link. */
  readonly bytesPerMs?: number;
}

/** Links by whether they leave a region. */
export const linkScopes = ["withinRegion", "betweenRegions"] as const;

/** Links by whether they leave a region. */
export type LinkScope = (typeof linkScopes)[number];
