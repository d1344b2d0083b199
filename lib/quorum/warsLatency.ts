import type { Distribution } from "../core/distribution.ts";
import { needNumber, refuse } from "../core/need.ts";
import type { WarsLatency, WarsLegs } from "./wars.ts";
import { warsModel } from "./warsModel.ts";

/**
 * Legs of a replica of which the write message is slower than the others, as in all published fits.
 *
 * @param write latency of the write message, ms: the replica's disk is part of it
 * @param others latency of acknowledgement, read request and response, ms; as `write` if left out
 */
export function warsLegs(write: Distribution, others: Distribution = write): WarsLegs {
  return { w: write, a: others, r: others, s: others };
}

/** Latency of replicas that are all alike, for any number of them. */
export function identicalReplicas(legs: WarsLegs, name = "identical"): WarsLatency {
  return checked({ kind: "identical", name, legs }, 1);
}

/** Latency of replicas that differ; their number is the number of sets of legs. */
export function perReplica(replicas: readonly WarsLegs[], name = "per-replica"): WarsLatency {
  return checked({ kind: "per-replica", name, replicas }, replicas.length);
}

/** What `localReplica` needs. */
export interface LocalReplicaOptions {
  /** Legs of every replica, as seen from beside it. */
  readonly legs: WarsLegs;
  /** Added to each one-way message to or from the other replicas, ms, >= 0. */
  readonly remoteOneWayMs: number;
  /** Name in tables and answers. */
  readonly name?: string;
}

/**
 * Latency of replicas in different places, where each operation starts beside a random one of them.
 *
 * @see Bailis et al., PVLDB 5(8), 2012, section 5.5 (WAN: 75 ms)
 */
export function localReplica({
  legs,
  remoteOneWayMs,
  name = "local-replica",
}: LocalReplicaOptions): WarsLatency {
  return checked({ kind: "local-replica", name, legs, remoteOneWayMs }, 1);
}

/** Round trips between places, for example a dataset of cloud regions. */
export interface RoundTrips {
  /** Names of the places, in the order of rows and columns. */
  readonly regions: readonly string[];
  /** Round trip from row to column, ms, >= 0. */
  readonly roundTripMs: readonly (readonly number[])[];
}

/** What `placedReplicas` needs. */
export interface PlacedReplicasOptions {
  readonly roundTrips: RoundTrips;
  /** Region of each replica; a region may hold several. */
  readonly replicas: readonly string[];
  /** Legs of a replica without the network between regions: its own queue, disk and local network. */
  readonly legs: WarsLegs;
  /** Share of the writes that start in each region, in [0, 1]; they add up to 1. */
  readonly writers: Readonly<Record<string, number>>;
  /** Share of the reads that start in each region, in [0, 1]; they add up to 1. */
  readonly readers: Readonly<Record<string, number>>;
  /** Name in tables and answers. */
  readonly name?: string;
}

/**
 * Latency of replicas in named regions: each leg takes half the round trip more.
 *
 * Where the round trips of the two directions differ, each leg takes half of the one from the
 * coordinator's region. Jitter of the long way is in no leg unless `legs` has it.
 *
 * @throws {RangeError} if a region is unknown, a round trip is missing or negative, or shares do not
 *   add up to 1
 * @example
 * placedReplicas({
 *   roundTrips: { regions: ["ireland", "tokyo"], roundTripMs: [[1, 220], [220, 1]] },
 *   replicas: ["ireland", "ireland", "tokyo"],
 *   legs: productionLegs.lnkdSsd,
 *   writers: { ireland: 1 },
 *   readers: { ireland: 0.5, tokyo: 0.5 },
 * }).kind; // => "placed"
 */
export function placedReplicas({
  roundTrips,
  replicas,
  legs,
  writers,
  readers,
  name = "placed",
}: PlacedReplicasOptions): WarsLatency {
  const sites = [...new Set([...Object.keys(writers), ...Object.keys(readers)])];
  const oneWayMs = sites.map((site) =>
    replicas.map((replica) => oneWay(roundTrips, site, replica)),
  );
  const latency: WarsLatency = {
    kind: "placed",
    name,
    replicas: replicas.map(() => legs),
    oneWayMs,
    writers: sites.map((site) => writers[site] ?? 0),
    readers: sites.map((site) => readers[site] ?? 0),
  };
  return checked(latency, replicas.length);
}

function oneWay({ regions, roundTripMs }: RoundTrips, from: string, to: string): number {
  const where = "placedReplicas";
  const row = regions.indexOf(from);
  if (row < 0) refuse(where, "region", `one of ${regions.join(", ")}`, from);
  const column = regions.indexOf(to);
  if (column < 0) refuse(where, "region", `one of ${regions.join(", ")}`, to);
  const field = `roundTripMs from ${from} to ${to}`;
  const finite = { min: 0, exclusiveMax: true, unit: "ms" };
  return needNumber(where, field, roundTripMs[row]?.[column], finite) / 2;
}

/** The latency itself, after the checks that `warsModel` makes. */
function checked(latency: WarsLatency, n: number): WarsLatency {
  warsModel(latency, n);
  return latency;
}
