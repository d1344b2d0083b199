import type { AnyProtocol } from "../../../core/protocol.ts";
import type { SingleLeaderOptions } from "../options.ts";
import { leaseStore } from "./leaseStore.ts";
import { monitor } from "./monitor.ts";

/**
 * What runs on the nodes outside the replicas: the store of leases, or monitors. As many nodes as
 * `controllerCount` says; their configuration is a `ControllerConfig`.
 *
 * @throws {Error} if the kind of failover has none
 */
export function controllerProtocol({ failover }: SingleLeaderOptions): AnyProtocol {
  switch (failover.kind) {
    case "lease":
      return leaseStore;
    case "controller":
    case "manual":
      return monitor;
    default:
      throw new Error(`quorumlab: failover "${failover.kind}" has no controllers`);
  }
}
