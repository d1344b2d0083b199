import { describe, expect, test } from "vitest";
import type { OperationKind } from "../../core/protocol.ts";
import { estimateMetrics } from "./estimateMetrics.ts";
import { metricDefinitions } from "./metricDefinitions.ts";
import { type MetricsOptions, metricsObserver } from "./metricsObserver.ts";
import {
  histogramNames,
  meanNames,
  mergeMetrics,
  noMetrics,
  type RunMetrics,
  ratioNames,
} from "./runMetrics.ts";

/** A run told by hand; `1000` ms long. */
function run(
  tell: (observer: ReturnType<typeof metricsObserver>) => void,
  options: MetricsOptions = {},
): RunMetrics {
  const observer = metricsObserver(options);
  observer.runBegan(1);
  tell(observer);
  observer.runEnded(1000);
  return observer.result();
}

const log = { partition: 0, epoch: 1, lastPosition: 0, boundaries: [{ epoch: 0, position: 0 }] };

function operation(id: number, kind: OperationKind, session = 0) {
  return { id, kind, key: 0, value: kind === "read" ? null : id, session, device: 0 };
}

describe("what is told besides operations", () => {
  test("the share of time in asynchronous fall-back, until the leader is gone", () => {
    const { means } = run((observer) => {
      observer.observed("leads", log, 0, 0);
      observer.observed("fellBack", { partition: 0, isAsynchronous: true }, 0, 100);
      observer.observed("fellBack", { partition: 0, isAsynchronous: false }, 0, 300);
      observer.observed("fellBack", { partition: 0, isAsynchronous: true }, 0, 800);
      observer.faulted("crash", 0, 0, 900);
    });
    expect(means.fallbackShare!.mean).toBeCloseTo(0.3, 12);
    expect(means.leaderlessMs!.mean).toBeCloseTo(100, 9);
  });

  test("without writes nothing is said about whether they are served", () => {
    const { means } = run((observer) => {
      observer.observed("leads", log, 0, 0);
      observer.invoked(operation(0, "read"), 5, 1);
    });
    expect(means).not.toHaveProperty("unavailableMs");
    expect(means).not.toHaveProperty("longestWriteGapMs");
    expect(means.leaderlessMs).toMatchObject({ mean: 0 });
  });

  test("writes that are tried until an outage is over were not served, if there is a time limit", () => {
    const unavailableMs = (options: MetricsOptions) =>
      run((observer) => {
        // Served in 50 ms but for an outage from 300 to 700, at whose end all are answered.
        for (let id = 0; id < 10; id++) {
          const [atMs, isOut] = [100 * id, id >= 3 && id < 7];
          const write = operation(id, "write");
          observer.invoked(write, 5, atMs);
          const completion = { outcome: "ok", value: id, version: id + 1, servedBy: 0 } as const;
          observer.completed(write, completion, 5, isOut ? 750 : atMs + 50);
        }
      }, options).means.unavailableMs!.mean;
    expect(unavailableMs({})).toBe(0);
    expect(unavailableMs({ timeoutMs: 100 })).toBe(400);
    expect(unavailableMs({ timeoutMs: 49 })).toBe(1000);
  });

  test("a leader that accepts no writes is suspended, not absent, and splits no brain", () => {
    const { means } = run((observer) => {
      observer.observed("leads", log, 0, 0);
      observer.observed("suspended", { partition: 0, isSuspended: true }, 0, 200);
      observer.observed("leads", { ...log, epoch: 2 }, 1, 500);
      observer.observed("suspended", { partition: 0, isSuspended: false }, 0, 600);
      observer.observed("yields", { partition: 0, epoch: 1 }, 0, 650);
    });
    expect(means.suspendedMs!.mean).toBeCloseTo(300, 9);
    expect(means.leaderlessMs!.mean).toBe(0);
    expect(means.splitBrainMs!.mean).toBeCloseTo(50, 9);
  });

  test("entries thrown away, rows kept, and the time from a restart to being online", () => {
    const { means, histograms } = run(
      (observer) => {
        observer.observed("leads", log, 0, 0);
        observer.observed("discarded", { partition: 0, fromPosition: 1, count: 9 }, 1, 50);
        observer.observed("discarded", { partition: 0, fromPosition: 1, count: 2 }, 1, 150);
        observer.observed("kept", { partition: 0, fromPosition: 1, count: 2, rowCount: 3 }, 1, 150);
        observer.observed("online", { partition: 0, position: 1 }, 2, 160);
        observer.faulted("crash", 1, 0, 200);
        observer.faulted("restart", 1, 0, 300);
        observer.observed("online", { partition: 0, position: 1 }, 1, 364);
      },
      { warmUpMs: 100 },
    );
    expect(means.discardedEntries!.mean).toBe(2);
    expect(means.divergentRows!.mean).toBe(3);
    const { bins, counts } = histograms.timeToOnlineMs!.histogram;
    expect([bins.length, counts[0]]).toEqual([1, 1]);
  });

  test("inserts that were given a key twice, and what a cache makes of that", () => {
    const { means } = run((observer) => {
      const given = [
        [0, 7, 0],
        [1, 8, 1],
        [2, 7, 0],
        [3, 8, 2],
        [4, 9, 2],
      ] as const;
      for (const [id, value, session] of given) {
        observer.invoked(operation(id, "insert", session), 5, id);
        const completion = { outcome: "ok", value, version: id + 1, servedBy: 0 } as const;
        observer.completed(operation(id, "insert", session), completion, 5, id);
      }
    });
    expect(means.duplicatePrimaryKeys!.mean).toBe(2);
    expect(means.cacheMixUps!.mean).toBe(1);
    expect(means.writeThroughputPerS!.mean).toBe(5);
  });

  test("CPU of leaders and followers, and messages, in the measured part alone", () => {
    let nowMs = 0;
    const probe = {
      // Node 0 is always busy, node 1 a quarter of the time, node 2 never.
      busyMs: (node: number) => nowMs * [1, 0.25, 0][node]!,
      messageCount: () => nowMs / 10,
      byteCount: () => nowMs * 2,
    };
    const observer = metricsObserver({ warmUpMs: 100, untilMs: 900, replicas: [[0, 1, 2]], probe });
    const at = (timeMs: number) => {
      nowMs = timeMs;
      return timeMs;
    };
    observer.runBegan(1);
    observer.observed("leads", log, 0, at(0));
    const write = operation(0, "write");
    observer.invoked(write, 5, at(100));
    observer.completed(write, { outcome: "ok", value: 0, version: 1, servedBy: 0 }, 5, at(120));
    observer.observed("leads", { ...log, epoch: 2 }, 1, at(500));
    observer.invoked(operation(1, "read"), 5, at(900));
    observer.runEnded(at(900));
    const { ratios } = observer.result();
    const share = (name: "leaderBusyShare" | "followerBusyShare") =>
      ratios[name]!.y / ratios[name]!.x;
    // Node 0 leads for half of the time, node 1 for the other half.
    expect(share("leaderBusyShare")).toBeCloseTo((400 + 100) / 800, 12);
    expect(share("followerBusyShare")).toBeCloseTo((400 + 100) / 1600, 12);
    expect(ratios.messagesPerWrite).toMatchObject({ y: 80, x: 1 });
    expect(ratios.bytesPerWrite).toMatchObject({ y: 1600, x: 1 });
  });

  test("a leader that lacks what all replicas had: the run is undecided, whatever comes", () => {
    const lose = (lastPosition: number) =>
      run(
        (observer) => {
          observer.observed("leads", log, 0, 0);
          for (let id = 0; id < 5; id++) {
            const version = 2 ** 32 + id + 1;
            observer.invoked(operation(id, "write"), 5, id);
            observer.observed("acknowledged", { operation: id, version }, 0, id);
            const completion = { outcome: "ok", value: id, version, servedBy: 0 } as const;
            observer.completed(operation(id, "write"), completion, 5, id);
          }
          observer.observed("settled", { partition: 0, position: 3 }, 0, 10);
          const boundaries = [...log.boundaries, { epoch: 1, position: 1 }];
          observer.observed("leads", { partition: 0, epoch: 2, lastPosition, boundaries }, 1, 20);
        },
        { settledMargin: 0 },
      );
    expect(lose(2).means).toMatchObject({ undecidedRunShare: { mean: 1 } });
    expect(lose(2).means.lostAcknowledgedWrites).toBeUndefined();
    expect(lose(3).means).toMatchObject({ lostAcknowledgedWrites: { mean: 2 } });
  });

  test("a loss is remembered when logs of later leaders begin behind it", () => {
    const { means } = run((observer) => {
      observer.observed("leads", log, 0, 0);
      for (let id = 0; id < 3; id++) {
        const version = 2 ** 32 + id + 1;
        observer.invoked(operation(id, "write"), 5, id);
        observer.observed("acknowledged", { operation: id, version }, 0, id);
        const completion = { outcome: "ok", value: id, version, servedBy: 0 } as const;
        observer.completed(operation(id, "write"), completion, 5, id);
      }
      const whole = [...log.boundaries, { epoch: 1, position: 1 }];
      observer.observed("leads", { ...log, epoch: 2, lastPosition: 2, boundaries: whole }, 1, 10);
      for (const [epoch, position] of [
        [3, 8],
        [4, 20],
      ] as const) {
        const boundaries = [{ epoch: epoch - 1, position }];
        observer.observed("leads", { ...log, epoch, lastPosition: 30, boundaries }, 0, 10 * epoch);
      }
    });
    expect(means.lostAcknowledgedWrites!.mean).toBe(1);
    expect(means.undecidedRunShare!.mean).toBe(0);
  });

  test("two leaders of one epoch, as of a vote that was not persisted: what the first still takes is lost", () => {
    const { means } = run((observer) => {
      observer.observed("leads", log, 0, 0);
      observer.observed("leads", log, 1, 10);
      for (const [id, node] of [0, 1, 0].entries()) {
        const version = 2 ** 32 + id + 1;
        observer.invoked(operation(id, "write"), 5, 20 + id);
        observer.observed("acknowledged", { operation: id, version }, node, 20 + id);
        const completion = { outcome: "ok", value: id, version, servedBy: node } as const;
        observer.completed(operation(id, "write"), completion, 5, 20 + id);
      }
    });
    expect(means.lostAcknowledgedWrites!.mean).toBe(2);
    expect(means.writesInSplitBrain!.mean).toBe(2);
  });

  test("entries that nobody settles are given up beyond the capacity, as undecided", () => {
    const { means } = run(
      (observer) => {
        observer.observed("leads", log, 0, 0);
        for (let id = 0; id < 5; id++) {
          const completion = { outcome: "ok", value: id, version: 2 ** 32 + id + 1, servedBy: 0 };
          observer.invoked(operation(id, "write"), 5, id);
          observer.completed(operation(id, "write"), { ...completion, outcome: "ok" }, 5, id);
        }
      },
      { watchedEntries: 4 },
    );
    expect(means.undecidedRunShare!.mean).toBe(1);
  });

  test("where nobody tells who leads, only what clients see is measured", () => {
    const metrics = run((observer) => {
      observer.invoked(operation(0, "write"), 5, 1);
      observer.invoked(operation(1, "write"), 5, 2);
      const completion = { outcome: "failed", value: null, version: 0, servedBy: -1 } as const;
      observer.completed(operation(0, "write"), completion, 5, 3);
    });
    const names = Object.keys(estimateMetrics(metrics));
    expect(names).toContain("unavailableMs");
    expect(names).not.toContain("lostAcknowledgedWrites");
    expect(names).not.toContain("leaderlessMs");
    expect(metrics.ratios.failedWriteRate).toMatchObject({ y: 1, x: 2 });
    expect(metrics.ratios.indefiniteWriteRate).toMatchObject({ y: 1, x: 2 });
    expect(metrics.means.unavailableMs!.mean).toBe(999);
  });
});

