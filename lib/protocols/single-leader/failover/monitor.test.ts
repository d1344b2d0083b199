import { describe, expect, test } from "vitest";
import {
  type FailoverRun,
  type FailoverSetting,
  failoverWorld,
} from "../../../../test/support/failoverWorld.ts";
import { proportion } from "../../../core/proportion.ts";
import { positionOf } from "../../../core/protocol.ts";
import { randomStream } from "../../../core/random.ts";
import type { Actor, Controls } from "../../../simulation/world.ts";
import { type Detector, defaultSingleLeaderOptions, type Failover } from "../options.ts";
import { falseSuspicionProbability } from "./falseSuspicion.ts";

type Controller = Extract<Failover, { readonly kind: "controller" }>;

/** Polls every second, down after five and a half. */
const watched: Controller = {
  ...{ kind: "controller", monitors: 1, quorum: 1, pollMs: 1000 },
  detector: { kind: "timeout", timeoutMs: 5500 },
  ...{ choose: "most-advanced", maximumLagBytes: null, promoteDelay: 700, reconfigureDelay: 3000 },
  ...{ stonithMs: null, blockMs: 0 },
};

/** Every message takes 1 ms. */
const latencyMs = 1;

/** Replicas 0 to 2, then the monitors, then a client. */
function monitoredWorld(
  failover: Partial<Controller> = {},
  setting: Partial<FailoverSetting> = {},
): FailoverRun {
  // Followers need to hear of the leader now and then only.
  const shipping = { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 5000 };
  const options = { failover: { ...watched, ...failover }, shipping, ...setting.options };
  return failoverWorld({ ...setting, options });
}

function between(
  controls: Controls,
  how: "cut" | "heal",
  [some, others]: readonly [readonly number[], readonly number[]],
): void {
  for (const a of some) {
    for (const b of others) {
      controls[how](a, b);
      controls[how](b, a);
    }
  }
}

function momentMs(seed: number): number {
  return 20_000 + 10_000 * randomStream({ seed, purpose: "moment" }).nextUniform();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const crashAt = (timeMs: number, node = 0) =>
  [timeMs, (controls: Controls) => controls.crash(node)] as const;
const restartAt = (timeMs: number, node = 0) =>
  [timeMs, (controls: Controls) => controls.restart(node)] as const;

describe("the leader dies", () => {
  test("downtime: the rest of the timeout, choice and promotion; 200 crashes", () => {
    const detectionsMs: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const crashMs = momentMs(seed);
      const run = monitoredWorld({}, { script: [crashAt(crashMs)] }).run(seed, 60_000);
      const suspectedMs = run.named("suspects")[0]!.timeMs;
      detectionsMs.push(suspectedMs - crashMs);
      // Question for positions, answer, order; then the promotion.
      const expectedMs = suspectedMs + 3 * latencyMs + 700;
      expect(run.named("leads")[1]!.timeMs).toBeCloseTo(expectedMs, 6);
    }
    // The last poll that reached the leader was sent up to a period and a latency before the crash,
    // and was answered two latencies after that: uniform in (timeout + 1 - period, timeout + 1].
    for (const ms of detectionsMs) {
      expect(ms).toBeGreaterThan(5500 + latencyMs - 1000);
      expect(ms).toBeLessThanOrEqual(5500 + latencyMs);
    }
    const errorMs = 1000 / Math.sqrt(12 * 200);
    expect(Math.abs(mean(detectionsMs) - (5501 - 500))).toBeLessThan(4 * errorMs);
  });

  test("phi accrual: constant polls are suspected after period + pause + deviation x 5.61", () => {
    const detector: Detector = {
      ...{ kind: "phi", threshold: 8, windowSize: 10, minDeviationMs: 100 },
      acceptablePauseMs: 3000,
    };
    const run = monitoredWorld({ detector }, { script: [crashAt(30_000)] }).run(4, 60_000);
    // What is said of the last poll that was answered: suspicion follows that answer.
    const afterMs = 1000 + 3000 + 100 * 5.612001244;
    const suspectedMs = run.named("suspects")[0]!.timeMs;
    const heardMs = suspectedMs - afterMs;
    expect(heardMs).toBeGreaterThan(29_000);
    expect(heardMs).toBeLessThan(30_002);
  });

  test("by hand: the operator's reaction comes on top", () => {
    const failover: Failover = {
      ...{ kind: "manual", detector: watched.detector, pollMs: 1000, choose: "first" },
      reaction: 600_000,
    };
    const run = failoverWorld({ options: { failover }, script: [crashAt(30_000)] });
    run.run(1, 1_000_000);
    const suspectedMs = run.named("suspects")[0]!.timeMs;
    expect(run.named("leads")[1]!.timeMs).toBeCloseTo(suspectedMs + 600_000 + 3, 6);
  });

  test("by hand: a leader that is back before the operator looks keeps its place", () => {
    const failover: Failover = {
      ...{ kind: "manual", detector: watched.detector, pollMs: 1000, choose: "first" },
      reaction: 60_000,
    };
    const script = [crashAt(30_000), restartAt(50_000)];
    const run = failoverWorld({ options: { failover }, script }).run(1, 200_000);
    expect(run.named("leads").map(({ node }) => node)).toEqual([0, 0]);
    expect(run.named("chosen")).toHaveLength(0);
  });
});

