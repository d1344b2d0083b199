import { packagedDataset } from "./datasetFile.ts";
import { readCsvAs } from "./readCsv.ts";

/** Quorum sizes of a row and the production fit that it is about. */
export interface PublishedSetting {
  /** Name of the production fit: lnkd-ssd, lnkd-disk, ymmr or wan. */
  readonly latency: string;
  /** Replicas. */
  readonly n: number;
  /** Replies that a read waits for. */
  readonly r: number;
  /** Acknowledgements that a write waits for. */
  readonly w: number;
}

/** A cell group of the paper's table 4, as printed. */
export interface PublishedTable4Row extends PublishedSetting {
  /** Probability of a fresh read, and percentile / 100 of the latencies. */
  readonly probability: number;
  /** Latency of reads at that percentile, ms. */
  readonly readMs: number;
  /** Latency of writes at that percentile, ms. */
  readonly writeMs: number;
  /** t-visibility at that probability, ms; low by 2-13 % where it is not 0. */
  readonly visibilityMs: number;
}

/** A t-visibility with its 95 % interval. */
export interface ExactTable4Row extends PublishedSetting {
  /** Probability of a fresh read. */
  readonly probability: number;
  /** t-visibility, ms. */
  readonly visibilityMs: number;
  /** Lower end of its interval, ms. */
  readonly lowMs: number;
  /** Upper end of its interval, ms. */
  readonly highMs: number;
}

/** A probability of a stale read to the digits given. */
export interface ExactStalenessRow extends PublishedSetting {
  /** Time after the commit of the write at which the read starts, ms. */
  readonly atMs: number;
  /** Probability of a stale read. */
  readonly probability: number;
  /** Its standard error, where it is known. */
  readonly standardError: number | undefined;
}

/** One part of the mixture that fits one message's one-way latency. */
export interface ProductionFitRow {
  /** Name of the production fit: lnkd-ssd, lnkd-disk, ymmr or wan. */
  readonly latency: string;
  /** Message of the WARS model: W, A, R or S. */
  readonly message: string;
  /** `body` or `tail`. */
  readonly part: string;
  /** Probability of this part. */
  readonly weight: number;
  /** `pareto` or `exponential`. */
  readonly family: string;
  /** Smallest value of the Pareto part, ms. */
  readonly minMs: number | undefined;
  /** Shape of the Pareto part, as it reproduces the paper's results. */
  readonly alpha: number | undefined;
  /** Shape of the Pareto part, as printed. */
  readonly alphaPrinted: number | undefined;
  /** Rate of the exponential part, 1/ms. */
  readonly ratePerMs: number | undefined;
  /** Added to each one-way message of a replica that is not the local one, ms. */
  readonly remoteOneWayMs: number;
}

const name = { kind: "text", oneOf: ["lnkd-ssd", "lnkd-disk", "ymmr", "wan"] } as const;
const count = { kind: "integer", min: 1, max: 100 } as const;
const probability = { kind: "number", min: 0, max: 1 } as const;
const ms = { kind: "number", min: 0 } as const;
const positive = { kind: "optional-number", min: Number.MIN_VALUE } as const;
const setting = { latency: name, n: count, r: count, w: count } as const;

/**
 * Table 4 of the paper as printed: latencies and t-visibility at 99.9 %, N = 3.
 *
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, table 4
 * @example
 * loadPublishedTable4().length; // => 24
 * loadPublishedTable4()[6].visibilityMs; // => 45.5
 */
export function loadPublishedTable4(): PublishedTable4Row[] {
  const schema = { ...setting, probability, readMs: ms, writeMs: ms, visibilityMs: ms };
  return readCsvAs("loadPublishedTable4", packagedDataset("pbs_table4_published.csv"), schema);
}

/**
 * The t-visibilities of table 4 with 95 % intervals, computed without the bias of the printed ones.
 *
 * @example
 * loadExactTable4()[2].visibilityMs; // => 52.14797
 */
export function loadExactTable4(): ExactTable4Row[] {
  const interval = { visibilityMs: ms, lowMs: ms, highMs: ms };
  const schema = { ...setting, probability, ...interval };
  return readCsvAs("loadExactTable4", packagedDataset("pbs_table4_exact.csv"), schema);
}

/**
 * Probabilities of a stale read under the production fits, to the digits given.
 *
 * @example
 * loadExactStaleness()[3].probability; // => 0.563398
 */
export function loadExactStaleness(): ExactStalenessRow[] {
  const standardError = { ...positive, max: 1 };
  const schema = { ...setting, atMs: ms, probability, standardError };
  return readCsvAs("loadExactStaleness", packagedDataset("pbs_stale_exact.csv"), schema);
}

/**
 * The paper's fits of one-way message latencies in production.
 *
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, table 3
 * @example
 * loadProductionFits()[0].weight; // => 0.9122
 */
export function loadProductionFits(): ProductionFitRow[] {
  return readCsvAs("loadProductionFits", packagedDataset("pbs_production_fits.csv"), {
    latency: name,
    message: { kind: "text", oneOf: ["W", "A", "R", "S"] },
    part: { kind: "text", oneOf: ["body", "tail"] },
    weight: probability,
    family: { kind: "text", oneOf: ["pareto", "exponential"] },
    minMs: positive,
    alpha: positive,
    alphaPrinted: positive,
    ratePerMs: positive,
    remoteOneWayMs: ms,
  });
}
