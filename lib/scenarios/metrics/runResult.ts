import { type BoundedMoments, meanOfRun } from "./boundedMean.ts";
import { type ClusteredHistogram, histogramOfRun } from "./clusteredHistogram.ts";
import type { Counted } from "./counted.ts";
import { type RatioMoments, ratioOfRun } from "./ratioMoments.ts";
import type { HistogramName, MeanName, RatioName, RunMetrics } from "./runMetrics.ts";

/** What was counted in one run, under the names of the metrics; what could not be measured is absent. */
export function metricsOfRun(counted: Counted): RunMetrics {
  return {
    runs: 1,
    ratios: { ...readRatios(counted), ...writeRatios(counted), ...loadRatios(counted) },
    means: { ...clientMeans(counted), ...lossMeans(counted), ...leaderMeans(counted) },
    histograms: histograms(counted),
  };
}

type Ratios = Partial<Record<RatioName, RatioMoments>>;
type Means = Partial<Record<MeanName, BoundedMoments>>;

function readRatios({ freshness, sessions, losses, counts }: Counted): Ratios {
  const { readCount: reads } = freshness;
  const share = ({ hits, trials }: { readonly hits: number; readonly trials: number }) =>
    ratioOfRun(hits, trials);
  return {
    staleReadRate: ratioOfRun(freshness.staleCount, reads),
    readAgeVersionsMean: ratioOfRun(freshness.ageVersionsSum, reads),
    truncatedAgeRate: ratioOfRun(freshness.truncatedCount, reads),
    linearizabilityViolationRate: ratioOfRun(freshness.inversionCount, reads),
    readYourWritesViolationRate: share(sessions.readYourWrites),
    readYourWritesAcrossDevicesViolationRate: share(sessions.readYourWritesAcross),
    monotonicReadViolationRate: share(sessions.monotonicReads),
    monotonicReadAcrossDevicesViolationRate: share(sessions.monotonicReadsAcross),
    monotonicWriteViolationRate: share(sessions.monotonicWrites),
    consistentPrefixViolationRate: share(sessions.consistentPrefix),
    consistentPrefixAcrossPartitionsViolationRate: share(sessions.consistentPrefixAcross),
    failedReadRate: ratioOfRun(counts.reads - counts.okReads, counts.reads),
    ...(losses.isFollowing &&
      losses.undecidedReadCount === 0 && {
        phantomReadRate: ratioOfRun(losses.phantomReadCount, reads),
      }),
  };
}

function writeRatios({ losses, counts }: Counted): Ratios {
  const { acknowledgedCount, lostCount, windows, resolvedCount, survivedCount } = losses;
  const windowMs = [...windows.values()].reduce((sum, each) => sum + each.lastMs - each.firstMs, 0);
  return {
    failedWriteRate: ratioOfRun(counts.failedWrites, counts.writes),
    indefiniteWriteRate: ratioOfRun(losses.indefiniteCount, counts.writes),
    ...(losses.isFollowing && {
      indefiniteWriteSurvivalRate: ratioOfRun(survivedCount, resolvedCount),
    }),
    ...(isDecided(losses) && {
      lostAcknowledgedWriteRate: ratioOfRun(lostCount, acknowledgedCount),
      lossWindowMs: ratioOfRun(windowMs, windows.size),
    }),
  };
}

function loadRatios({ load, probe, counts }: Counted): Ratios {
  if (load === undefined) return {};
  const { leaderBusyMs, leaderMs, replicaBusyMs, replicaMs } = load;
  const followerMs = replicaMs - leaderMs;
  return {
    ...(replicaMs > 0 && {
      leaderBusyShare: ratioOfRun(leaderBusyMs, leaderMs),
      followerBusyShare: ratioOfRun(replicaBusyMs - leaderBusyMs, followerMs),
    }),
    ...(probe?.messageCount && {
      messagesPerWrite: ratioOfRun(load.messageCount, counts.okWrites),
    }),
    ...(probe?.byteCount && { bytesPerWrite: ratioOfRun(load.byteCount, counts.okWrites) }),
  };
}

