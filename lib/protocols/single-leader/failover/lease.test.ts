import { describe, expect, test } from "vitest";
import { chaos } from "../../../../test/support/chaos.ts";
import { type FailoverSetting, failoverWorld } from "../../../../test/support/failoverWorld.ts";
import { epochOf, positionOf } from "../../../core/protocol.ts";
import { randomStream } from "../../../core/random.ts";
import type { Controls } from "../../../simulation/world.ts";
import { defaultSingleLeaderOptions, type Failover } from "../options.ts";

/* Patroni's documentation: docs/dynamic_configuration.rst, docs/replication_modes.rst, docs/watchdog.rst. */

type Lease = Extract<Failover, { readonly kind: "lease" }>;

/** Patroni's defaults; promotion takes a second. */
const patroni: Lease = {
  ...{ kind: "lease", ttlMs: 30_000, loopMs: 10_000, retryMs: 10_000 },
  ...{ maximumLagBytes: null, promoteDelay: 1000, watchdog: true },
};

/** Every message takes 1 ms. */
const latencyMs = 1;

/** Replicas 0 to 2, then the store, then a client. */
function leaseWorld(lease: Partial<Lease>, setting: Partial<FailoverSetting> = {}) {
  const options = { failover: { ...patroni, ...lease }, ...setting.options };
  return failoverWorld({ ...setting, options });
}

/** Cuts or heals all ways between two sets of nodes. */
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

/** A moment in the third to sixth round of the leader's loop, by seed. */
function momentMs(seed: number): number {
  return 30_000 + 30_000 * randomStream({ seed, purpose: "moment" }).nextUniform();
}

