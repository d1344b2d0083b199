import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { assumed, clientTimeout, documented, type Preset, presetClients } from "../preset.ts";

/** MySQL with semi-synchronous replication, failover by Orchestrator. */
export const mysqlSemiSync: Preset = {
  name: "mysql-semi-sync",
  title: "MySQL semi-synchronous with Orchestrator",
  sources: [
    "MySQL, plugin/semisync/semisync_source_plugin.cc",
    "Orchestrator, go/config/config.go and docs/topology-recovery.md (commit 730db91f)",
  ],
  parameters: [
    documented("rpl_semi_sync_source_enabled", "off by default; on here", "", [
      "options.acknowledgement.kind",
    ]),
    documented("rpl_semi_sync_source_timeout", 10_000, "ms", ["options.acknowledgement.timeoutMs"]),
    documented("rpl_semi_sync_source_wait_for_replica_count", 1, "", [
      "options.acknowledgement.followers",
    ]),
    documented("rpl_semi_sync_source_wait_point", "AFTER_SYNC", "", ["options.waitPoint"]),
    documented("InstancePollSeconds", 5, "s", ["options.failover.pollMs"]),
    documented("RecoveryPeriodBlockSeconds", 3600, "s", ["options.failover.blockMs"]),
    documented("ReasonableReplicationLagSeconds", 10, "s"),
    documented("FailMasterPromotionOnLagMinutes", 0, "", ["options.failover.maximumLagBytes"]),
    assumed("silence that Orchestrator takes for death", 5, "s", [
      "options.failover.detector.timeoutMs",
    ]),
    assumed("promotion and reconnection of replicas", "1-5", "s", [
      "options.failover.promoteDelay",
    ]),
    assumed("an old source that returns is made a replica after", "0-10", "s", [
      "options.failover.reconfigureDelay",
    ]),
    assumed("change of the proxy's target", "0-2", "s", ["clients.discovery.directoryDelay"]),
    clientTimeout,
  ],
  failover:
    "Orchestrator polls every 5 s, asks the replicas as well, and promotes the most advanced one.",
  lossBound:
    "Nothing until the source falls back to asynchronous after 10 s without an acknowledgement; then the tail.",
  leftOut: [
    "Orchestrator's reading of the replicas' own view of the source",
    "relay logs that a replica has received and not applied are counted as received",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 3, usualFailoverMs: 20_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "semi-synchronous", followers: 1, timeoutMs: 10_000 },
      waitPoint: "before-commit",
      followerAcknowledges: "received",
      logFormat: { kind: "logical" },
      failover: {
        ...{ kind: "controller", monitors: 3, quorum: 2, pollMs: 5000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 5000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 1000, maxMs: 5000 },
        reconfigureDelay: { minMs: 0, maxMs: 10_000 },
        ...{ stonithMs: null, blockMs: 3_600_000 },
      },
    },
    clients: {
      ...presetClients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 2000 } },
    },
  },
};
