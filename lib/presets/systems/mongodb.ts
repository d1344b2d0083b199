import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { clientTimeout, documented, fromMemory, type Preset, presetClients } from "../preset.ts";

/** A MongoDB replica set of three with the defaults of version 5 and later. */
export const mongodb: Preset = {
  name: "mongodb",
  title: "MongoDB replica set",
  sources: [
    "MongoDB documentation, Replica Set Elections",
    "MongoDB, SERVER-26848 (catch-up)",
    "MongoDB and Jepsen (default write concern since 5.0)",
  ],
  parameters: [
    documented("settings.electionTimeoutMillis", 10_000, "ms", ["options.failover.timeout.minMs"]),
    fromMemory("random offset of the election timeout", "0-15", "%", [
      "options.failover.timeout.maxMs",
    ]),
    documented("settings.heartbeatIntervalMillis", 2000, "ms", ["options.shipping.heartbeatMs"]),
    documented("default write concern", "majority", "", ["options.acknowledgement.kind"]),
    fromMemory("dry-run election", true, "", ["options.failover.preVote"]),
    fromMemory("settings.catchUpTimeoutMillis", -1, "ms"),
    clientTimeout,
  ],
  failover: "Ten seconds without the primary, then an election; usually done within 12 s.",
  lossBound:
    "Nothing with write concern majority; with w:1 all that no other member had is rolled back.",
  leftOut: [
    "catch-up of the new primary before it accepts writes; priorities; members without data",
    "secondaries that pull from each other (chained replication)",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: 12_000 },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "majority" },
      followerAcknowledges: "durable",
      shipping: { ...defaultSingleLeaderOptions.shipping, heartbeatMs: 2000 },
      failover: {
        ...{ kind: "election", preVote: true, checkQuorum: true },
        timeout: { minMs: 10_000, maxMs: 11_500 },
      },
    },
    clients: presetClients,
  },
};
