import {
  type ClientOptions,
  defaultClientOptions,
  type SingleLeaderOptions,
} from "../protocols/single-leader/options.ts";

/**
 * What a parameter rests on: `documented`, read in the source named; `memory`, known but not looked up;
 * `assumed`, our choice where nothing is published.
 */
export const evidences = ["documented", "memory", "assumed"] as const;

/** What a parameter rests on. */
export type Evidence = (typeof evidences)[number];

/** One setting of a real system and what it sets in the model. */
export interface PresetParameter {
  /** Name in the system's own configuration. */
  readonly name: string;
  /** Default of the system, or what its documentation recommends. */
  readonly value: string | number | boolean;
  /** Unit of the value in the system's configuration; empty where there is none. */
  readonly unit: string;
  readonly evidence: Evidence;
  /** Paths below `setup` that it determines; empty: the model does not express it. */
  readonly sets: readonly string[];
}

/** The part of a scenario that belongs to the system; network, faults and workload belong to the question. */
export interface PresetSetup {
  /** Copies of each partition, the leader among them. */
  readonly replicas: number;
  /** Partitions with a leader each. */
  readonly partitions: number;
  /** Nodes of the controller or of the store of the lease. */
  readonly controllers: number;
  readonly options: SingleLeaderOptions;
  readonly clients: ClientOptions;
  /** From a leader's crash to the next one accepting writes this should usually take at most, in ms. */
  readonly usualFailoverMs: number | null;
}

/** A real system in the model's terms, with the source of every number. */
export interface Preset {
  /** Name on the command line: `preset:NAME`. */
  readonly name: string;
  readonly title: string;
  /** Where the numbers marked as documented were read. */
  readonly sources: readonly string[];
  readonly parameters: readonly PresetParameter[];
  /** How a failover goes and what it takes, in a sentence. */
  readonly failover: string;
  /** What the documentation promises about acknowledged writes, in a sentence. */
  readonly lossBound: string;
  /** What the model does not express about this system. */
  readonly leftOut: readonly string[];
  readonly setup: PresetSetup;
}

/** A parameter that was read in the source named by the preset. */
export function documented(
  name: string,
  value: string | number | boolean,
  unit = "",
  sets: readonly string[] = [],
): PresetParameter {
  return { name, value, unit, evidence: "documented", sets };
}

/** A parameter that is known but was not looked up. */
export function fromMemory(
  name: string,
  value: string | number | boolean,
  unit = "",
  sets: readonly string[] = [],
): PresetParameter {
  return { name, value, unit, evidence: "memory", sets };
}

/** A number that nobody publishes and the model needs. */
export function assumed(
  name: string,
  value: string | number | boolean,
  unit = "",
  sets: readonly string[] = [],
): PresetParameter {
  return { name, value, unit, evidence: "assumed", sets };
}

/** Clients of all presets: what they wait for is the application's choice, not the system's. */
export const presetClients: ClientOptions = { ...defaultClientOptions, timeoutMs: 1000 };

/** What clients of all presets wait for an answer. */
export const clientTimeout: PresetParameter = assumed("a client's wait for an answer", 1, "s", [
  "clients.timeoutMs",
]);
