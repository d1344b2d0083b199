import { assertNever } from "../core/assert.ts";
import type { Distribution } from "../core/distribution.ts";
import { needInteger, needNumber, needOneOf, refuse } from "../core/need.ts";
import {
  type WarsLatency,
  type WarsLegs,
  type WarsModel,
  warsKinds,
  warsLegNames,
} from "./wars.ts";

/** Largest number of replicas that the evaluators accept. */
export const replicasMax = 100;

/** Largest distance from 1 at which probabilities still count as adding up. */
const probabilitySumTolerance = 1e-9;

/**
 * A latency made concrete for `n` replicas: legs of each, delay matrix, who reads and writes where.
 *
 * Checks everything on the way, so that evaluators need not.
 *
 * @param latency any of the four kinds
 * @param n replicas, integer in [1, 100]; must be the number that a `per-replica` or `placed` latency has
 * @throws {RangeError} if a leg can be negative, a delay or probability is out of range, a matrix has
 *   the wrong shape, probabilities do not add up to 1, or `n` does not fit
 */
export function warsModel(latency: WarsLatency, n: number): WarsModel {
  const where = "warsModel";
  needInteger(where, "n", n, { min: 1, max: replicasMax });
  if (typeof latency !== "object" || latency === null) {
    refuse(where, "latency", "a WARS latency", latency);
  }
  needOneOf(where, "latency.kind", latency.kind, warsKinds);
  switch (latency.kind) {
    case "identical":
      return singleSite(alike(needLegs(where, "legs", latency.legs), n));
    case "per-replica":
      return singleSite(needReplicas(where, latency.replicas, n));
    case "local-replica":
      return localModel(where, latency, n);
    case "placed":
      return placedModel(where, latency, n);
    default:
      return assertNever(latency);
  }
}

function alike(legs: WarsLegs, n: number): readonly WarsLegs[] {
  return Array.from({ length: n }, () => legs);
}

/** No delays: one site beside all replicas, where everything starts. */
function singleSite(replicas: readonly WarsLegs[]): WarsModel {
  const oneWayMs = [replicas.map(() => 0)];
  return { n: replicas.length, replicas, oneWayMs, writers: [1], readers: [1] };
}

/** A site beside each replica, all equally likely, the other replicas equally far. */
function localModel(
  where: string,
  latency: Extract<WarsLatency, { kind: "local-replica" }>,
  n: number,
): WarsModel {
  const replicas = alike(needLegs(where, "legs", latency.legs), n);
  const remote = needDelay(where, "remoteOneWayMs", latency.remoteOneWayMs);
  const oneWayMs = replicas.map((_, site) =>
    replicas.map((_, replica) => (site === replica ? 0 : remote)),
  );
  const even = replicas.map(() => 1 / n);
  return { n, replicas, oneWayMs, writers: even, readers: even };
}

function placedModel(
  where: string,
  latency: Extract<WarsLatency, { kind: "placed" }>,
  n: number,
): WarsModel {
  const replicas = needReplicas(where, latency.replicas, n);
  const { oneWayMs } = latency;
  if (!Array.isArray(oneWayMs) || oneWayMs.length === 0) {
    refuse(where, "oneWayMs", "a matrix with a row for each coordinator site", oneWayMs);
  }
  oneWayMs.forEach((row: readonly number[], site: number) => {
    if (!Array.isArray(row) || row.length !== n) {
      refuse(where, `oneWayMs[${site}]`, `a row of ${n} delays, one for each replica`, row);
    }
    row.forEach((delay, replica) => {
      needDelay(where, `oneWayMs[${site}][${replica}]`, delay);
    });
  });
  const sites = oneWayMs.length;
  const writers = needProbabilities(where, "writers", latency.writers, sites);
  const readers = needProbabilities(where, "readers", latency.readers, sites);
  return { n, replicas, oneWayMs, writers, readers };
}

function needDelay(where: string, field: string, delay: number): number {
  return needNumber(where, field, delay, { min: 0, max: Infinity, exclusiveMax: true, unit: "ms" });
}

function needReplicas(
  where: string,
  replicas: readonly WarsLegs[],
  n: number,
): readonly WarsLegs[] {
  if (!Array.isArray(replicas) || replicas.length === 0) {
    refuse(where, "replicas", "a list of legs, one set for each replica", replicas);
  }
  if (replicas.length !== n) {
    refuse(where, "n", `${replicas.length}, the number of replicas of this latency`, n);
  }
  replicas.forEach((legs: WarsLegs, index: number) => {
    needLegs(where, `replicas[${index}]`, legs);
  });
  return replicas;
}

function needLegs(where: string, field: string, legs: WarsLegs): WarsLegs {
  if (typeof legs !== "object" || legs === null) refuse(where, field, "legs { w, a, r, s }", legs);
  for (const leg of warsLegNames) needLatency(where, `${field}.${leg}`, legs[leg]);
  return legs;
}

/** A distribution whose values are latencies: never negative. */
function needLatency(where: string, field: string, leg: Distribution): void {
  const isDistribution =
    typeof leg === "object" &&
    leg !== null &&
    typeof leg.sample === "function" &&
    typeof leg.survival === "function";
  if (!isDistribution) refuse(where, field, "a distribution of latencies in ms", leg);
  if (!(leg.support[0] >= 0)) {
    refuse(where, field, "a distribution without negative values", String(leg));
  }
}

function needProbabilities(
  where: string,
  field: string,
  probabilities: readonly number[],
  count: number,
): readonly number[] {
  if (!Array.isArray(probabilities) || probabilities.length !== count) {
    refuse(where, field, `${count} probabilities, one for each coordinator site`, probabilities);
  }
  probabilities.forEach((probability: number, site: number) => {
    needNumber(where, `${field}[${site}]`, probability, { min: 0, max: 1 });
  });
  const sum = probabilities.reduce((total: number, probability: number) => total + probability, 0);
  if (Math.abs(sum - 1) > probabilitySumTolerance) {
    refuse(where, field, `probabilities that add up to 1 (they add up to ${sum})`, probabilities);
  }
  return probabilities;
}
