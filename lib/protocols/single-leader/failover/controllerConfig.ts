import type { ReplicaGroup, SingleLeaderOptions } from "../options.ts";

/** What a node outside the replicas is told at its birth: of the store of leases, or a monitor. */
export interface ControllerConfig {
  /** What it looks after. */
  readonly groups: readonly ReplicaGroup[];
  /** All nodes like it, itself among them. */
  readonly controllers: readonly number[];
  readonly options: SingleLeaderOptions;
}

/**
 * How many nodes outside the replicas a kind of failover needs: monitors, nodes of the store of
 * leases, or the operator's monitoring; 0 where the replicas see to it themselves.
 */
export function controllerCount({ failover }: SingleLeaderOptions): number {
  switch (failover.kind) {
    case "none":
    case "election":
      return 0;
    case "lease":
      return failover.storeNodes ?? 1;
    case "controller":
      return failover.monitors;
    case "manual":
      return 1;
  }
}