describe("the registry of metrics", () => {
  test("names are distinct, meanings are sentences, and all that is counted is estimated", () => {
    const names = metricDefinitions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { meaning } of metricDefinitions) expect(meaning).toMatch(/^[A-Z0-9].*\.$/);
    const used = new Set<string>(metricDefinitions.map(({ kind }) => kind.of));
    for (const name of [...ratioNames, ...meanNames, ...histogramNames]) {
      expect(used).toContain(name);
    }
  });

  test("the names that the command promises are there", () => {
    const names = metricDefinitions.map(({ name }) => name);
    const promised = [
      ...["staleReadRate", "readAgeMsP99", "readYourWritesViolationRate"],
      ...["monotonicReadViolationRate", "lostAcknowledgedWrites", "lostAcknowledgedWriteRate"],
      ...[
        "lossWindowMs",
        "unavailableMs",
        "splitBrainMs",
        "writeLatencyMsP50",
        "writeLatencyMsP99",
      ],
    ];
    expect(names).toEqual(expect.arrayContaining(promised));
  });

  test("ages in versions are whole numbers", () => {
    const metrics = run((observer) => {
      for (let id = 0; id < 4; id++) {
        const completion = { outcome: "ok", value: id, version: id + 1, servedBy: 0 } as const;
        observer.invoked(operation(id, "write"), 5, id);
        observer.completed(operation(id, "write"), completion, 5, id);
      }
      observer.invoked(operation(4, "read"), 5, 10);
      const old = { outcome: "ok", value: 0, version: 1, servedBy: 0 } as const;
      observer.completed(operation(4, "read"), old, 5, 11);
    });
    const both = estimateMetrics(mergeMetrics(metrics, metrics));
    expect(both.readAgeVersionsP99).toMatchObject({ value: 3, trials: 2, method: "woodruff" });
    expect(both.readAgeMsP50!.value).toBeCloseTo(9, 1);
    expect(both.readAgeVersionsMean).toMatchObject({ value: 3, low: 3, high: 3 });
  });

  test("nothing and a run are the run; results are plain data", () => {
    const metrics = run((observer) => observer.observed("leads", log, 0, 0));
    expect(mergeMetrics(noMetrics, metrics)).toEqual(metrics);
    expect(mergeMetrics(metrics, noMetrics)).toEqual(metrics);
    expect(structuredClone(metrics)).toEqual(metrics);
    expect(estimateMetrics(noMetrics)).toEqual({});
  });
});
