import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distributionFromJson } from "../../../core/distributions/registry.ts";
import { proportion } from "../../../core/proportion.ts";
import { randomStream } from "../../../core/random.ts";
import type { Detector } from "../options.ts";
import { firstHeard, type Heard, hear, phi, suspectAfterMs } from "./detector.ts";

/** Akka's reference.conf for a cluster: heartbeats every second. */
const akka: Extract<Detector, { readonly kind: "phi" }> = {
  ...{ kind: "phi", threshold: 8, windowSize: 1000, minDeviationMs: 100 },
  acceptablePauseMs: 3000,
};

describe("phi (Hayashibara et al., SRDS 2004, 4.2)", () => {
  // -log10 of the normal tail at z = 1, 2, 3, 6 (Abramowitz and Stegun, table 26.1 and 26.2).
  test.each([
    [0, 0.30103],
    [1, 0.79954],
    [2, 1.64302],
    [3, 2.8697],
    [6, 9.00586],
  ])("z = %d: %d", (z, expected) => {
    const sinceMs = 1000 + 50 * z;
    const value = phi({ sinceMs, meanMs: 900, deviationMs: 50, acceptablePauseMs: 100 });
    expect(Math.abs(value - expected)).toBeLessThan(6e-6);
  });

  test("is accurate beyond the smallest double: z = 40 and 100 (table 26.2, -log Q)", () => {
    const at = (z: number) => phi({ sinceMs: z, meanMs: 0, deviationMs: 1, acceptablePauseMs: 0 });
    // Abramowitz and Stegun, table 26.2: 349.43701 (40), 2173.87154 (100).
    expect(Math.abs(at(40) - 349.43701)).toBeLessThan(6e-6);
    expect(Math.abs(at(100) - 2173.87154)).toBeLessThan(6e-6);
    expect(Math.abs(at(37 - 1e-9) - at(37))).toBeLessThan(1e-6);
  });

  test("rises with time, from 0", () => {
    const times = fc.double({ min: -1e4, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(times, fc.double({ min: 1, max: 1e4, noNaN: true }), (sinceMs, deviationMs) => {
        const at = (ms: number) =>
          phi({ sinceMs: ms, meanMs: 500, deviationMs, acceptablePauseMs: 0 });
        expect(at(sinceMs)).toBeGreaterThanOrEqual(0);
        expect(at(sinceMs + 1)).toBeGreaterThanOrEqual(at(sinceMs));
      }),
    );
  });

  test.each([
    [{ sinceMs: Number.NaN }, "need sinceMs to be a number in [-Infinity, Infinity], got NaN"],
    [{ deviationMs: 0 }, "need deviationMs to be a number in (0, Infinity], got 0"],
  ])("refuses %o", (wrong, message) => {
    const right = { sinceMs: 1, meanMs: 1, deviationMs: 1, acceptablePauseMs: 0 };
    expect(() => phi({ ...right, ...wrong })).toThrow(new RangeError(`phi: ${message}`));
  });
});

describe("window of gaps", () => {
  /** The obvious version: all times ever, and the last gaps of them. */
  function obvious(timesMs: readonly number[], expectedMs: number, detector: typeof akka): number {
    const gaps = [expectedMs * 0.75, expectedMs * 1.25];
    for (let i = 1; i < timesMs.length; i++) gaps.push(timesMs[i]! - timesMs[i - 1]!);
    const last = gaps.slice(-detector.windowSize);
    const mean = last.reduce((sum, gap) => sum + gap, 0) / last.length;
    const variance = last.reduce((sum, gap) => sum + gap * gap, 0) / last.length - mean * mean;
    const deviation = Math.max(Math.sqrt(Math.max(0, variance)), detector.minDeviationMs);
    let [low, high] = [0, 1e7];
    // Where phi reaches the threshold, by halving.
    for (let i = 0; i < 200; i++) {
      const middle = (low + high) / 2;
      const { acceptablePauseMs } = detector;
      const value = phi({
        sinceMs: middle,
        meanMs: mean,
        deviationMs: deviation,
        acceptablePauseMs,
      });
      if (value < detector.threshold) low = middle;
      else high = middle;
    }
    return low;
  }

  test("suspects when phi reaches the threshold, as the obvious version does", () => {
    const gaps = fc.array(fc.double({ min: 1, max: 5000, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 2, max: 12 }), (gapsMs, windowSize) => {
        const detector = { ...akka, windowSize };
        const timesMs = [100];
        const heard = firstHeard(detector, 100, 1000);
        for (const gap of gapsMs) {
          timesMs.push(timesMs.at(-1)! + gap);
          hear(detector, heard, timesMs.at(-1)!);
        }
        expect(heard.gapsMs.length).toBeLessThanOrEqual(windowSize);
        expect(heard.lastMs).toBe(timesMs.at(-1));
        const afterMs = suspectAfterMs(detector, heard.gapsMs);
        const expectedMs = obvious(timesMs, 1000, detector);
        expect(Math.abs(afterMs - expectedMs)).toBeLessThan(1e-6 * expectedMs);
      }),
    );
  });

  test("constant heartbeats: gap + acceptable pause + smallest deviation x 5.61", () => {
    const heard: Heard = firstHeard(akka, 0, 1000);
    for (let i = 1; i <= 1002; i++) hear(akka, heard, 1000 * i);
    // P(Z > 5.612001) = 10^-8.
    expect(suspectAfterMs(akka, heard.gapsMs)).toBeCloseTo(1000 + 3000 + 100 * 5.612001244, 5);
  });

  test("a timeout looks at nothing but the last heartbeat", () => {
    const detector: Detector = { kind: "timeout", timeoutMs: 5000 };
    const heard = firstHeard(detector, 0, 1000);
    hear(detector, heard, 300);
    expect(heard).toEqual({ lastMs: 300, gapsMs: [] });
    expect(suspectAfterMs(detector, heard.gapsMs)).toBe(5000);
  });
});