describe("agreement of monitors", () => {
  const cutOneMonitor = [
    [20_000, (controls: Controls) => between(controls, "cut", [[0], [3]])],
  ] as const;

  test("one that alone does not see the leader suspects it, and nothing happens", () => {
    const run = monitoredWorld({ monitors: 3, quorum: 2 }, { script: cutOneMonitor });
    run.run(1, 100_000);
    expect(run.named("suspects").map(({ node }) => node)).toEqual([3]);
    expect(run.named("leads")).toHaveLength(1);
  });

  test("broken twin: with a quorum of one it replaces a leader that is well", () => {
    const run = monitoredWorld({ monitors: 3, quorum: 1 }, { script: cutOneMonitor });
    expect(run.run(1, 100_000).named("leads").length).toBeGreaterThan(1);
  });

  test("five that notice together: one acts; 60 crashes, messages of 1 to 200 ms", () => {
    let claimsLost = 0;
    for (let seed = 0; seed < 60; seed++) {
      const run = monitoredWorld(
        { monitors: 5, quorum: 3, pollMs: 300 },
        {
          network: { latency: { kind: "uniform", minMs: 1, maxMs: 200 } },
          script: [crashAt(momentMs(seed))],
        },
      ).run(seed, 90_000);
      expect(run.named("leads"), `replay with seed ${seed}`).toHaveLength(2);
      expect(run.named("chosen")).toHaveLength(1);
      claimsLost += run.named("detected").length - 1;
    }
    // Several had tried at once.
    expect(claimsLost).toBeGreaterThan(10);
  });

  test("a minority of the monitors can do nothing", () => {
    const script = [
      [20_000, (controls: Controls) => [3, 4].map((node) => controls.crash(node))],
      crashAt(30_000),
    ] as const;
    const world = monitoredWorld({ monitors: 3, quorum: 1 }, { script: script as never });
    const run = world.run(1, 100_000);
    expect(run.named("detected").length).toBeGreaterThan(0);
    expect(run.named("leads")).toHaveLength(1);
  });
});

describe("choice", () => {
  /** The new leader if follower 1 has missed what was written for ten seconds. */
  function chosen(
    failover: Partial<Controller>,
    seed = 1,
    behind: readonly number[] = [1],
  ): number {
    const run = monitoredWorld(failover, {
      writeEveryMs: 100,
      script: [[20_000, (controls) => between(controls, "cut", [[0], behind])], crashAt(30_000)],
    }).run(seed, 60_000);
    return run.named("leads")[1]?.node ?? -1;
  }

  test("the most advanced, the first, or any", () => {
    expect(chosen({ choose: "most-advanced" })).toBe(2);
    expect(chosen({ choose: "first" })).toBe(1);
    const any = new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => chosen({ choose: "random" }, seed)));
    expect(any).toEqual(new Set([1, 2]));
  });

  test("who is too far behind is left out; if all are, nobody leads", () => {
    expect(chosen({ choose: "first", maximumLagBytes: 5000 })).toBe(2);
    expect(chosen({ choose: "first", maximumLagBytes: 5000 }, 1, [1, 2])).toBe(-1);
  });

  // Oracle: FastStartFailoverLagLimit; pg_auto_failover: promote_wal_log_threshold.
  test("never more is lost than the limit and what was written since the last poll: 40 failovers", () => {
    let [worst, count] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const random = randomStream({ seed, purpose: "lags" });
      const crashMs = momentMs(seed);
      const cuts = [1, 2].map((node) => {
        const cutMs = crashMs - 3000 * random.nextUniform();
        return [cutMs, (controls: Controls) => between(controls, "cut", [[0], [node]])] as const;
      });
      const run = monitoredWorld(
        { maximumLagBytes: 3000 },
        { writeEveryMs: 50, script: [...cuts, crashAt(crashMs)] },
      ).run(seed, 60_000);
      const next = run.named("leads")[1];
      if (next === undefined) continue;
      count++;
      const lost = run
        .named("acknowledged")
        .filter(
          ({ node, value }) => node === 0 && positionOf(value.version) > next.value.lastPosition,
        );
      const bytes = lost.length * defaultSingleLeaderOptions.entryBytes;
      // A poll and a message before the crash at the latest, one write of 200 bytes every 50 ms.
      expect(bytes, `replay with seed ${seed}`).toBeLessThanOrEqual(3000 + 200 * (1002 / 50 + 1));
      worst = Math.max(worst, bytes);
    }
    expect(count).toBeGreaterThan(15);
    expect(worst).toBeGreaterThan(3000);
  });
});

