import type { ClientOptions, SingleLeaderOptions } from "../protocols/single-leader/options.ts";
import type { ClockSpec } from "../simulation/clockSpec.ts";
import type { DiskSpec } from "../simulation/diskSpec.ts";
import type { FaultSpec } from "../simulation/faults/faultSpec.ts";
import type { NetworkSpec } from "../simulation/networkSpec.ts";
import type { WorkloadSpec } from "../simulation/workload/workloadSpec.ts";
import type { ScriptedOperation } from "./scriptActor.ts";

/** A machine that holds a copy of the data. */
export interface ReplicaSite {
  /** Absent: `replica-1` and so on. With several partitions each has replicas of its own, `p0/...`. */
  readonly name?: string;
  readonly region: string;
  /** CPU time that a message costs here, by its name, ms; what is missing costs nothing. */
  readonly serviceMs?: Readonly<Record<string, number>>;
  /**
   * Version of its software, and the one that it has after its first restart: a fault that restarts one
   * replica after the other is a rolling upgrade. Absent: 1 for ever. Only physical logs are bound to it.
   */
  readonly software?: { readonly version: number; readonly afterRestart: number };
}

/** Where clients stand: one node a site, many sessions on it. */
export interface ClientSite {
  /** Absent: `client-1` and so on. */
  readonly name?: string;
  readonly region: string;
  /** Weight of the site among all: sessions are spread in these proportions, > 0. */
  readonly share: number;
}

/** Who asks what, and how often; the clients are those of the scenario, until `durationMs`. */
export type ScenarioWorkload = Omit<WorkloadSpec, "name" | "clients" | "stopAtMs">;

/** Replication by one leader, as it is deployed. */
export interface SingleLeaderDeployment {
  readonly kind: "single-leader";
  /** Partitions of the keys, each with a leader and replicas of its own; key k is in k modulo these. */
  readonly partitions: number;
  /** Replicas of each partition; the first leads at the start. */
  readonly replicas: readonly ReplicaSite[];
  /**
   * Regions of the nodes that the failover needs beside the replicas, one node each: monitors, or the
   * store of a lease. Empty: as many as it needs, each beside a replica.
   */
  readonly controllers: readonly string[];
  readonly options: SingleLeaderOptions;
}

/** What runs where. */
export type Deployment = SingleLeaderDeployment;

/**
 * A whole experiment as plain data: what runs where, on what network, who asks, what breaks, and for how
 * long. Times are in ms of true time from the start of the run.
 *
 * A run warms up, is measured until `durationMs`, and then settles: clients stop asking, faults are
 * healed, and what is lost for good becomes known.
 */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly protocol: Deployment;
  readonly clients: readonly ClientSite[];
  readonly clientOptions: ClientOptions;
  readonly network: NetworkSpec;
  /** Absent: writes are durable at once. */
  readonly disk?: DiskSpec;
  /** Absent: all clocks show true time. */
  readonly clocks?: ClockSpec;
  readonly faults: readonly FaultSpec[];
  readonly workload: ScenarioWorkload;
  /** Present: these operations begin and no others, whatever the workload; what witnesses are made of. */
  readonly script?: readonly ScriptedOperation[];
  /** When clients stop asking and all faults are healed. */
  readonly durationMs: number;
  /** What begins before this is not measured; less than `durationMs`. */
  readonly warmUpMs: number;
  /** How long the run goes on after `durationMs`. */
  readonly settleMs: number;
}
