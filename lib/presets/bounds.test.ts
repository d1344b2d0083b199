// What the documentations promise about acknowledged writes, as properties of runs: a crash of the leader,
// and its isolation with a third of the clients. 4 runs each, at 25 writes/s.
import { describe, expect, test } from "vitest";
import { setPath } from "../scenarios/setPath.ts";
import { simulate } from "../scenarios/simulate.ts";
import { type PresetFault, presetFaults, presetScenario } from "./presetScenario.ts";

const seeds = [1, 2, 3, 4];

interface Loss {
  readonly writes: number;
  /** From the first to the last acknowledgement of the writes lost, ms; 0 if none was. */
  readonly windowMs: number;
}

function losses(
  name: string,
  fault: PresetFault,
  changes: Readonly<Record<string, unknown>> = {},
): Loss[] {
  const all = { "workload.arrivals.rate.perS": 50, ...changes };
  const scenario = Object.entries(all).reduce<object>(
    (changed, [path, value]) => setPath(changed, path, value),
    presetScenario(name, fault),
  );
  return seeds.map((seed) => {
    const { metrics } = simulate(scenario, { runs: 1, seed });
    expect(metrics.undecidedRunShare!.estimate!.value, `${name}, seed ${seed}`).toBe(0);
    return {
      writes: metrics.lostAcknowledgedWrites!.estimate!.value,
      windowMs: metrics.lossWindowMs!.estimate?.value ?? 0,
    };
  });
}

const windows = (name: string, fault: PresetFault, changes?: Record<string, unknown>): number[] =>
  losses(name, fault, changes).map(({ windowMs }) => windowMs);

describe("nothing is lost", () => {
  const majority = [
    ...["etcd", "consul", "zookeeper", "mongodb", "cockroachdb", "foundationdb"],
    ...["galera", "mysql-group-replication"],
  ];
  const others = ["kafka", "pg-auto-failover", "rds-multi-az"];
  test.each([...majority, ...others])(
    "%s",
    (name) => {
      for (const fault of presetFaults) {
        for (const { writes } of losses(name, fault)) expect(writes, fault).toBe(0);
      }
    },
    60_000,
  );

  test("mysql-semi-sync and sql-server-ag in a crash, before anything has fallen back", () => {
    for (const name of ["mysql-semi-sync", "sql-server-ag"]) {
      for (const { writes } of losses(name, "crash")) expect(writes, name).toBe(0);
    }
  });
});

describe("a cut-off leader loses at most what it acknowledged until it must have stopped", () => {
  // Name, bound, and that it is not trivial: a loss of at least half of it was seen.
  test.each([
    ["patroni", 30_000, "ttl"],
    ["redis-cluster", 15_000, "cluster-node-timeout"],
    ["oracle-data-guard", 30_000, "FastStartFailoverLagLimit"],
    ["sql-server-ag", 10_000, "lease timeout less session timeout"],
  ])(
    "%s: %d ms, its %s",
    (name, boundMs) => {
      const seen = windows(name, "isolation");
      for (const windowMs of seen) expect(windowMs).toBeLessThanOrEqual(boundMs);
      expect(Math.max(...seen)).toBeGreaterThan(boundMs / 3);
    },
    60_000,
  );

  test("redis-sentinel: min-replicas-max-lag with min-replicas-to-write 1, until the heal without", () => {
    const fenced = { "protocol.options.fencing.minFollowers": { count: 1, withinMs: 10_000 } };
    // Replicas tell every second how far they are.
    const told = { ...fenced, "protocol.options.shipping.heartbeatMs": 1000 };
    const seen = windows("redis-sentinel", "isolation", told);
    for (const windowMs of seen) expect(windowMs).toBeLessThanOrEqual(10_000);
    expect(Math.max(...seen)).toBeGreaterThan(5000);
    for (const windowMs of windows("redis-sentinel", "isolation")) {
      expect(windowMs).toBeGreaterThan(60_000);
    }
  }, 60_000);

  test("mysql-semi-sync: nothing for 10 s, then until the heal", () => {
    for (const windowMs of windows("mysql-semi-sync", "isolation")) {
      expect(windowMs).toBeGreaterThan(40_000);
      expect(windowMs).toBeLessThan(60_000);
    }
  });
});