describe("STONITH", () => {
  /** A leader whose answers to the monitors get lost, while it hears them. */
  const deaf = [[20_000, (controls: Controls) => controls.cut(0, 3)]] as const;

  test("the old leader is off before the new one leads, which takes so much longer", () => {
    const times = [null, 3000].map((stonithMs) => {
      const run = monitoredWorld({ stonithMs }, { script: deaf }).run(1, 60_000);
      const [stopped] = run.named("yields");
      const next = run.named("leads")[1]!;
      expect(stopped!.timeMs < next.timeMs).toBe(stonithMs !== null);
      expect(run.named("switchedOff")).toHaveLength(stonithMs === null ? 0 : 1);
      return next.timeMs;
    });
    expect(times[1]! - times[0]!).toBeCloseTo(3000, 6);
  });

  test("nothing confirms that a dead leader is off: the failover goes on, or waits for it", () => {
    const script = [crashAt(20_000), restartAt(50_000)];
    const went = monitoredWorld({ stonithMs: 3000 }, { script }).run(1, 45_000);
    expect(went.named("leads")).toHaveLength(2);
    const options = { stonithMs: 3000, stonithFailure: "wait" } as const;
    const waited = monitoredWorld(options, { script }).run(1, 49_000);
    expect(waited.named("leads")).toHaveLength(1);
    // Then it is back: as the leader, and nothing more is to be done.
    const back = monitoredWorld(options, { script }).run(1, 100_000);
    expect(back.named("leads").map(({ node }) => node)).toEqual([0, 0]);
  });
});

describe("the old leader goes on", () => {
  /** From when the new leader leads until the old one does not, ms. */
  function splitBrainMs(run: FailoverRun): number {
    const next = run.named("leads").find(({ node }) => node !== 0)!;
    const last = run.named("yields").find(({ node, timeMs }) => node === 0 && timeMs > next.timeMs);
    return last === undefined ? Infinity : last.timeMs - next.timeMs;
  }

  const tokens = { fencing: { tokens: true, minFollowers: null } };
  const noTokens = { fencing: { tokens: false, minFollowers: null } };

  test("back from a crash it leads in an epoch of its own until it is told: reconfiguration + 2 messages", () => {
    for (let seed = 0; seed < 20; seed++) {
      const script = [crashAt(20_000), restartAt(40_000)];
      const run = monitoredWorld({}, { script, options: noTokens }).run(seed, 100_000);
      expect(run.named("leads").map(({ node, value }) => [node, value.epoch])).toEqual([
        [0, 1],
        [run.named("leads")[1]!.node, 256],
        [0, 2],
      ]);
      const yields = run.named("yields").find(({ node }) => node === 0)!;
      expect(yields.timeMs).toBeCloseTo(40_000 + 3000 + 2 * latencyMs, 6);
    }
  });

  /** Cut off with its client at 20 s, healed at 60 s. */
  function cutOff(
    failover: Partial<Controller>,
    options: FailoverSetting["options"],
    seed: number,
  ) {
    return monitoredWorld(failover, {
      options: {
        ...options,
        shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 100 },
      },
      script: [
        [20_000, (controls) => between(controls, "cut", [[0], [1, 2, 3]])],
        [60_000, (controls) => between(controls, "heal", [[0], [1, 2, 3]])],
      ],
    }).run(seed, 120_000);
  }

  test("without tokens: heal + poll + reconfiguration, 50 seeds", () => {
    const extrasMs: number[] = [];
    for (let seed = 0; seed < 50; seed++) {
      const run = cutOff({}, noTokens, seed);
      const next = run.named("leads")[1]!;
      const untilMs = next.timeMs + splitBrainMs(run);
      const extraMs = untilMs - (60_000 + 3000 + 3 * latencyMs);
      extrasMs.push(extraMs);
      expect(extraMs).toBeGreaterThanOrEqual(-1e-6);
      expect(extraMs).toBeLessThanOrEqual(1000);
    }
    // The first poll after the heal comes at a time uniform in a period.
    expect(Math.abs(mean(extrasMs) - 500)).toBeLessThan((4 * 1000) / Math.sqrt(12 * 50));
  });

  test("with tokens its followers tell it, as soon as it reaches them: heal + heartbeat + 2 messages", () => {
    for (let seed = 0; seed < 20; seed++) {
      const run = cutOff({}, tokens, seed);
      const untilMs = run.named("leads")[1]!.timeMs + splitBrainMs(run);
      expect(untilMs).toBeGreaterThanOrEqual(60_000);
      expect(untilMs).toBeLessThanOrEqual(60_000 + 100 + 2 * latencyMs);
    }
  });

  // Redis Cluster specification: a master in the minority stops after the node timeout.
  test("one that stops itself without a majority of the monitors is gone before, or as soon as that", () => {
    for (const [leaderStopsMs, isBefore] of [
      [3000, true],
      [15_000, false],
    ] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const run = cutOff({ leaderStopsMs }, noTokens, seed);
        const stopped = run.named("yields").find(({ node }) => node === 0)!;
        expect(stopped.timeMs).toBeGreaterThan(20_000 + leaderStopsMs - 1000);
        expect(stopped.timeMs).toBeLessThanOrEqual(20_000 + leaderStopsMs + latencyMs);
        expect(stopped.timeMs < run.named("leads")[1]!.timeMs).toBe(isBefore);
      }
    }
  });

  test("with monitors on both sides only a majority of them keeps it going", () => {
    const run = monitoredWorld(
      { monitors: 3, quorum: 2, leaderStopsMs: 3000 },
      { script: [[20_000, (controls) => between(controls, "cut", [[0], [3]])]] },
    ).run(1, 60_000);
    expect(run.named("yields")).toHaveLength(0);
  });
});

