import { needNumber } from "../../../core/need.ts";

/** Heartbeats that come at a constant pace, and an episode in which none gets through. Times in ms. */
export interface StallSetting {
  /** Time between heartbeats, or between polls, > 0. */
  readonly periodMs: number;
  /** Silence after which a detector suspects, >= 0. */
  readonly timeoutMs: number;
  /** From a poll to the moment at which its answer is sent; 0 for heartbeats that nobody asks for. */
  readonly requestMs: number;
  /** How long the episode lasts: what is sent in it arrives too late to matter. */
  readonly episodeMs: number;
}

/**
 * Probability that a live node is suspected because of one episode of congestion (or one long
 * pause), which begins at a random time.
 *
 * The last answer that gets through belongs to the last poll before the episode less `requestMs`,
 * the next one to the first poll after it. They are u + requestMs + episode apart, rounded up to
 * whole periods, where u is uniform in one period. With k = floor(timeout / period) the node is
 * suspected if that is more than k periods: with probability (episode + requestMs - (k - 1) period)
 * / period, at least 0, at most 1.
 *
 * With a timeout below the period that is always so.
 *
 * @returns probability, in [0, 1]
 * @throws {RangeError} if a time is out of range
 * @example
 * const setting = { periodMs: 1000, timeoutMs: 5500, requestMs: 0, episodeMs: 4250 };
 * falseSuspicionProbability(setting); // => 0.25
 */
export function falseSuspicionProbability(setting: StallSetting): number {
  const where = "falseSuspicionProbability";
  const { periodMs, timeoutMs, requestMs, episodeMs } = setting;
  const finite = { min: 0, max: Number.MAX_VALUE, unit: "ms" };
  needNumber(where, "periodMs", periodMs, { ...finite, exclusiveMin: true });
  needNumber(where, "timeoutMs", timeoutMs, finite);
  needNumber(where, "requestMs", requestMs, finite);
  needNumber(where, "episodeMs", episodeMs, finite);
  const periods = Math.floor(timeoutMs / periodMs);
  const share = (episodeMs + requestMs) / periodMs - (periods - 1);
  return Math.min(1, Math.max(0, share));
}