describe("the leader dies", () => {
  test("the key outlives it by ttl from its last renewal: in (ttl - loop, ttl] after the crash, 100 crashes", () => {
    const downtimesMs: number[] = [];
    for (let seed = 0; seed < 100; seed++) {
      const crashMs = momentMs(seed);
      const run = leaseWorld({}, { script: [[crashMs, (controls) => controls.crash(0)]] });
      const next = run.run(seed, 150_000).named("leads")[1]!;
      // The request for the renewal, the notice that the key is gone, a look at it, and getting it.
      const messagesMs = 6 * latencyMs;
      const renewedMs = Math.floor(crashMs / patroni.loopMs) * patroni.loopMs;
      expect(next.timeMs).toBeCloseTo(renewedMs + patroni.ttlMs + messagesMs + 1000, 6);
      downtimesMs.push(next.timeMs - crashMs - messagesMs - 1000);
    }
    for (const ms of downtimesMs) {
      expect(ms).toBeGreaterThan(patroni.ttlMs - patroni.loopMs);
      expect(ms).toBeLessThanOrEqual(patroni.ttlMs);
    }
    // Uniform in an interval as long as the loop: mean ttl - loop / 2, deviation loop / sqrt(12).
    const meanMs = downtimesMs.reduce((sum, ms) => sum + ms, 0) / 100;
    const errorMs = patroni.loopMs / Math.sqrt(12 * 100);
    expect(Math.abs(meanMs - 25_000)).toBeLessThan(4 * errorMs);
  });

  test("one of the others leads, in a newer epoch, and goes on renewing", () => {
    const run = leaseWorld({}, { script: [[45_000, (controls) => controls.crash(0)]] });
    const leads = run.run(1, 300_000).named("leads");
    expect(leads.map(({ value }) => value.epoch)).toEqual([1, 2]);
    expect(run.named("yields")).toHaveLength(0);
  });

  test("back before its key is gone, it gets it again, in a new epoch", () => {
    const script = [
      [45_000, (controls: Controls) => controls.crash(0)],
      [50_000, (controls: Controls) => controls.restart(0)],
    ] as const;
    const leads = leaseWorld({}, { script }).run(1, 100_000).named("leads");
    expect(leads.map(({ node, value }) => [node, value.epoch])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(leads[1]!.timeMs).toBeLessThan(62_000);
  });
});

describe("the leader is cut off from the store", () => {
  const cutMs = 43_000;
  const script = [[cutMs, (controls: Controls) => between(controls, "cut", [[0], [3]])]] as const;

  test("it demotes itself retryMs after the first renewal that fails, before anybody else leads", () => {
    const run = leaseWorld({}, { script }).run(1, 100_000);
    expect(run.named("yields").map(({ node, timeMs }) => [node, timeMs])).toEqual([[0, 60_000]]);
    expect(run.named("leads")[1]!.timeMs).toBeCloseTo(40_000 + 30_000 + 6 + 1000, 6);
  });

  test("and when its lease is over by its own clock, if it is still trying then", () => {
    const run = leaseWorld({ retryMs: 29_000 }, { script }).run(1, 100_000);
    expect(run.named("yields")[0]!.timeMs).toBeCloseTo(40_000 + 30_000, 6);
    const early = leaseWorld({ retryMs: 29_000, safetyMs: 5000 }, { script }).run(1, 100_000);
    expect(early.named("yields")[0]!.timeMs).toBeCloseTo(40_000 + 25_000, 6);
  });
});

describe("clock error", () => {
  /** How long the old leader goes on beside the new one, ms; below 0: it stops before. */
  function overlapMs(driftPpm: number, safetyMs: number): number {
    const run = leaseWorld(
      { retryMs: 30_000, safetyMs, promoteDelay: 0, loopMs: 5000 },
      {
        clocks: {
          ...{ offsetMs: 0, driftPpm: 0 },
          nodes: [
            { node: 0, driftPpm: -driftPpm },
            { node: 3, driftPpm },
          ],
        },
        // From the other replicas too, which would tell it of the new epoch.
        script: [[43_000, (controls) => between(controls, "cut", [[0], [1, 2, 3]])]],
      },
    ).run(1, 120_000);
    return run.named("yields")[0]!.timeMs - run.named("leads")[1]!.timeMs;
  }

  /**
   * The leader's clock is slow by r and the store's fast by r: the lease of ttl - safety lasts
   * (ttl - safety) / (1 - r), the key ttl / (1 + r). They are equal at this margin.
   */
  function marginMs(driftPpm: number): number {
    const r = driftPpm / 1e6;
    return patroni.ttlMs * (1 - (1 - r) / (1 + r));
  }

  test("within the margin there are never two leaders, beyond it there are: drifts up to 5 %", () => {
    for (const driftPpm of [1000, 5000, 10_000, 20_000, 50_000]) {
      expect(overlapMs(driftPpm, marginMs(driftPpm))).toBeLessThanOrEqual(0);
      expect(overlapMs(driftPpm, marginMs(driftPpm) + 100)).toBeLessThan(-90);
      // 6 ms of messages are on the safe side too.
      const beyondMs = Math.min(50, marginMs(driftPpm) - 1);
      expect(overlapMs(driftPpm, marginMs(driftPpm) - beyondMs)).toBeGreaterThan(beyondMs - 10);
    }
  });
});

describe("a leader that stands still", () => {
  /** Acknowledgements of the old leader while a newer one leads. */
  function lateAcknowledgements(watchdog: boolean): number {
    const run = leaseWorld(
      { watchdog },
      {
        // What has waited is handled in one moment: only without a disk to wait for is it answered
        // in it.
        options: { leaderDurability: "unsynced" },
        writeEveryMs: 500,
        clients: { timeoutMs: 200_000 },
        script: [
          [43_000, (controls) => controls.pause(0)],
          [90_000, (controls) => controls.resume(0)],
        ],
      },
    ).run(1, 150_000);
    const leads = run.named("leads");
    expect(leads).toHaveLength(2);
    const { timeMs } = leads[1]!;
    expect(run.named("acknowledged").some(({ node }) => node === 0)).toBe(true);
    return run.named("acknowledged").filter((each) => each.node === 0 && each.timeMs > timeMs)
      .length;
  }

  test("a watchdog stops it: what waited for it is not accepted", () => {
    expect(lateAcknowledgements(true)).toBe(0);
  });

  test("without one it accepts what had come before its own timers fired", () => {
    expect(lateAcknowledgements(false)).toBeGreaterThan(0);
  });
});

describe("maximum_lag_on_failover", () => {
  function worldWithLag(behind: readonly number[]) {
    return leaseWorld(
      { maximumLagBytes: 10_000 },
      {
        writeEveryMs: 100,
        script: [
          [21_000, (controls) => between(controls, "cut", [[0], behind])],
          [45_000, (controls) => controls.crash(0)],
        ],
      },
    ).run(1, 200_000);
  }

  test("a follower further behind than what was last published stays out of the race", () => {
    for (const behind of [1, 2]) {
      const next = worldWithLag([behind]).named("leads")[1]!;
      expect(next.node).toBe(3 - behind);
    }
  });

  test("if all are, nobody leads", () => {
    const run = worldWithLag([1, 2]);
    expect(run.named("leads")).toHaveLength(1);
    expect(run.named("noCandidate").length).toBeGreaterThan(0);
  });

  // docs/replication_modes.rst: "the worst case is ... maximum_lag_on_failover bytes of transaction
  // log plus the amount that is written in the last ttl seconds".
  test("never more is lost than the lag allowed and what was written in ttl: 40 failovers", () => {
    let worst = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = randomStream({ seed, purpose: "lags" });
      const crashMs = momentMs(seed);
      const [firstMs, secondMs] = [1, 2].map(() => crashMs - 12_000 * random.nextUniform());
      const run = leaseWorld(
        { maximumLagBytes: 10_000 },
        {
          writeEveryMs: 100,
          script: [
            [firstMs!, (controls) => between(controls, "cut", [[0], [1]])],
            [secondMs!, (controls) => between(controls, "cut", [[0], [2]])],
            [crashMs, (controls) => controls.crash(0)],
          ],
        },
      ).run(seed, 150_000);
      const next = run.named("leads")[1];
      if (next === undefined) continue;
      const acknowledged = run.named("acknowledged").filter(({ node }) => node === 0);
      const lost = acknowledged.filter(
        ({ value }) => positionOf(value.version) > next.value.lastPosition,
      );
      const lately = acknowledged.filter(({ timeMs }) => timeMs > crashMs - patroni.ttlMs);
      const { entryBytes } = defaultSingleLeaderOptions;
      expect(lost.length * entryBytes, `replay with seed ${seed}`).toBeLessThanOrEqual(
        10_000 + lately.length * entryBytes,
      );
      worst = Math.max(worst, lost.length * entryBytes);
    }
    // The lag allowed is not all that is lost: the leader goes on after it last published.
    expect(worst).toBeGreaterThan(10_000);
  });
});

