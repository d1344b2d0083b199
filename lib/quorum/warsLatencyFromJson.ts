import type { DistributionSpec } from "../core/distribution.ts";
import { distributionFromJson } from "../core/distributions/registry.ts";
import { needOneOf, needRecord, refuse } from "../core/need.ts";
import { latencyByName } from "./productionLatencies.ts";
import {
  type WarsLatency,
  type WarsLegName,
  type WarsLegs,
  warsKinds,
  warsLegNames,
} from "./wars.ts";
import { warsModel } from "./warsModel.ts";

/** Legs as plain data. */
export type WarsLegsSpec = Readonly<Record<WarsLegName, DistributionSpec>>;

/** A latency as plain data: for files, and for messages to worker threads. */
export interface WarsLatencySpec {
  /** Kind of `WarsLatency`. */
  readonly kind: WarsLatency["kind"];
  /** Name in tables and answers. */
  readonly name: string;
  /** Legs of every replica: `identical` and `local-replica`. */
  readonly legs?: WarsLegsSpec;
  /** Legs of each replica: `per-replica` and `placed`. */
  readonly replicas?: readonly WarsLegsSpec[];
  /** As in `WarsLatency`, ms: `local-replica`. */
  readonly remoteOneWayMs?: number;
  /** As in `WarsLatency`, ms: `placed`. */
  readonly oneWayMs?: readonly (readonly number[])[];
  /** As in `WarsLatency`: `placed`. */
  readonly writers?: readonly number[];
  /** As in `WarsLatency`: `placed`. */
  readonly readers?: readonly number[];
}

/** A latency as plain data, from which `warsLatencyFromJson` makes it again. */
export function warsLatencyToJson(latency: WarsLatency): WarsLatencySpec {
  return JSON.parse(JSON.stringify(latency)) as WarsLatencySpec;
}

/** Fields of plain data beside `kind` and `name`, by kind. */
const fieldsOf: Record<WarsLatency["kind"], readonly string[]> = {
  identical: ["legs"],
  "per-replica": ["replicas"],
  "local-replica": ["legs", "remoteOneWayMs"],
  placed: ["replicas", "oneWayMs", "writers", "readers"],
};

const where = "warsLatencyFromJson";

/**
 * A latency from its plain data: what `warsLatencyToJson` or `JSON.stringify` gave, or a file says.
 *
 * Reading back is exact. A `name` may be left out. Text is taken for the name of a latency, as in
 * `latencyByName`. Legs are `{ w, a, r, s }`, a distribution each; equal ones become one distribution.
 *
 * @throws {RangeError} naming the field that is unknown, missing or out of range
 */
export function warsLatencyFromJson(value: unknown): WarsLatency {
  if (typeof value === "string") return latencyByName(value);
  const record = needRecord(where, "value", value);
  const kind = needOneOf(where, "kind", record.kind, warsKinds);
  const fields = fieldsOf[kind];
  const stray = Object.keys(record).find((key) => !["kind", "name", ...fields].includes(key));
  if (stray !== undefined) refuse(where, `fields of ${kind}`, `name, ${fields.join(", ")}`, stray);
  const { name = kind } = record;
  if (typeof name !== "string") refuse(where, "name", "a text", name);
  const readLegs = legsReader();
  const parts = { kind, name } as Record<string, unknown>;
  for (const field of fields) parts[field] = readField(field, record[field], readLegs);
  const latency = parts as unknown as WarsLatency;
  warsModel(latency, sizeOf(latency));
  return latency;
}

type LegsReader = (field: string, value: unknown) => WarsLegs;

function readField(field: string, value: unknown, readLegs: LegsReader): unknown {
  if (field === "legs") return readLegs(field, value);
  if (field !== "replicas") return value;
  if (!Array.isArray(value)) return refuse(where, field, "a list of legs, one a replica", value);
  return value.map((legs, index) => readLegs(`replicas[${index}]`, legs));
}

/** Reads legs; distributions with the same plain data become the same object. */
function legsReader(): LegsReader {
  const known = new Map<string, WarsLegs["w"]>();
  return (field, value) => {
    const record = needRecord(where, field, value);
    const stray = Object.keys(record).find((key) => !warsLegNames.some((leg) => leg === key));
    if (stray !== undefined) refuse(where, field, "legs w, a, r and s only", stray);
    const legs = warsLegNames.map((leg) => {
      const spec = needRecord(where, `${field}.${leg}`, record[leg]);
      const key = JSON.stringify(spec);
      const distribution = known.get(key) ?? distributionFromJson(spec);
      known.set(key, distribution);
      return [leg, distribution];
    });
    return Object.fromEntries(legs) as WarsLegs;
  };
}

/** A number of replicas that the latency can be checked with. */
function sizeOf(latency: WarsLatency): number {
  return "replicas" in latency ? latency.replicas.length : 1;
}