function clientMeans(counted: Counted): Means {
  const { availabilities, counts, losses, primaryKeys } = counted;
  const { okReads, okWrites, writes } = counts;
  const spanMs = measuredMs(counted);
  const perS = (count: number) => meanOfRun(spanMs > 0 ? (1000 * count) / spanMs : 0, 0);
  const unavailableMs = availabilities.map((each) => each.unavailableMs);
  const gapMs = availabilities.map((each) => each.longestGapMs);
  return {
    // Without writes there is no witness of an outage.
    ...(writes > 0 && {
      unavailableMs: meanOfRun(average(unavailableMs), spanMs),
      longestWriteGapMs: meanOfRun(Math.max(...gapMs), spanMs),
    }),
    indefiniteWrites: meanOfRun(losses.indefiniteCount, writes),
    duplicatePrimaryKeys: meanOfRun(primaryKeys.duplicateCount, okWrites),
    cacheMixUps: meanOfRun(primaryKeys.mixUpCount, okWrites),
    throughputPerS: perS(okReads + okWrites),
    writeThroughputPerS: perS(okWrites),
  };
}

function lossMeans({ losses }: Counted): Means {
  if (!losses.isFollowing) return {};
  const { lostCount, acknowledgedCount } = losses;
  return {
    undecidedRunShare: meanOfRun(isDecided(losses) ? 0 : 1, 1),
    ...(isDecided(losses) && {
      lostAcknowledgedWrites: meanOfRun(lostCount, acknowledgedCount),
      lossyRunShare: meanOfRun(lostCount > 0 ? 1 : 0, 1),
    }),
  };
}

function leaderMeans(counted: Counted): Means {
  const { leaderships, endMs, counts, probe } = counted;
  if (!leaderships.some(({ isTold }) => isTold)) return {};
  const spanMs = measuredMs(counted);
  const total = (of: (each: (typeof leaderships)[number]) => number) => leaderships.map(of);
  const bounded = (ms: readonly number[]) => meanOfRun(average(ms), spanMs);
  const fallback = average(total((each) => each.asynchronousMs(endMs)));
  return {
    leaderlessMs: bounded(total((each) => each.leaderlessMs(endMs))),
    splitBrainMs: bounded(total((each) => each.splitBrainMs(endMs))),
    suspendedMs: bounded(total((each) => each.suspendedMs(endMs))),
    fallbackShare: meanOfRun(spanMs > 0 ? fallback / spanMs : 0, 1),
    failovers: meanOfRun(sum(total((each) => each.failovers)), Infinity),
    falseFailovers: meanOfRun(sum(total((each) => each.falseFailovers)), Infinity),
    writesInSplitBrain: meanOfRun(sum(total((each) => each.writesInSplitBrain)), counts.writes),
    discardedEntries: meanOfRun(counts.discardedEntries, counts.writes),
    divergentRows: meanOfRun(probe?.divergentRows?.() ?? counts.divergentRows, counts.writes),
  };
}

function histograms(counted: Counted): Partial<Record<HistogramName, ClusteredHistogram>> {
  const { freshness, writeLatencyMs, readLatencyMs, timeToOnlineMs } = counted;
  return {
    readAgeMs: histogramOfRun(freshness.ageMs.histogram()),
    readAgeVersions: histogramOfRun(freshness.ageVersions.histogram()),
    writeLatencyMs: histogramOfRun(writeLatencyMs.histogram()),
    readLatencyMs: histogramOfRun(readLatencyMs.histogram()),
    timeToOnlineMs: histogramOfRun(timeToOnlineMs.histogram()),
  };
}

/** Whether it is known of all acknowledged writes of the run what became of them. */
function isDecided({ isFollowing, undecidedCount }: Counted["losses"]): boolean {
  return isFollowing && undecidedCount === 0;
}

function measuredMs({ window, endMs }: Counted): number {
  return Math.max(0, Math.min(window.toMs, endMs) - window.fromMs);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}
