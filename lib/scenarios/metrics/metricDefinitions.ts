import type { HistogramName, MeanName, RatioName } from "./runMetrics.ts";

/** How a metric is estimated from what was counted in independent runs. */
export type MetricKind =
  /** Share of operations with a property: `clusteredProportion`. */
  | { readonly kind: "proportion"; readonly of: RatioName }
  /** Ratio of two totals: `ratioEstimate`; `bound` is the largest that is possible. */
  | { readonly kind: "ratio"; readonly of: RatioName; readonly bound?: number }
  /** Mean per run: `boundedMean`. */
  | { readonly kind: "mean"; readonly of: MeanName }
  /** Share of runs with a property: `proportion`. */
  | { readonly kind: "runShare"; readonly of: MeanName }
  /** Quantile over operations: `clusteredQuantile`; `isWhole`: of a count. */
  | {
      readonly kind: "quantile";
      readonly of: HistogramName;
      readonly p: number;
      readonly isWhole: boolean;
    };

/** A quantity that is measured of simulated runs. */
export interface MetricDefinition {
  readonly name: string;
  readonly unit: string;
  /** What it is, in one sentence. */
  readonly meaning: string;
  readonly kind: MetricKind;
}

const share = (name: RatioName, meaning: string): MetricDefinition => ({
  ...{ name, unit: "share", meaning, kind: { kind: "proportion", of: name } },
});
const ratio = (name: RatioName, unit: string, meaning: string): MetricDefinition => ({
  ...{ name, unit, meaning },
  kind: { kind: "ratio", of: name, bound: unit === "share" ? 1 : Infinity },
});
const mean = (name: MeanName, unit: string, meaning: string): MetricDefinition => ({
  ...{ name, unit, meaning, kind: { kind: "mean", of: name } },
});
const runShare = (name: MeanName, meaning: string): MetricDefinition => ({
  ...{ name, unit: "share", meaning, kind: { kind: "runShare", of: name } },
});
const percentiles = { P50: 0.5, P90: 0.9, P99: 0.99, P999: 0.999 } as const;
const quantile = (
  of: HistogramName,
  percentile: keyof typeof percentiles,
  unit: string,
  meaning: string,
): MetricDefinition => {
  const p = percentiles[percentile];
  return {
    name: `${of}${percentile}`,
    unit,
    meaning,
    kind: { kind: "quantile", of, p, isWhole: unit === "versions" },
  };
};

const age =
  "time since the first acknowledged write that a read misses, as the read is invoked; 0 if it misses none";
const toAnswer = "from the invocation to the answer";

/**
 * All metrics, in the order in which they are shown. Operations count if they are invoked in the
 * measured part of the run; inserts count as writes where nothing else is said; reads as far as they
 * were answered.
 */
