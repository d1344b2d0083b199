import { afterEach, describe, expect, test, vi } from "vitest";
import { everything, oracle } from "../../../test/support/metricsOracle.ts";
import { type SyntheticOptions, SyntheticRun } from "../../../test/support/syntheticRun.ts";
import { positionOf } from "../../core/protocol.ts";
import { binOf, type SparseHistogram } from "./binCounter.ts";
import { KeyLog } from "./keyLog.ts";
import { metricsObserver } from "./metricsObserver.ts";
import type { RunMetrics } from "./runMetrics.ts";
import type { Told } from "./told.ts";

const short: SyntheticOptions = {
  ...{ steps: 250, partitions: 1, tellsEntries: true, faultEvery: 12, endsLed: true },
};

/** Numerator and denominator of a run. */
function parts(metrics: RunMetrics, name: keyof RunMetrics["ratios"]): [number, number] {
  const { y, x } = metrics.ratios[name]!;
  return [y, x];
}

/** The histogram of values, bin by bin. */
function histogramOf(values: readonly number[]): SparseHistogram {
  const places = values.filter((value) => value !== 0).map(binOf);
  const bins = [...new Set(places)].sort((a, b) => a - b);
  const counts = bins.map((bin) => places.filter((place) => place === bin).length);
  return { zeros: values.length - places.length, bins, counts };
}

/** Expects all that was counted online to be what the definitions say. */
function expectAgreement(metrics: RunMetrics, slow: ReturnType<typeof oracle>, name: string): void {
  const { reads, stale, ageMs, ageVersions } = slow;
  const { means, histograms } = metrics;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  expect(parts(metrics, "staleReadRate"), name).toEqual([stale, reads]);
  expect(parts(metrics, "readAgeVersionsMean"), name).toEqual([sum(ageVersions), reads]);
  expect(parts(metrics, "linearizabilityViolationRate"), name).toEqual([
    slow.linearizability,
    reads,
  ]);
  expect(parts(metrics, "readYourWritesViolationRate"), name).toEqual(slow.readYourWrites);
  expect(parts(metrics, "readYourWritesAcrossDevicesViolationRate"), name).toEqual(
    slow.readYourWritesAcross,
  );
  expect(parts(metrics, "monotonicReadViolationRate"), name).toEqual(slow.monotonicReads);
  expect(parts(metrics, "monotonicReadAcrossDevicesViolationRate"), name).toEqual(
    slow.monotonicReadsAcross,
  );
  expect(parts(metrics, "monotonicWriteViolationRate"), name).toEqual(slow.monotonicWrites);
  expect(parts(metrics, "consistentPrefixViolationRate"), name).toEqual(slow.consistentPrefix);
  expect(parts(metrics, "consistentPrefixAcrossPartitionsViolationRate"), name).toEqual(
    slow.consistentPrefixAcross,
  );
  expect(histograms.readAgeMs!.histogram, name).toEqual(histogramOf(ageMs));
  expect(histograms.readAgeVersions!.histogram, name).toEqual(histogramOf(ageVersions));
  expect(histograms.writeLatencyMs!.histogram, name).toEqual(histogramOf(slow.writeLatencyMs));
  expect(means.unavailableMs!.mean, name).toBeCloseTo(
    sum(slow.unavailableMs) / slow.unavailableMs.length,
    6,
  );
  expect(means.longestWriteGapMs!.mean, name).toBeCloseTo(slow.longestWriteGapMs, 6);
  expect(means.leaderlessMs!.mean, name).toBeCloseTo(slow.leaderlessMs, 6);
  expect(means.splitBrainMs!.mean, name).toBeCloseTo(slow.splitBrainMs, 6);
  expect(means.failovers!.mean, name).toBe(slow.failovers);
  expect(means.falseFailovers!.mean, name).toBe(slow.falseFailovers);
  expect(means.writesInSplitBrain!.mean, name).toBe(slow.writesInSplitBrain);
  expect(means.indefiniteWrites!.mean, name).toBe(slow.indefinite);
  expect(means.undecidedRunShare!.mean, name).toBe(slow.isUndecided ? 1 : 0);
  if (slow.isUndecided) {
    expect(means.lostAcknowledgedWrites, name).toBeUndefined();
    return;
  }
  expect(means.lostAcknowledgedWrites!.mean, name).toBe(slow.lost);
  expect(parts(metrics, "lostAcknowledgedWriteRate"), name).toEqual([slow.lost, slow.acknowledged]);
  if (metrics.ratios.phantomReadRate !== undefined || slow.isLed) {
    expect(parts(metrics, "phantomReadRate"), name).toEqual([slow.phantom, reads]);
  }
  const [windowMs, windows] = parts(metrics, "lossWindowMs");
  expect(windows, name).toBe(slow.lossWindows);
  expect(windowMs, name).toBeCloseTo(slow.lossWindowMs, 6);
}

interface Comparison {
  readonly seeds: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly settledMargin?: number;
  readonly make?: typeof metricsObserver;
}

/** Runs with many seeds; what was seen in all of them together, so that nothing is vacuous. */
function compare(options: SyntheticOptions, comparison: Comparison): Record<string, number> {
  const { partitions } = options;
  const { seeds, fromMs = 0, toMs = Infinity } = comparison;
  const { settledMargin = 1024, make = metricsObserver } = comparison;
  const observer = make({ warmUpMs: fromMs, untilMs: toMs, partitions, settledMargin });
  const seen: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const run = new SyntheticRun(seed, options);
    const all = everything(run.logOf);
    run.run([observer, all]);
    const slow = oracle(all.told, { fromMs, toMs, partitions });
    const metrics = observer.result();
    expectAgreement(metrics, slow, `replay with seed ${seed}`);
    if (options.tellsEntries && slow.isLed && slow.acknowledged > 0) {
      expect(parts(metrics, "indefiniteWriteSurvivalRate")).toEqual([
        slow.survived,
        slow.indefinite,
      ]);
    }
    for (const [name, value] of Object.entries(slow)) {
      const amount = Array.isArray(value) ? (value[0] ?? 0) : Number(value);
      seen[name] = (seen[name] ?? 0) + amount;
    }
  }
  return seen;
}

