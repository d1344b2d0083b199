import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { assumed, clientTimeout, documented, type Preset, presetClients } from "../preset.ts";

/** Oracle Data Guard with fast-start failover in maximum performance mode. */
export const oracleDataGuard: Preset = {
  name: "oracle-data-guard",
  title: "Oracle Data Guard, fast-start failover",
  sources: [
    "Oracle Data Guard Broker documentation, FastStartFailoverThreshold and FastStartFailoverLagLimit",
  ],
  parameters: [
    documented("FastStartFailoverThreshold", 30, "s", [
      "options.failover.detector.timeoutMs",
      "options.failover.leaderStopsMs",
    ]),
    documented("FastStartFailoverLagLimit", 30, "s"),
    documented("protection mode", "MaxPerformance", "", ["options.acknowledgement.kind"]),
    assumed("the observer's ping", 1, "s", ["options.failover.pollMs"]),
    assumed("activation of the standby", "10-30", "s", ["options.failover.promoteDelay"]),
    assumed("the old primary is reinstated within", "0-60", "s", [
      "options.failover.reconfigureDelay",
    ]),
    clientTimeout,
  ],
  failover:
    "The observer has no connection for 30 s and the standby agrees; then the standby is activated.",
  lossBound:
    "At most 30 s of redo in maximum performance mode: with more lag no failover is allowed; nothing in maximum availability mode.",
  leftOut: ["an observer that fails; far sync instances; flashback to reinstate the old primary"],
  setup: {
    ...{ replicas: 2, partitions: 1, controllers: 1, usualFailoverMs: 65_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "asynchronous" },
      logFormat: { kind: "physical" },
      failover: {
        ...{ kind: "controller", monitors: 1, quorum: 1, pollMs: 1000, choose: "most-advanced" },
        detector: { kind: "timeout", timeoutMs: 30_000 },
        maximumLagBytes: null,
        promoteDelay: { minMs: 10_000, maxMs: 30_000 },
        reconfigureDelay: { minMs: 0, maxMs: 60_000 },
        ...{ stonithMs: null, blockMs: 0, leaderStopsMs: 30_000 },
      },
    },
    clients: {
      ...presetClients,
      discovery: { kind: "directory", directoryDelay: { minMs: 0, maxMs: 5000 } },
    },
  },
};
