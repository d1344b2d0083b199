/*
 * Failure detectors: how silence becomes suspicion (subject J2).
 *
 * Hayashibara, Défago, Yared and Katayama, The phi accrual failure detector, SRDS 2004, section 4,
 * in the form that Akka gave it (PhiAccrualFailureDetector: acceptable pause, smallest deviation,
 * first estimate).
 *
 * Names: T_last -> lastHeardMs, sampling window WS -> gapsMs, mu and sigma -> meanMs and
 * deviationMs, the threshold Phi -> threshold. Akka approximates the normal distribution by a
 * logistic function; here it is exact. Left out: Hayashibara's estimate of lost heartbeats, Akka's
 * logging.
 */

import { needNumber } from "../../../core/need.ts";
import { normalSurvival, normalUpperQuantile } from "../../../core/special/normal.ts";
import type { Detector } from "../options.ts";

/** What a detector knows of one node: plain data. Times are those of one clock, in ms. */
export interface Heard {
  /** When the node was last heard. */
  lastMs: number;
  /** Times between the last heartbeats, at most `windowSize`, the oldest first (phi only). */
  gapsMs: number[];
}

/** What phi depends on. Times in ms; `deviationMs` above 0. */
export interface Suspicion {
  readonly sinceMs: number;
  readonly meanMs: number;
  readonly deviationMs: number;
  readonly acceptablePauseMs: number;
}

/**
 * How strongly a node is suspected that was last heard so long ago: -log10 of the probability that
 * a heartbeat comes even later, where the time between heartbeats is normal with mean `meanMs +
 * acceptablePauseMs` and the deviation given.
 *
 * Accurate for any argument: where the probability is too small for a double (phi above 307), its
 * logarithm comes from the asymptotic series of the normal tail.
 *
 * @returns at least 0: at 1 one suspicion in ten is wrong, at 8 one in 10^8
 * @throws {RangeError} if a time is not a number, or the deviation not above 0
 * @see Hayashibara et al., The phi accrual failure detector, SRDS 2004, 4.2
 * @example
 * phi({ sinceMs: 1000, meanMs: 1000, deviationMs: 100, acceptablePauseMs: 0 }); // => 0.3010...
 */
export function phi({ sinceMs, meanMs, deviationMs, acceptablePauseMs }: Suspicion): number {
  needNumber("phi", "sinceMs", sinceMs);
  needNumber("phi", "meanMs", meanMs);
  needNumber("phi", "deviationMs", deviationMs, { min: 0, exclusiveMin: true });
  const z = (sinceMs - meanMs - acceptablePauseMs) / deviationMs;
  const survival = z < 37 ? normalSurvival(z) : 0;
  return survival > 0 ? -Math.log10(survival) : -logFarSurvival(z) / Math.LN10;
}

/** log P(Z > z) for z >= 37: Abramowitz and Stegun 26.2.12; the term left out is below 1e-10. */
function logFarSurvival(z: number): number {
  const inverse = 1 / (z * z);
  const series = 1 - inverse * (1 - 3 * inverse * (1 - 5 * inverse));
  return -0.5 * z * z - Math.log(z * Math.sqrt(2 * Math.PI)) + Math.log(series);
}

/**
 * A node that has just been heard for the first time; heartbeats are expected every so many ms.
 *
 * As in Akka, the window of phi begins with two gaps whose mean is what is expected and whose
 * deviation is a quarter of it.
 */
export function firstHeard(detector: Detector, nowMs: number, expectedMs: number): Heard {
  if (detector.kind === "timeout") return { lastMs: nowMs, gapsMs: [] };
  return {
    lastMs: nowMs,
    gapsMs: [expectedMs * 0.75, expectedMs * 1.25].slice(-detector.windowSize),
  };
}

/** The node is heard at a time: its gap enters the window, and the oldest leaves it. */
export function hear(detector: Detector, heard: Heard, nowMs: number): void {
  if (detector.kind === "phi") {
    heard.gapsMs.push(nowMs - heard.lastMs);
    if (heard.gapsMs.length > detector.windowSize) heard.gapsMs.shift();
  }
  heard.lastMs = nowMs;
}

/**
 * Silence after which a detector suspects a node, in ms from when it was last heard.
 *
 * For phi it is where phi reaches the threshold: mean + acceptable pause + deviation * z, with P(Z
 * > z) = 10^-threshold. For heartbeats that come every `h` ms exactly this is h + acceptable pause
 * + smallest deviation * z.
 */
export function suspectAfterMs(detector: Detector, gapsMs: readonly number[]): number {
  if (detector.kind === "timeout") return detector.timeoutMs;
  const { meanMs, deviationMs } = momentsOf(gapsMs);
  const deviation = Math.max(deviationMs, detector.minDeviationMs);
  return Math.max(0, meanMs + detector.acceptablePauseMs + deviation * tailAt(detector.threshold));
}

/** The z with P(Z > z) = 10^-threshold. */
function tailAt(threshold: number): number {
  return normalUpperQuantile(10 ** -threshold);
}

/** Mean and deviation (divided by the number of gaps, as in Akka), both in ms. */
function momentsOf(gapsMs: readonly number[]): { meanMs: number; deviationMs: number } {
  const meanMs = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length;
  const squares = gapsMs.reduce((sum, gap) => sum + (gap - meanMs) ** 2, 0);
  return { meanMs, deviationMs: Math.sqrt(squares / gapsMs.length) };
}
