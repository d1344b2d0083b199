import { expect, test } from "vitest";
import { chaos } from "../../../../test/support/chaos.ts";
import { failoverWorld } from "../../../../test/support/failoverWorld.ts";
import { defaultSingleLeaderOptions, type Failover } from "../options.ts";
import type { ReplicaState } from "../state.ts";

/* After everything that may go wrong, each kind of failover ends with one leader whom all others follow. */

const kinds: Record<string, Failover> = {
  election: {
    ...{ kind: "election", timeout: { minMs: 500, maxMs: 1000 } },
    ...{ preVote: true, checkQuorum: true },
  },
  "lease, one store node": {
    ...{ kind: "lease", ttlMs: 3000, loopMs: 1000, retryMs: 1000 },
    ...{ maximumLagBytes: null, promoteDelay: 100, watchdog: true },
  },
  "lease, three store nodes, no watchdog": {
    ...{ kind: "lease", ttlMs: 3000, loopMs: 1000, retryMs: 1000, storeNodes: 3 },
    ...{ maximumLagBytes: null, promoteDelay: { minMs: 10, maxMs: 500 }, watchdog: false },
  },
  "three monitors": {
    ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 300 },
    detector: { kind: "timeout", timeoutMs: 1500 },
    ...{ choose: "most-advanced", maximumLagBytes: null, promoteDelay: 100 },
    ...{ reconfigureDelay: { minMs: 100, maxMs: 1000 }, stonithMs: null, blockMs: 0 },
  },
  "three monitors, phi, leaders that stop themselves": {
    ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 300, leaderStopsMs: 2000 },
    detector: {
      ...{ kind: "phi", threshold: 8, windowSize: 50, minDeviationMs: 50 },
      acceptablePauseMs: 500,
    },
    ...{ choose: "random", maximumLagBytes: null, promoteDelay: 100, reconfigureDelay: 500 },
    ...{ stonithMs: null, blockMs: 1000 },
  },
  "by hand": {
    ...{ kind: "manual", detector: { kind: "timeout", timeoutMs: 1500 }, pollMs: 300 },
    ...{ reaction: { minMs: 500, maxMs: 2000 }, choose: "most-advanced" },
  },
};

test.each(
  Object.entries(kinds).flatMap(([name, failover]) =>
    [true, false].map((tokens) => ({ name, failover, tokens })),
  ),
)("$name, tokens $tokens: 12 seeds of 40 s of faults", ({ failover, tokens }) => {
  const replicas = [0, 1, 2];
  const probe = failoverWorld({ options: { failover } });
  const faults = chaos({
    ...{ nodes: [...replicas, ...probe.controllers], everyMs: 400, untilMs: 40_000 },
  });
  const run = failoverWorld({
    options: {
      failover,
      fencing: { tokens, minFollowers: null },
      shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 200 },
    },
    network: { latency: { kind: "uniform", minMs: 1, maxMs: 20 } },
    disk: { syncMs: { kind: "uniform", minMs: 1, maxMs: 5 }, bytesPerMs: Infinity },
    writeEveryMs: 100,
    actors: [faults.actor],
  });
  let leaderCount = 0;
  for (let seed = 0; seed < 12; seed++) {
    run.run(seed, 80_000);
    const states = replicas.map((node) => run.simulator.state(node) as ReplicaState);
    const leaders = states.filter(({ role }) => role.kind === "leader");
    expect(leaders.length, `leaders, replay with seed ${seed}`).toBe(1);
    const { self, epoch } = leaders[0]!;
    for (const { role, self: node, epoch: known } of states) {
      if (node === self) continue;
      expect(role, `replay with seed ${seed}`).toMatchObject({ kind: "follower", leader: self });
      expect(known).toBe(epoch);
    }
    // One leader an epoch, and writes get through at the end.
    const byEpoch = new Map<number, number>();
    for (const { node, value } of run.named("leads")) {
      expect(byEpoch.get(value.epoch) ?? node, `replay with seed ${seed}`).toBe(node);
      byEpoch.set(value.epoch, node);
    }
    expect([...run.acknowledged.values()].some((timeMs) => timeMs > 79_000)).toBe(true);
    leaderCount += run.named("leads").length;
  }
  expect(leaderCount).toBeGreaterThan(24);
});
