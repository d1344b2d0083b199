import { type BoundedMoments, mergeMeans, noMean } from "./boundedMean.ts";
import { type ClusteredHistogram, mergeHistograms, noHistogram } from "./clusteredHistogram.ts";
import { mergeRatios, noRatio, type RatioMoments } from "./ratioMoments.ts";

/** What is kept as numerator and denominator, under the name of the metric. */
export const ratioNames = [
  "staleReadRate",
  "readAgeVersionsMean",
  "truncatedAgeRate",
  "readYourWritesViolationRate",
  "readYourWritesAcrossDevicesViolationRate",
  "monotonicReadViolationRate",
  "monotonicReadAcrossDevicesViolationRate",
  "monotonicWriteViolationRate",
  "consistentPrefixViolationRate",
  "consistentPrefixAcrossPartitionsViolationRate",
  "linearizabilityViolationRate",
  "phantomReadRate",
  "lostAcknowledgedWriteRate",
  "lossWindowMs",
  "indefiniteWriteSurvivalRate",
  "failedWriteRate",
  "indefiniteWriteRate",
  "failedReadRate",
  "leaderBusyShare",
  "followerBusyShare",
  "messagesPerWrite",
  "bytesPerWrite",
] as const;

/** What is kept as one value per run, under the name of the metric. */
export const meanNames = [
  "lostAcknowledgedWrites",
  "undecidedRunShare",
  "lossyRunShare",
  "indefiniteWrites",
  "unavailableMs",
  "leaderlessMs",
  "longestWriteGapMs",
  "failovers",
  "falseFailovers",
  "splitBrainMs",
  "writesInSplitBrain",
  "duplicatePrimaryKeys",
  "cacheMixUps",
  "discardedEntries",
  "divergentRows",
  "fallbackShare",
  "suspendedMs",
  "throughputPerS",
  "writeThroughputPerS",
] as const;

/** What is kept as a histogram. */
export const histogramNames = [
  "readAgeMs",
  "readAgeVersions",
  "writeLatencyMs",
  "readLatencyMs",
  "timeToOnlineMs",
] as const;

/** Name of what is kept as numerator and denominator. */
export type RatioName = (typeof ratioNames)[number];
/** Name of what is kept as one value per run. */
export type MeanName = (typeof meanNames)[number];
/** Name of what is kept as a histogram. */
export type HistogramName = (typeof histogramNames)[number];

/**
 * What was counted in one run, or in several: plain data, for a message to another thread or a file.
 * `estimateMetrics` turns it into estimates. A name that is missing was not measurable in any run: for
 * example failovers of a protocol that does not tell who leads.
 */
export interface RunMetrics {
  /** Number of runs. */
  readonly runs: number;
  readonly ratios: Readonly<Partial<Record<RatioName, RatioMoments>>>;
  readonly means: Readonly<Partial<Record<MeanName, BoundedMoments>>>;
  readonly histograms: Readonly<Partial<Record<HistogramName, ClusteredHistogram>>>;
}

/** Of no run. */
export const noMetrics: RunMetrics = { runs: 0, ratios: {}, means: {}, histograms: {} };

/**
 * What was counted in the runs of both. Rounding depends on the order: merge in the order of the runs,
 * and the result is the same for any number of workers.
 */
export function mergeMetrics(a: RunMetrics, b: RunMetrics): RunMetrics {
  return {
    runs: a.runs + b.runs,
    ratios: mergeNamed(a.ratios, b.ratios, noRatio, mergeRatios),
    means: mergeNamed(a.means, b.means, noMean, mergeMeans),
    histograms: mergeNamed(a.histograms, b.histograms, noHistogram, mergeHistograms),
  };
}

function mergeNamed<Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  none: Value,
  merge: (a: Value, b: Value) => Value,
): Record<string, Value> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const merged = [...names].map((name) => [name, merge(a[name] ?? none, b[name] ?? none)] as const);
  return Object.fromEntries(merged);
}