describe("false suspicions", () => {
  // A live node is suspected in a gap if the gap is longer than the detector allows: exactly with
  // the survival function of the gaps, for phi with the mean and deviation that a long window
  // settles to.
  test.each([
    [
      "exponential, timeout",
      { kind: "exponential", meanMs: 100 },
      { kind: "timeout", timeoutMs: 400 },
    ],
    [
      "uniform, timeout",
      { kind: "uniform", minMs: 50, maxMs: 150 },
      { kind: "timeout", timeoutMs: 145 },
    ],
  ] as const)("%s: 200,000 gaps, within four standard errors", (_, gaps, detector) => {
    const distribution = distributionFromJson(gaps);
    const random = randomStream({ seed: 7, purpose: "gaps" });
    const heard = firstHeard(detector, 0, 100);
    let [hits, nowMs] = [0, 0];
    for (let i = 0; i < 200_000; i++) {
      const gapMs = distribution.sample(random);
      if (gapMs > suspectAfterMs(detector, heard.gapsMs)) hits++;
      nowMs += gapMs;
      hear(detector, heard, nowMs);
    }
    const { low, high } = proportion({ hits, trials: 200_000, confidence: 1 - 6.334e-5 });
    const exact = distribution.survival(detector.timeoutMs);
    expect(hits).toBeGreaterThan(100);
    expect(low).toBeLessThanOrEqual(exact);
    expect(high).toBeGreaterThanOrEqual(exact);
  });

  test("phi with normal gaps: 10^-threshold per heartbeat, 100,000 gaps in a window of 2000", () => {
    const detector: Detector = {
      ...{ kind: "phi", threshold: 2, windowSize: 2000, minDeviationMs: 1 },
      acceptablePauseMs: 0,
    };
    const distribution = distributionFromJson({
      ...{ kind: "truncatedNormal", meanMs: 1000, sdMs: 100 },
    });
    const random = randomStream({ seed: 11, purpose: "gaps" });
    const heard = firstHeard(detector, 0, 1000);
    let [hits, trials, nowMs] = [0, 0, 0];
    for (let i = 0; i < 104_000; i++) {
      const gapMs = distribution.sample(random);
      // Every fourth gap is judged: the moments of the window need no new sum for each.
      if (i >= 4000 && i % 4 === 0) {
        trials++;
        if (gapMs > suspectAfterMs(detector, heard.gapsMs)) hits++;
      }
      nowMs += gapMs;
      hear(detector, heard, nowMs);
    }
    // The window's own mean and deviation move the bound by (1 + z^2 / 2) / 2000 in variance, the
    // probability by 11 % of itself; over the fifty windows of the run 1.6 %, which four times
    // comes on top, and 0.6 % bias.
    const error = Math.sqrt((0.01 * 0.99) / trials);
    expect(Math.abs(hits / trials - 0.01)).toBeLessThan(4 * error + 0.0007);
  });
});
