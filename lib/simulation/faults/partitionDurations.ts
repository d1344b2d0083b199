import type { DistributionSpec } from "../../core/distribution.ts";

/**
 * How long network partitions last in practice: plain distributions in ms, from published figures.
 *
 * Few publications give more than two numbers. What each entry takes from its source, and what is our
 * assumption, stands beside it.
 *
 * @see Bailis, Kingsbury: The Network is Reliable, ACM Queue 12(7), 2014, where they are collected
 */
export interface PartitionDurations {
  /**
   * Isolating partitions of the CENIC network caused by software; 508 partitions of all causes in five
   * years, over 200 routers. Published: median 2.7 min, 95th percentile 19.9 min, mean 6 min.
   * Log-normal through the first two; its mean is 5.6 min.
   *
   * @see Turner, Levchenko, Snoeren, Savage: California Fault Lines, SIGCOMM 2010
   */
  readonly cenicSoftware: DistributionSpec;
  /**
   * The same, caused by hardware. Published: median 32 min, 95th percentile 3.7 days, mean 8.2 h. No
   * log-normal fits: through the first two its mean would be 67 h. A table with straight lines through
   * the two published percentiles; the line of 90 % and the end, 100 h, are ours, chosen so that the
   * mean is the published one: 5 % of the partitions beyond 3.7 days leave no room for a longer tail.
   */
  readonly cenicHardware: DistributionSpec;
  /**
   * Repair of a failed link or device in Microsoft's data centres. Published: median about 5 min,
   * longest one week. Exponential with that median, which is our assumption: it has no such tail.
   *
   * @see Gill, Jain, Nagappan: Understanding Network Failures in Data Centers, SIGCOMM 2011
   */
  readonly microsoftDataCentre: DistributionSpec;
  /**
   * Tickets of the highest priority in enterprise networks managed by HP. Published: median 2 h 45
   * min. Exponential with that median, which is our assumption.
   */
  readonly managedNetwork: DistributionSpec;
  /**
   * Outages of Google's Chubby, of all causes. Published: 61 outages in 700 days, 9 of them longer
   * than 30 s. Exponential with that share beyond 30 s, which is our assumption.
   *
   * @see Burrows: The Chubby Lock Service for Loosely-Coupled Distributed Systems, OSDI 2006
   */
  readonly chubby: DistributionSpec;
}

/** See `PartitionDurations`. */
export const partitionDurations: PartitionDurations = {
  cenicSoftware: { kind: "logNormal", medianMs: 162_000, sigma: 1.2143743 },
  cenicHardware: {
    kind: "empiricalFromPercentiles",
    percentiles: [
      { percent: 0, valueMs: 0 },
      { percent: 50, valueMs: 1_920_000 },
      { percent: 90, valueMs: 16_300_000 },
      { percent: 95, valueMs: 319_680_000 },
      { percent: 100, valueMs: 360_000_000 },
    ],
  },
  microsoftDataCentre: { kind: "exponential", meanMs: 432_808.5 },
  managedNetwork: { kind: "exponential", meanMs: 14_282_681 },
  chubby: { kind: "exponential", meanMs: 15_676.85 },
};

/** A name in `partitionDurations`. */
export type PartitionDurationName = keyof PartitionDurations;

/** The names in `partitionDurations`. */
export const partitionDurationNames: readonly PartitionDurationName[] = Object.keys(
  partitionDurations,
) as PartitionDurationName[];
