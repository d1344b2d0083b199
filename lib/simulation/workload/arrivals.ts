import type { UniformSource } from "../../core/random.ts";

/** Turns the expected number of arrivals into the time at which it is reached. */
export interface RateClock {
  /** @param expected number of arrivals since the start, never less than at the call before */
  timeMs(expected: number): number;
}

/** The same rate for ever. */
export function steadyClock(perMs: number): RateClock {
  return { timeMs: (expected) => expected / perMs };
}

/** Parameters of a rate in bursts; see `Bursts`. */
export interface BurstParameters {
  /** Mean rate, arrivals per ms. */
  readonly perMs: number;
  readonly factor: number;
  readonly calmMs: number;
  readonly burstMs: number;
}

/**
 * A rate that changes between calm and burst after exponential times: one draw for the state at the
 * start, then one for each change.
 */
export function burstClock(parameters: BurstParameters, random: UniformSource): RateClock {
  const { perMs, factor, calmMs, burstMs } = parameters;
  const burstShare = burstMs / (calmMs + burstMs);
  const calmPerMs = perMs / (1 - burstShare + factor * burstShare);
  let isBurst = random.nextUniform() < burstShare;
  let nowMs = 0;
  let reached = 0;
  const leaveMs = () => nowMs - Math.log(random.nextUniform()) * (isBurst ? burstMs : calmMs);
  let endMs = leaveMs();
  return {
    timeMs: (expected) => {
      for (;;) {
        const rate = isBurst ? calmPerMs * factor : calmPerMs;
        // Not less than nothing, which rounding could make of it.
        const ahead = Math.max(0, expected - reached);
        if (nowMs + ahead / rate <= endMs) {
          nowMs += ahead / rate;
          reached = expected;
          return nowMs;
        }
        reached += (endMs - nowMs) * rate;
        nowMs = endMs;
        isBurst = !isBurst;
        endMs = leaveMs();
      }
    },
  };
}

/** Parameters of a rate that goes up and down; see `Daily`. */
export interface DailyParameters {
  readonly periodMs: number;
  readonly amplitude: number;
  readonly peakAtMs: number;
}

/**
 * Another clock with its times bent so that the rate goes up and down about its mean.
 *
 * The time t belongs to the time t + a P / (2 pi) (sin(2 pi (t - peak) / P) + sin(2 pi peak / P)) of the
 * other clock, the integral of 1 + a cos; inverted by halving an interval until nothing is left to halve.
 */
export function dailyClock(parameters: DailyParameters, clock: RateClock): RateClock {
  const { periodMs, amplitude, peakAtMs } = parameters;
  const perRadian = periodMs / (2 * Math.PI);
  const phase = Math.sin(peakAtMs / perRadian);
  const bent = (ms: number) =>
    ms + amplitude * perRadian * (Math.sin((ms - peakAtMs) / perRadian) + phase);
  return {
    timeMs: (expected) => {
      const straightMs = clock.timeMs(expected);
      let low = Math.max(0, straightMs - 2 * amplitude * perRadian);
      let high = straightMs + 2 * amplitude * perRadian;
      for (;;) {
        const middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return high;
        if (bent(middle) < straightMs) low = middle;
        else high = middle;
      }
    },
  };
}

/** Arrivals at one client: each call is the time of the next, `Infinity` when there is none. */
export type Arrivals = () => number;

/** Independent exponential gaps in the expected number of arrivals, one draw each. */
export function poissonArrivals(clock: RateClock, random: UniformSource): Arrivals {
  let expected = 0;
  return () => {
    expected -= Math.log(random.nextUniform());
    return clock.timeMs(expected);
  };
}

/** One arrival for each that is expected; the first at a phase in (0, 1]. */
export function constantArrivals(clock: RateClock, phase: number): Arrivals {
  let count = 0;
  return () => clock.timeMs(count++ + phase);
}
