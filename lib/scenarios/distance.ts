import { distributionFromJson } from "../core/distributions/registry.ts";
import type {
  LatencySpec,
  LinkEnd,
  NetworkSpec,
  RegionLatency,
} from "../simulation/networkSpec.ts";

/** A node as far as the network is concerned. */
export interface Located {
  /** Its number in the world. */
  readonly node: number;
  readonly region: string;
}

/**
 * Mean one-way latency from one node to another, in ms, without loss, bandwidth and congestion: what
 * clients go by that ask the nearest replica.
 */
export function meanDelayMs(
  { latency, links = [] }: NetworkSpec,
  from: Located,
  to: Located,
): number {
  const isWithin = from.region === to.region;
  const special = links.findLast(
    (link) =>
      link.latency !== undefined &&
      isEnd(link.from, from) &&
      isEnd(link.to, to) &&
      (link.scope === undefined || (link.scope === "withinRegion") === isWithin),
  );
  const spec = special?.latency;
  return spec === undefined ? generalMs(latency, from, to) : distributionFromJson(spec).mean;
}

function isEnd(end: LinkEnd | undefined, { node, region }: Located): boolean {
  return end === undefined || end === node || end === region;
}

function generalMs(latency: LatencySpec, from: Located, to: Located): number {
  if (!isRegional(latency)) return distributionFromJson(latency).mean;
  const { regions, jitter, withinRegion } = latency;
  if (from.region === to.region && withinRegion !== undefined) {
    return distributionFromJson(withinRegion).mean;
  }
  const [row, column] = [regions.indexOf(from.region), regions.indexOf(to.region)];
  const ms =
    latency.kind === "oneWays"
      ? latency.oneWayMs[row]![column]!
      : latency.roundTripMs[row]![column]! / 2;
  if (jitter === undefined) return ms;
  const mean = distributionFromJson(jitter.distribution).mean;
  return jitter.kind === "factor" ? ms * mean : ms + mean;
}

/** Whether latencies are given by regions. */
export function isRegional(
  latency: LatencySpec,
): latency is Extract<LatencySpec, RegionLatency> & { readonly kind: "roundTrips" | "oneWays" } {
  return latency.kind === "roundTrips" || latency.kind === "oneWays";
}
