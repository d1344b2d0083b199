// Defects that are known and not yet mended, each as what has to hold. `test.fails` passes as long as it
// does not hold: whoever mends one takes the mark away.
import { expect, test } from "vitest";
import { runScenario } from "./runScenario.ts";
import { simulate } from "./simulate.ts";

const writes = {
  arrivals: { kind: "poisson", rate: { kind: "total", perS: 1000 } },
  mix: { write: 1 },
  keys: { kind: "uniform", count: 50 },
};
const node = (index: number) => ({ kind: "node", node: index });
const crash = (target: object, atMs: unknown, lastsMs: unknown) => ({
  what: { kind: "crash", target, lastsMs },
  when: { kind: "at", atMs },
});

// The slot `snapshot` of the disk has two writers: a compaction that falls due while a snapshot that was
// received is being synced stores an older base over it, and the log is then cut for the newer one.
test.fails("a majority loses nothing while a follower installs a snapshot and applies late", () => {
  const scenario = {
    protocol: {
      replicas: [{}, {}, {}],
      options: {
        ...{ acknowledgement: { kind: "majority" }, followerAcknowledges: "durable" },
        retention: { entries: 2000 },
        shipping: { heartbeatMs: 50, resendMs: 1000, applyDelay: 5000 },
        failover: {
          ...{ kind: "election", preVote: true, checkQuorum: false },
          timeout: { minMs: 1500, maxMs: 2500 },
        },
      },
    },
    network: { latency: { kind: "constant", valueMs: 1 } },
    disk: { syncMs: { kind: "constant", valueMs: 200 } },
    workload: writes,
    faults: [
      {
        what: { kind: "cut", links: { kind: "isolate", nodes: [node(1)] }, lastsMs: 2500 },
        when: { kind: "at", atMs: 6000 },
      },
      crash(node(2), 9500, 3500),
      crash(node(1), 11_000, 100),
      crash(node(0), 11_050, "forever"),
    ],
    ...{ durationMs: 17_000, settleMs: 3000 },
  };
  const { metrics } = simulate(scenario as object, { runs: 1 });
  expect(metrics.lostAcknowledgedWrites!.estimate!.value).toBe(0);
});

// Raft's paper, section 8: reads have to wait for an entry of the leader's own epoch to be committed.
test.fails("a new leader answers reads only when it knows what is committed", () => {
  const scenario = {
    protocol: {
      replicas: [{}, {}, {}],
      options: {
        ...{ acknowledgement: { kind: "majority" }, followerAcknowledges: "durable" },
        shipping: { heartbeatMs: 50, resendMs: 200 },
        failover: {
          ...{ kind: "election", preVote: true, checkQuorum: true },
          timeout: { minMs: 150, maxMs: 300 },
        },
      },
    },
    clientOptions: { timeoutMs: 200, retryDelay: 5, attempts: 50 },
    network: { latency: { kind: "constant", valueMs: 5 } },
    disk: { syncMs: { kind: "constant", valueMs: 2 } },
    workload: { ...writes, mix: { read: 1, write: 1 } },
    faults: [crash({ kind: "leader" }, 1000, "forever")],
    ...{ durationMs: 3000, settleMs: 2000 },
  };
  const { metrics } = simulate(scenario as object, { runs: 20 });
  expect(metrics.linearizabilityViolationRate!.estimate!.value).toBe(0);
});

// That it was silenced is stored and not synced: after a crash the old leader takes itself for one again.
test.fails("a leader that had to stop stays stopped when it restarts cut off", () => {
  const cut = {
    what: {
      ...{ kind: "cut", lastsMs: 20_000 },
      links: { kind: "isolate", nodes: [{ kind: "region", region: "a" }] },
    },
    when: { kind: "at", atMs: 5000 },
  };
  const scenario = {
    protocol: {
      replicas: [{ region: "a" }, { region: "b" }, { region: "b" }],
      controllers: ["b", "b", "b"],
      options: {
        failover: {
          ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 100, leaderStopsMs: 1000 },
          ...{ detector: { kind: "timeout", timeoutMs: 1000 }, choose: "most-advanced" },
          ...{ maximumLagBytes: null, promoteDelay: 100, reconfigureDelay: 100 },
          ...{ stonithMs: null, blockMs: 0 },
        },
      },
    },
    clients: [{ region: "a" }, { region: "b" }],
    clientOptions: { timeoutMs: 200, attempts: 2, retryDelay: 10 },
    network: { latency: { kind: "constant", valueMs: 2 } },
    disk: { syncMs: { kind: "constant", valueMs: 1 } },
    workload: writes,
    faults: [cut, crash(node(0), [10_000, 12_000, 14_000], 100)],
    ...{ durationMs: 30_000, settleMs: 5000 },
  };
  const { history } = runScenario(scenario as object, 3, { fromMs: 0, toMs: 1 });
  const late = history.filter(({ outcome, servedBy, completedMs }) => {
    return outcome === "ok" && servedBy === 0 && completedMs! > 7000 && completedMs! < 25_000;
  });
  expect(late).toEqual([]);
});
