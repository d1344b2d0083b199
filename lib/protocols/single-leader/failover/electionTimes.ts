/*
 * How long elections take, in closed form: Ongaro, Consensus: bridging theory and practice,
 * Stanford 2014, chapter 9 (9.1 no split votes, 9.2 split votes, 9.3 both).
 *
 * Names: s -> available, n -> cluster, l -> latencyMs / range, c -> the number of servers that time
 * out within a latency of each other, M_s -> the earliest timeout, W -> writeMs, E_s -> the time to
 * elect. Timeouts are uniform in [minMs, minMs + rangeMs]; all timers begin at the same time; the
 * latency is fixed. Left out: variable latency (by simulation only), logs that differ.
 */

import { needInteger, needNumber } from "../../../core/need.ts";

/** An election as the closed forms see it. */
export interface ElectionSetting {
  /** Servers of the cluster, integer >= 1. */
  readonly cluster: number;
  /** Servers that are up, integer, more than half of them. */
  readonly available: number;
  /** One-way latency of every message, ms, >= 0. */
  readonly latencyMs: number;
  /** Width of the range of timeouts, ms, > 0. */
  readonly rangeMs: number;
}

/**
 * Probability that an election by majority ends without a leader because too many servers stood at
 * the same time: the latency is fixed, so that the first to time out has the votes of all who do
 * not time out within a latency of it, and of nobody else.
 *
 * With c = s - floor(n / 2) + 1 and l the latency as a share of the range, at most 1, it is the sum
 * for k = c - 1 to s of C(s, k) l^k (1 - l)^(s - k).
 *
 * @returns probability, in [0, 1]
 * @throws {RangeError} if a field is out of range
 * @see Ongaro, Consensus: bridging theory and practice, 2014, 9.2
 * @example
 * splitVoteProbability({ cluster: 5, available: 4, latencyMs: 10, rangeMs: 100 }); // => 0.0523...
 */
export function splitVoteProbability(setting: ElectionSetting): number {
  const { cluster, available, latencyMs, rangeMs } = needSetting("splitVoteProbability", setting);
  const l = Math.min(1, latencyMs / rangeMs);
  const first = available - Math.floor(cluster / 2);
  let sum = 0;
  for (let k = first; k <= available; k++) {
    sum += choose(available, k) * l ** k * (1 - l) ** (available - k);
  }
  return sum;
}

/**
 * Expected earliest of some timeouts that are uniform in [0, range]: range / (s + 1).
 *
 * @see Ongaro, Consensus: bridging theory and practice, 2014, 9.1
 * @example
 * expectedEarliestTimeoutMs({ available: 4, rangeMs: 150 }); // => 30
 */
export function expectedEarliestTimeoutMs({
  available,
  rangeMs,
}: Pick<ElectionSetting, "available" | "rangeMs">): number {
  needInteger("expectedEarliestTimeoutMs", "available", available, { min: 1 });
  needNumber("expectedEarliestTimeoutMs", "rangeMs", rangeMs, { min: 0, unit: "ms" });
  return rangeMs / (available + 1);
}

/**
 * Expected time from the death of the leader until a new one has its votes, split votes included.
 *
 * Every term that ends in a split vote costs a smallest timeout, the earliest of the rest, and one
 * latency until timers begin again; the last one two latencies and the writing of the votes.
 * `sinceHeartbeatMs` is subtracted: the leader dies so long after its last heartbeat (a quarter of
 * the smallest timeout on average, if heartbeats come twice in it).
 *
 * @returns ms
 * @throws {RangeError} if a field is out of range
 * @see Ongaro, Consensus: bridging theory and practice, 2014, 9.3
 */
export function expectedElectionMs(
  setting: ElectionSetting & {
    /** Smallest timeout, ms. */
    readonly minMs: number;
    /** Time to make a vote durable, ms. */
    readonly writeMs: number;
    readonly sinceHeartbeatMs: number;
  },
): number {
  const { latencyMs, minMs, writeMs, sinceHeartbeatMs } = setting;
  const split = splitVoteProbability(setting);
  const termMs = minMs + expectedEarliestTimeoutMs(setting) + latencyMs;
  return termMs / (1 - split) + latencyMs + writeMs - sinceHeartbeatMs;
}

function needSetting(where: string, setting: ElectionSetting): ElectionSetting {
  const { cluster, available, latencyMs, rangeMs } = setting;
  needInteger(where, "cluster", cluster, { min: 1 });
  const min = Math.floor(cluster / 2) + 1;
  needInteger(where, "available", available, { min, max: cluster });
  needNumber(where, "latencyMs", latencyMs, { min: 0, max: Number.MAX_VALUE, unit: "ms" });
  const positive = { min: 0, max: Number.MAX_VALUE, exclusiveMin: true, unit: "ms" };
  needNumber(where, "rangeMs", rangeMs, positive);
  return setting;
}

/** C(n, k). */
function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i;
  return product;
}
