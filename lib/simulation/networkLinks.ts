import type { Distribution, DistributionSpec } from "../core/distribution.ts";
import { needOneOf, refuse } from "../core/need.ts";
import { type Sampler, samplerOf } from "../core/tableSampler.ts";
import { needDelay, needNetwork } from "./networkCheck.ts";
import type { LinkEnd, LinkSpec, LossSpec, NetworkSpec, RegionLatency } from "./networkSpec.ts";

/**
 * A network spec worked out for each directed link, at index from * count + to: a delay is
 * `shiftMs` + `scale` * a draw of `samplers`.
 */
export interface LinkPlan {
  readonly spec: NetworkSpec;
  /** Number of nodes. */
  readonly count: number;
  /** `undefined`: the delay is `shiftMs`. */
  readonly samplers: (Sampler | undefined)[];
  readonly scales: Float64Array;
  readonly shiftsMs: Float64Array;
  readonly losses: (LossSpec | undefined)[];
  readonly duplicateProbabilities: Float64Array;
  /** Time that a byte takes, ms; 0 where size does not matter. */
  readonly msPerByte: Float64Array;
}

/**
 * Works a network spec out for the nodes.
 *
 * @param nodeRegions region of each node
 * @throws {RangeError} as `needNetwork`, or if spec and nodes do not fit together
 */
export function planLinks(where: string, value: unknown, nodeRegions: readonly string[]): LinkPlan {
  const spec = needNetwork(where, value);
  const plan = emptyPlan(spec, nodeRegions.length);
  setLatencies(where, plan, nodeRegions);
  const ends = new Set([...nodeRegions, ...regionsOf(spec)]);
  for (const [i, link] of (spec.links ?? []).entries()) {
    needEnd(where, `links[${i}].from`, link.from, ends, nodeRegions.length);
    needEnd(where, `links[${i}].to`, link.to, ends, nodeRegions.length);
    applyLink(where, plan, link, nodeRegions);
  }
  return plan;
}

function emptyPlan(spec: NetworkSpec, count: number): LinkPlan {
  const links = count * count;
  const { loss, duplicateProbability = 0, bandwidth } = spec;
  return {
    spec,
    count,
    samplers: new Array<Sampler | undefined>(links).fill(undefined),
    scales: new Float64Array(links),
    shiftsMs: new Float64Array(links),
    losses: new Array<LossSpec | undefined>(links).fill(loss),
    duplicateProbabilities: new Float64Array(links).fill(duplicateProbability),
    msPerByte: new Float64Array(links).fill(bandwidth === undefined ? 0 : 1 / bandwidth.bytesPerMs),
  };
}

/** A distribution ready to be drawn from; a constant takes no draws. */
interface Delay {
  readonly constant: number | undefined;
  readonly sampler: Sampler | undefined;
}

function delayOf(distribution: Distribution): Delay {
  const [least, largest] = distribution.support;
  if (least === largest) return { constant: least, sampler: undefined };
  return { constant: undefined, sampler: samplerOf(distribution) };
}

function setDelay(plan: LinkPlan, link: number, delay: Delay, scale = 1, shiftMs = 0): void {
  plan.samplers[link] = delay.sampler;
  plan.scales[link] = delay.sampler === undefined ? 0 : scale;
  plan.shiftsMs[link] = delay.constant === undefined ? shiftMs : shiftMs + scale * delay.constant;
}

function setLatencies(where: string, plan: LinkPlan, nodeRegions: readonly string[]): void {
  const regional = regionalOf(plan.spec);
  if (regional === undefined) {
    const delay = delayOf(needDelay(where, "latency", plan.spec.latency));
    for (let link = 0; link < plan.samplers.length; link++) setDelay(plan, link, delay);
    return;
  }
  const { oneWayMs, latency } = regional;
  const rows = nodeRegions.map((region, node) => {
    needOneOf(where, `region of node ${node}`, region, latency.regions);
    return latency.regions.indexOf(region);
  });
  const within = readDelay(where, latency.withinRegion);
  const jitter = readDelay(where, latency.jitter?.distribution);
  for (const [from, row] of rows.entries()) {
    for (const [to, column] of rows.entries()) {
      const link = from * plan.count + to;
      const ms = oneWayMs[row]![column]!;
      if (row === column && within !== undefined) setDelay(plan, link, within);
      else if (jitter === undefined) plan.shiftsMs[link] = ms;
      else if (latency.jitter!.kind === "factor") setDelay(plan, link, jitter, ms);
      else setDelay(plan, link, jitter, 1, ms);
    }
  }
}

/** The matrix of one-way delays, if latencies are given by regions. */
function regionalOf(
  spec: NetworkSpec,
): { oneWayMs: readonly (readonly number[])[]; latency: RegionLatency } | undefined {
  const latency = spec.latency as Exclude<NetworkSpec["latency"], DistributionSpec>;
  if (latency.kind === "oneWays") return { oneWayMs: latency.oneWayMs, latency };
  if (latency.kind !== "roundTrips") return undefined;
  return { oneWayMs: latency.roundTripMs.map((row) => row.map((ms) => ms / 2)), latency };
}

function regionsOf(spec: NetworkSpec): readonly string[] {
  return regionalOf(spec)?.latency.regions ?? [];
}

function readDelay(where: string, spec: DistributionSpec | undefined): Delay | undefined {
  return spec === undefined ? undefined : delayOf(needDelay(where, "latency", spec));
}

function needEnd(
  where: string,
  field: string,
  end: LinkEnd | undefined,
  regions: ReadonlySet<string>,
  count: number,
): void {
  if (typeof end === "number" && end >= count) refuse(where, field, `a node below ${count}`, end);
  if (typeof end === "string") needOneOf(where, field, end, [...regions]);
}

function applyLink(
  where: string,
  plan: LinkPlan,
  spec: LinkSpec,
  nodeRegions: readonly string[],
): void {
  const delay = readDelay(where, spec.latency);
  const isAt = (end: LinkEnd | undefined, node: number) =>
    end === undefined || end === node || end === nodeRegions[node];
  for (let link = 0; link < plan.samplers.length; link++) {
    const [from, to] = [Math.floor(link / plan.count), link % plan.count];
    if (!isAt(spec.from, from) || !isAt(spec.to, to)) continue;
    const scope = nodeRegions[from] === nodeRegions[to] ? "withinRegion" : "betweenRegions";
    if (spec.scope !== undefined && spec.scope !== scope) continue;
    if (delay !== undefined) setDelay(plan, link, delay);
    if (spec.loss !== undefined) plan.losses[link] = spec.loss;
    if (spec.bytesPerMs !== undefined) plan.msPerByte[link] = 1 / spec.bytesPerMs;
    plan.duplicateProbabilities[link] =
      spec.duplicateProbability ?? plan.duplicateProbabilities[link]!;
  }
}