describe("anti-flapping", () => {
  test("no second failover within blockMs of one, by whoever acted", () => {
    for (let seed = 0; seed < 10; seed++) {
      const crashLeader: Actor = {
        begin: (_, controls) => controls.wakeAt(20_000, 0),
        wake: (node, controls) => controls.crash(node as number),
        observed(name, value, _, controls) {
          const { leader } = value as { leader: number };
          if (name === "promoted") controls.wakeAt(controls.nowMs, leader);
        },
      };
      const run = monitoredWorld(
        { monitors: 3, quorum: 2, blockMs: 60_000 },
        { replicas: 4, actors: [crashLeader] },
      ).run(seed, 150_000);
      const [, first, second] = run.named("leads");
      expect(second!.timeMs - first!.timeMs).toBeGreaterThan(60_000);
      expect(second!.timeMs - first!.timeMs).toBeLessThan(65_000);
    }
  });
});

describe("failovers set off by congestion", () => {
  // Episode, timeout: chances between 0 and 1, by the closed form and by 300 simulated episodes
  // each.
  test.each([
    [4250, 5500],
    [4750, 5500],
    [2500, 3900],
    [3000, 5500],
    [6000, 5500],
  ])(
    "an episode of %i ms, a timeout of %i ms: 300 episodes, four standard errors",
    (episodeMs, timeoutMs) => {
      let hits = 0;
      for (let seed = 0; seed < 300; seed++) {
        const beginMs = momentMs(seed);
        const run = monitoredWorld(
          { detector: { kind: "timeout", timeoutMs } },
          {
            script: [
              [beginMs, (controls) => controls.stretch(60_000)],
              [beginMs + episodeMs, (controls) => controls.stretch(1)],
            ],
          },
        ).run(seed, beginMs + 20_000);
        if (run.named("detected").length > 0) hits++;
      }
      const exact = falseSuspicionProbability({
        ...{ periodMs: 1000, timeoutMs, requestMs: latencyMs, episodeMs },
      });
      const { low, high } = proportion({
        ...{ hits, trials: 300, confidence: 1 - 6.334e-5, method: "clopper-pearson" },
      });
      expect(low).toBeLessThanOrEqual(exact + 1e-12);
      expect(high).toBeGreaterThanOrEqual(exact - 1e-12);
    },
  );

  test.each([
    [{ periodMs: 0 }, "need periodMs to be a number in (0, 1.7976931348623157e+308] ms, got 0"],
    [{ timeoutMs: -1 }, "need timeoutMs to be a number in [0, 1.7976931348623157e+308] ms, got -1"],
    [{ requestMs: -1 }, "need requestMs to be a number in [0, 1.7976931348623157e+308] ms, got -1"],
    [{ episodeMs: -1 }, "need episodeMs to be a number in [0, 1.7976931348623157e+308] ms, got -1"],
  ])("refuses %o", (wrong, message) => {
    const right = { periodMs: 1, timeoutMs: 1, requestMs: 1, episodeMs: 1 };
    expect(() => falseSuspicionProbability({ ...right, ...wrong })).toThrow(
      new RangeError(`falseSuspicionProbability: ${message}`),
    );
  });
});