export const metricDefinitions: readonly MetricDefinition[] = [
  share(
    "staleReadRate",
    "Share of reads that miss a write of their key which was acknowledged before they were invoked and which no change of leaders had dropped.",
  ),
  quantile("readAgeMs", "P50", "ms", `Median age of reads: ${age}.`),
  quantile("readAgeMs", "P99", "ms", `99 % of reads are no older than this: ${age}.`),
  ratio(
    "readAgeVersionsMean",
    "versions",
    "Mean number of acknowledged writes that a read misses.",
  ),
  quantile("readAgeVersions", "P99", "versions", "99 % of reads miss no more acknowledged writes."),
  share(
    "truncatedAgeRate",
    "Share of reads older than all versions that are remembered: their ages are bounds from below.",
  ),
  share(
    "readYourWritesViolationRate",
    "Share of reads older than a write of the same device, among reads of keys that the device had written.",
  ),
  share(
    "readYourWritesAcrossDevicesViolationRate",
    "Share of reads older than the user's newest write, among reads where that came from another device.",
  ),
  share(
    "monotonicReadViolationRate",
    "Share of reads older than what the same device had read, among reads of keys that it had read.",
  ),
  share(
    "monotonicReadAcrossDevicesViolationRate",
    "Share of reads older than the newest that the user had read, among reads where that was on another device.",
  ),
  share(
    "monotonicWriteViolationRate",
    "Share of writes placed before an earlier write of the user, among writes of keys that the user had written.",
  ),
  share(
    "consistentPrefixViolationRate",
    "Share of reads that miss a write although their user has seen what depends on it, among reads of keys on which something that the user saw depends.",
  ),
  share(
    "consistentPrefixAcrossPartitionsViolationRate",
    "The same, where what depends on the key is in another partition.",
  ),
  share(
    "linearizabilityViolationRate",
    "Share of reads older than a write that was acknowledged, or a value that anybody was returned, before they were invoked; lost writes too.",
  ),
  share("phantomReadRate", "Share of reads that return a write which is lost in the end."),
  mean(
    "lostAcknowledgedWrites",
    "writes",
    "Writes of a run that were acknowledged to their clients and are not in the log of the last leader.",
  ),
  share("lostAcknowledgedWriteRate", "Share of acknowledged writes that are lost."),
  runShare("lossyRunShare", "Share of runs that lost an acknowledged write."),
  runShare(
    "undecidedRunShare",
    "Share of runs that ended without a leader, or not all of whose writes could be followed: they count in no metric of losses.",
  ),
  ratio(
    "lossWindowMs",
    "ms",
    "From the first to the last acknowledgement of the writes lost by one change of leaders, mean over those that lost some.",
  ),
  mean(
    "indefiniteWrites",
    "writes",
    "Writes of a run of which the client does not know whether they happened.",
  ),
  share(
    "indefiniteWriteSurvivalRate",
    "Share of indefinite writes that are in the log of the last leader, among those whose fate is known.",
  ),
  share(
    "indefiniteWriteRate",
    "Share of writes of which the client does not know whether they happened.",
  ),
  share("failedWriteRate", "Share of writes that surely did not happen."),
  share("failedReadRate", "Share of reads without an answer."),
  mean(
    "unavailableMs",
    "ms",
    "Time from the invocation of a write that is not acknowledged, or with further attempts only later than the timeout of one, to that of the next one that is, in sum, mean over partitions; either end of an outage is off by at most one gap between writes.",
  ),
  mean(
    "leaderlessMs",
    "ms",
    "Time in which nobody who is up and not paused leads, mean over partitions.",
  ),
  mean(
    "longestWriteGapMs",
    "ms",
    "Longest time between acknowledgements of writes of one partition.",
  ),
  mean("failovers", "changes", "Changes of leaders from one node to another."),
  mean(
    "falseFailovers",
    "changes",
    "Those at which the old leader had not crashed since it led and was not paused.",
  ),
  mean(
    "splitBrainMs",
    "ms",
    "Time in which two nodes that are up and not paused take themselves for leaders of one partition and accept writes, mean over partitions; if a majority has to acknowledge, the old one cannot acknowledge any.",
  ),
  mean(
    "writesInSplitBrain",
    "writes",
    "Writes that other leaders than the newest acknowledged in such times.",
  ),
  mean(
    "duplicatePrimaryKeys",
    "inserts",
    "Inserts that were given a primary key which had been given before.",
  ),
  mean(
    "cacheMixUps",
    "inserts",
    "Those whose key an outside cache knows as another user's, to whose rows it leads.",
  ),
  mean("discardedEntries", "entries", "Entries that replicas threw away."),
  mean(
    "divergentRows",
    "rows",
    "Rows that replicas which have applied the same read differently at the end of the run: because statements came out differently, or a former leader kept entries of its own.",
  ),
  quantile("writeLatencyMs", "P50", "ms", `Median latency of acknowledged writes, ${toAnswer}.`),
  quantile(
    "writeLatencyMs",
    "P90",
    "ms",
    `90 % of acknowledged writes take no longer ${toAnswer}.`,
  ),
  quantile(
    "writeLatencyMs",
    "P99",
    "ms",
    `99 % of acknowledged writes take no longer ${toAnswer}.`,
  ),
  quantile(
    "writeLatencyMs",
    "P999",
    "ms",
    `99.9 % of acknowledged writes take no longer ${toAnswer}.`,
  ),
  quantile("readLatencyMs", "P50", "ms", `Median latency of reads, ${toAnswer}.`),
  quantile("readLatencyMs", "P90", "ms", `90 % of reads take no longer ${toAnswer}.`),
  quantile("readLatencyMs", "P99", "ms", `99 % of reads take no longer ${toAnswer}.`),
  quantile("readLatencyMs", "P999", "ms", `99.9 % of reads take no longer ${toAnswer}.`),
  mean("throughputPerS", "1/s", "Operations done in a second of the measured time."),
  mean("writeThroughputPerS", "1/s", "Writes acknowledged in a second of the measured time."),
  ratio("leaderBusyShare", "share", "Share of its time that the leader's CPU is busy."),
  ratio(
    "followerBusyShare",
    "share",
    "Share of their time that the CPUs of other replicas are busy.",
  ),
  mean(
    "fallbackShare",
    "share",
    "Share of the time that semi-synchronous replication has fallen back to asynchronous, mean over partitions.",
  ),
  mean(
    "suspendedMs",
    "ms",
    "Time in which leaders accept no writes because too few followers answer, mean over partitions.",
  ),
  quantile(
    "timeToOnlineMs",
    "P50",
    "ms",
    "Median time from the restart of a replica until it has caught up with what was committed.",
  ),
  quantile("timeToOnlineMs", "P99", "ms", "99 % of restarted replicas take no longer to catch up."),
  ratio(
    "messagesPerWrite",
    "messages",
    "Messages sent, of all kinds, for each acknowledged write.",
  ),
  ratio(
    "bytesPerWrite",
    "bytes",
    "Bytes of entries sent, in all kinds of messages, for each acknowledged write; messages without entries have no size.",
  ),
];