describe("a store of three nodes", () => {
  test("goes on without one of them; without two nobody leads", () => {
    for (const [down, count] of [
      [[3], 0],
      [[3, 4], 1],
    ] as const) {
      const run = leaseWorld(
        { storeNodes: 3 },
        {
          script: [
            [
              35_000,
              (controls) => {
                for (const node of down) controls.crash(node);
              },
            ],
          ],
        },
      ).run(1, 300_000);
      expect(run.named("leads")).toHaveLength(1);
      expect(run.named("yields")).toHaveLength(count);
    }
  });

  test("its nodes come back without knowing the time: no key is given away early", () => {
    const script = [
      [41_000, (controls: Controls) => controls.crash(0)],
      [
        42_000,
        (controls: Controls) => {
          for (const node of [3, 4, 5]) controls.crash(node);
          for (const node of [3, 4, 5]) controls.restart(node);
        },
      ],
    ] as const;
    const next = leaseWorld({ storeNodes: 3 }, { script }).run(1, 200_000).named("leads")[1]!;
    // From the restart the whole time to live, not from the last renewal at 40 s.
    expect(next.timeMs).toBeGreaterThan(42_000 + patroni.ttlMs);
  });

  /** Acknowledgements in an epoch after a newer one has begun, with everything that may go wrong. */
  function lateIn(watchdog: boolean, seeds: number): number {
    const faults = chaos({ nodes: [0, 1, 2, 3, 4, 5], everyMs: 800, untilMs: 60_000 });
    const run = leaseWorld(
      {
        ...{ storeNodes: 3, ttlMs: 3000, loopMs: 1000, retryMs: 1000, promoteDelay: 100 },
        ...{ watchdog },
      },
      {
        options: { leaderDurability: "unsynced" },
        writeEveryMs: 40,
        clients: { timeoutMs: 10_000 },
        network: { latency: { kind: "uniform", minMs: 1, maxMs: 20 } },
        disk: { syncMs: { kind: "uniform", minMs: 1, maxMs: 5 }, bytesPerMs: Infinity },
        actors: [faults.actor],
      },
    );
    let [late, leaders] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      let newest = 0;
      const epochs = new Map<number, number>();
      for (const { name, node, value } of run.run(seed, 70_000).told) {
        if (name === "leads") {
          newest = Math.max(newest, value.epoch);
          expect(epochs.get(value.epoch) ?? node, `replay with seed ${seed}`).toBe(node);
          epochs.set(value.epoch, node);
          leaders++;
        }
        if (name === "acknowledged" && epochOf(value.version) < newest) late++;
      }
    }
    expect(leaders).toBeGreaterThan(3 * seeds);
    return late;
  }

  test("20 seeds of all faults: one leader an epoch, and none accepts writes when a newer one leads", () => {
    expect(lateIn(true, 20)).toBe(0);
  });

  test("the broken twin, without watchdog, is caught", () => {
    expect(lateIn(false, 20)).toBeGreaterThan(0);
  });
});