describe("online metrics agree with the definitions on synthetic runs", () => {
  test("400 short runs of one partition, all leaders tell of entries", () => {
    const seen = compare(short, { seeds: 400 });
    for (const name of [
      "stale",
      "linearizability",
      "phantom",
      "lost",
      "lossWindowMs",
      "survived",
    ]) {
      expect(seen[name], name).toBeGreaterThan(100);
    }
    for (const name of ["readYourWrites", "monotonicReads"]) {
      expect(seen[name], name).toBeGreaterThan(20);
    }
    for (const name of ["leaderlessMs", "splitBrainMs", "falseFailovers", "writesInSplitBrain"]) {
      expect(seen[name], name).toBeGreaterThan(100);
    }
    expect(seen.consistentPrefix).toBeGreaterThan(5);
    expect(seen.monotonicWrites).toBeGreaterThan(0);
  });

  test("200 runs of two partitions, measured in part", () => {
    const options = { ...short, partitions: 2, steps: 400 };
    const seen = compare(options, { seeds: 200, fromMs: 300, toMs: 1200 });
    expect(seen.consistentPrefixAcross).toBeGreaterThan(10);
    expect(seen.lost).toBeGreaterThan(50);
  });

  test("200 runs in which entries are told of only when they are acknowledged", () => {
    const seen = compare({ ...short, tellsEntries: false }, { seeds: 200 });
    expect(seen.phantom).toBeGreaterThan(50);
  });

  test("200 runs that may end without a leader", () => {
    const seen = compare({ ...short, endsLed: false, faultEvery: 6 }, { seeds: 200 });
    expect(seen.isUndecided).toBeGreaterThan(20);
    expect(seen.isUndecided).toBeLessThan(180);
  });

  test("100 runs in which what all replicas have is forgotten at once", () => {
    const options = { ...short, steps: 600, faultEvery: 40 };
    expect(compare(options, { seeds: 100, settledMargin: 0 }).lost).toBeGreaterThan(50);
  });

  test("200 runs whose leaders do not know the epochs of what was compacted", () => {
    const seen = compare(short, { seeds: 200, make: ofCompactedLogs });
    expect(seen.lost).toBeGreaterThan(100);
  });
});

/**
 * What leaders tell of their logs begins at what all replicas had as the leader before them began, as if
 * the rest were compacted. Not at what they have now: in synthetic runs a leader that was replaced may
 * spread its log again, of which only the description of the next leader tells.
 */
const ofCompactedLogs: typeof metricsObserver = (options) => {
  const observer = metricsObserver(options);
  const settled = new Map<number, number>();
  const compacted = new Map<number, number>();
  return {
    runBegan: (seed) => {
      settled.clear();
      compacted.clear();
      observer.runBegan(seed);
    },
    invoked: (...told) => observer.invoked(...told),
    completed: (...told) => observer.completed(...told),
    faulted: (...told) => observer.faulted(...told),
    runEnded: (timeMs) => observer.runEnded(timeMs),
    reached: (timeMs) => observer.reached(timeMs),
    result: () => observer.result(),
    observed: (name, value, node, timeMs) => {
      const told = value as Told;
      const { partition = 0, boundaries = [] } = told;
      if (name === "settled") settled.set(partition, told.position!);
      const from = compacted.get(partition) ?? 0;
      if (name === "leads") compacted.set(partition, settled.get(partition) ?? 0);
      if (name !== "leads" || from === 0) return observer.observed(name, value, node, timeMs);
      const { epoch } = boundaries.findLast(({ position }) => position <= from)!;
      const later = boundaries.filter(({ position }) => position > from);
      const known = { ...told, boundaries: [{ epoch, position: from }, ...later] };
      observer.observed(name, known, node, timeMs);
    },
  };
};

describe("the comparison sees twins that are broken", () => {
  afterEach(() => {
    vi.doUnmock("./logDescription.ts");
    vi.doUnmock("./keyLog.ts");
    vi.resetModules();
  });

  async function twin(): Promise<typeof metricsObserver> {
    vi.resetModules();
    return (await import("./metricsObserver.ts")).metricsObserver;
  }

  test("a ledger that looks at positions only, not at epochs", async () => {
    vi.doMock("./logDescription.ts", () => ({
      isInLog: (log: { lastPosition: number }, version: number) =>
        positionOf(version) <= log.lastPosition,
    }));
    const make = await twin();
    expect(() => compare(short, { seeds: 20, make })).toThrow(/replay with seed/);
  });

  test("a staleness that takes the version that was read for one that was missed", async () => {
    vi.doMock("./keyLog.ts", () => ({
      KeyLog: class extends KeyLog {
        override placeAfter(version: number): number {
          return super.placeAfter(version - 1);
        }
      },
    }));
    const make = await twin();
    expect(() => compare(short, { seeds: 20, make })).toThrow(/replay with seed/);
  });

  test("a staleness that counts the first acknowledgement after the invocation", async () => {
    vi.doMock("./keyLog.ts", () => ({
      KeyLog: class extends KeyLog {
        override firstAcknowledgedMs(index: number, acknowledgements: number): number {
          return super.firstAcknowledgedMs(index, acknowledgements + 1);
        }
      },
    }));
    const make = await twin();
    expect(() => compare(short, { seeds: 20, make })).toThrow(/replay with seed/);
  });
});
