import { refuse } from "../core/need.ts";
import type { RoundTrips } from "../quorum/warsLatency.ts";
import { packagedDataset } from "./datasetFile.ts";
import { type CsvRow, readCsvAs } from "./readCsv.ts";

/** Round trips measured between one region and another, or within one. */
export interface RoundTrip {
  /** Region that sent the pings. */
  readonly from: string;
  /** Region that answered. */
  readonly to: string;
  /** Shortest round trip, ms. */
  readonly minMs: number;
  /** Mean round trip, ms. */
  readonly avgMs: number;
  /** Longest round trip, ms. */
  readonly maxMs: number;
  /** Spread as ping prints it (`mdev`, a standard deviation), ms. */
  readonly mdevMs: number;
}

/** Measured round trips between all regions of one cloud, each direction on its own. */
export interface MeasuredRoundTrips extends RoundTrips {
  /** Name of the dataset, or the file read. */
  readonly name: string;
  /** Names of the regions, in the order of the file. */
  readonly regions: readonly string[];
  /** Mean round trips, ms, from the region of the row to that of the column. */
  readonly roundTripMs: readonly (readonly number[])[];
  /** All that was measured from one region to another; from a region to itself: within it. */
  roundTrip(from: string, to: string): RoundTrip;
  /** The same for some of the regions, in the order given. */
  choose(regions: readonly string[]): MeasuredRoundTrips;
}

const files = {
  "gcp-2019": "cloud_rtt_gcp_2019.csv",
  "aws-2020": "cloud_rtt_aws_2020.csv",
} as const;

/** Names of the round-trip datasets that come with the package. */
export const roundTripDatasets: readonly string[] = Object.keys(files);

const where = "loadRoundTrips";
const ms = { kind: "number", min: 0 } as const;
const schema = {
  ...({ from: "text", to: "text" } as const),
  ...{ minMs: ms, avgMs: ms, maxMs: ms, mdevMs: ms },
};

/**
 * Measured round trips between cloud regions.
 *
 * The directions are kept apart, as measured. Routes are no metric: a detour over a third region can
 * be shorter than the direct way (seen between up to 5 % of the triples).
 *
 * The result is what `placedReplicas` takes as `roundTrips`.
 *
 * @param dataset `gcp-2019` (20 regions), `aws-2020` (19 regions), or the path of a CSV file of the
 *   same form: from,to,minMs,avgMs,maxMs,mdevMs with a row for every ordered pair
 * @throws {RangeError} if the dataset is unknown or the file does not fit, with line and column
 * @see datasets/README.md for source and licence
 * @example
 * loadRoundTrips("gcp-2019").roundTrip("europe-west1", "us-east1").avgMs; // => 93.044
 * loadRoundTrips("aws-2020").regions.length; // => 19
 */
export function loadRoundTrips(dataset: string): MeasuredRoundTrips {
  const known = Object.hasOwn(files, dataset) ? files[dataset as keyof typeof files] : undefined;
  if (!known && !dataset.endsWith(".csv")) {
    const names = roundTripDatasets.map((name) => `"${name}"`).join(", ");
    refuse(where, "dataset", `one of ${names}, or the path of a .csv file`, dataset);
  }
  const file = known ? packagedDataset(known) : dataset;
  return roundTripsOf(dataset, file, readCsvAs(where, file, schema));
}

function roundTripsOf(
  name: string,
  file: string,
  rows: CsvRow<typeof schema>[],
): MeasuredRoundTrips {
  const all = [...new Set(rows.map((row) => row.from))];
  const byPair = pairsOf(file, all, rows);
  const choose = (regions: readonly string[]): MeasuredRoundTrips => {
    const roundTrip = (from: string, to: string): RoundTrip =>
      byPair.get(pairOf(from, to)) ?? refuseRegion(from, to);
    const roundTripMs = regions.map((from) => regions.map((to) => roundTrip(from, to).avgMs));
    return { name, regions, roundTripMs, roundTrip, choose };
  };
  const refuseRegion = (from: string, to: string): never =>
    refuse(where, "region", `one of ${all.join(", ")}`, all.includes(from) ? to : from);
  return choose(all);
}

/** Rows by pair; every ordered pair once, and no row that contradicts itself. */
function pairsOf(
  file: string,
  regions: readonly string[],
  rows: CsvRow<typeof schema>[],
): Map<string, RoundTrip> {
  const byPair = new Map<string, RoundTrip>();
  for (const row of rows) {
    const { from, to, minMs, avgMs, maxMs } = row;
    const pair = pairOf(from, to);
    if (byPair.has(pair)) refuse(where, file, "without a second row for a pair", pair);
    if (!regions.includes(to))
      refuse(where, file, "complete: rows from every region", `none ${to}`);
    if (minMs > avgMs || avgMs > maxMs) refuse(where, `${file} ${pair}`, "min <= avg <= max", row);
    byPair.set(pair, row);
  }
  for (const from of regions) {
    for (const to of regions) {
      const pair = pairOf(from, to);
      if (!byPair.has(pair)) refuse(where, file, "complete: a row for every pair", `none ${pair}`);
    }
  }
  return byPair;
}

function pairOf(from: string, to: string): string {
  return `${from} -> ${to}`;
}
