import { describe, expect, test } from "vitest";
import { type FailoverRun, failoverWorld } from "../../../../test/support/failoverWorld.ts";
import { proportion } from "../../../core/proportion.ts";
import { randomStream } from "../../../core/random.ts";
import type { Actor } from "../../../simulation/world.ts";
import { defaultSingleLeaderOptions, type Failover } from "../options.ts";

/* Failovers that congestion sets off, and those that a failover sets off (subject B6, J1). */

describe("elections set off by an episode in which no heartbeat gets through", () => {
  /**
   * Two followers with timeouts uniform in [150, 300) and heartbeats every 50 ms: the last one
   * before the episode and the first after it are m periods apart, where m = ceil((u + episode) /
   * 50) and u is uniform in a period. Nobody stands if both timeouts are longer.
   */
  function standProbability(episodeMs: number): number {
    const whole = Math.floor(episodeMs / 50);
    const share = episodeMs / 50 - whole;
    const calm = (periods: number) => Math.min(1, Math.max(0, (300 - 50 * periods) / 150)) ** 2;
    return 1 - (1 - share) * calm(whole + 1) - share * calm(whole + 2);
  }

  test.each([80, 120, 160, 210])(
    "an episode of %i ms: 300 episodes, four standard errors",
    (episodeMs) => {
      const timeout = { minMs: 150, maxMs: 300 };
      const failover: Failover = { kind: "election", timeout, preVote: false, checkQuorum: false };
      let hits = 0;
      for (let seed = 0; seed < 300; seed++) {
        const random = randomStream({ seed, purpose: "moment" });
        const beginMs = 500 + 50 * random.nextUniform();
        const run = failoverWorld({
          options: {
            failover,
            shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 50 },
          },
          script: [
            [beginMs, (controls) => controls.stretch(1e5)],
            [beginMs + episodeMs, (controls) => controls.stretch(1)],
          ],
        }).run(seed, beginMs + episodeMs + 52);
        if (run.named("candidacy").length > 0) hits++;
      }
      const { low, high } = proportion({
        ...{ hits, trials: 300, confidence: 1 - 6.334e-5, method: "clopper-pearson" },
      });
      expect(low).toBeLessThanOrEqual(standProbability(episodeMs) + 1e-12);
      expect(high).toBeGreaterThanOrEqual(standProbability(episodeMs) - 1e-12);
    },
  );
});

describe("cascades", () => {
  const failover: Failover = {
    ...{ kind: "controller", monitors: 1, quorum: 1, pollMs: 1000 },
    detector: { kind: "timeout", timeoutMs: 2500 },
    ...{ choose: "most-advanced", maximumLagBytes: null, promoteDelay: 100 },
    ...{ reconfigureDelay: 300, stonithMs: null, blockMs: 0 },
  };

  /** A hundred reads a second from the leader, each 5 ms of its CPU: half of what one replica can do. */
  const reader: Actor = {
    begin: (_, controls) => controls.wakeAt(1, "read"),
    wake: (_, controls) => {
      controls.invoke(4, { kind: "read", key: 0, session: 0, device: 0 });
      controls.wakeAt(controls.nowMs + 10, "read");
    },
  };

  function crashed(attempts: number, seed: number): FailoverRun {
    return failoverWorld({
      options: {
        failover,
        shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 500 },
      },
      clients: { timeoutMs: 200, attempts, retryDelay: 20 },
      serviceMs: { read: 5, poll: 0.1 },
      script: [[10_000, (controls) => controls.crash(0)]],
      actors: [reader],
    }).run(seed, 40_000);
  }

  test("clients that give up: one failover, and reads go on", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const run = crashed(1, seed);
      expect(run.named("leads")).toHaveLength(2);
      const late = [...run.acknowledged.values()].filter((timeMs) => timeMs > 30_000);
      expect(late.length).toBeGreaterThan(900);
    }
  });

  test("clients that ask twenty times: the new leader drowns in retries and is replaced in turn", () => {
    let cascades = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const run = crashed(20, seed);
      expect(run.named("suspects").length).toBeGreaterThan(1);
      if (run.named("leads").length > 2) cascades++;
      const late = [...run.acknowledged.values()].filter((timeMs) => timeMs > 30_000);
      expect(late.length).toBeLessThan(500);
    }
    expect(cascades).toBeGreaterThan(0);
  });

  test("a queue that grows slowly is no silence: answers come late, but one after the other", () => {
    const run = failoverWorld({
      options: { failover },
      clients: { timeoutMs: 1000 },
      serviceMs: { read: 12, poll: 0.1 },
      actors: [reader],
    }).run(1, 30_000);
    // 120 % load: polls a second apart are answered 1.2 s apart.
    expect(run.named("suspects")).toHaveLength(0);
    expect(run.simulator.busyMs(0)).toBeGreaterThan(29_000);
  });
});
