import { defaultSingleLeaderOptions } from "../../protocols/single-leader/options.ts";
import { clientTimeout, documented, type Preset, presetClients } from "../preset.ts";

const { shipping } = defaultSingleLeaderOptions;

/** PostgreSQL streaming replication alone: asynchronous, and nobody takes over. */
export const postgresql: Preset = {
  name: "postgresql",
  title: "PostgreSQL streaming replication",
  sources: ["PostgreSQL, postgresql.conf.sample", "PostgreSQL documentation, Log-Shipping Standby"],
  parameters: [
    documented("synchronous_commit", "on", "", ["options.leaderDurability"]),
    documented("synchronous_standby_names", "''", "", ["options.acknowledgement.kind"]),
    documented("wal_retrieve_retry_interval", 5, "s", ["options.shipping.resendMs"]),
    documented("wal_receiver_status_interval", 10, "s", ["options.shipping.heartbeatMs"]),
    documented("wal_sender_timeout", 60, "s"),
    documented("wal_receiver_timeout", 60, "s"),
    documented("max_standby_streaming_delay", 30, "s"),
    documented("recovery_min_apply_delay", 0, "", ["options.shipping.applyDelay"]),
    documented("commit_delay", 0, "us"),
    clientTimeout,
  ],
  failover: "None: an operator promotes a standby.",
  lossBound:
    "What had not reached the promoted standby; nothing with a synchronous standby, unless both die.",
  leftOut: [
    "conflicts between replay and queries on a standby, which delay replay by up to max_standby_streaming_delay",
    "the archive of log files; cascading standbys",
  ],
  setup: {
    ...{ replicas: 3, partitions: 1, controllers: 0, usualFailoverMs: null },
    options: {
      ...defaultSingleLeaderOptions,
      acknowledgement: { kind: "asynchronous" },
      leaderDurability: "synced",
      logFormat: { kind: "physical" },
      shipping: { ...shipping, heartbeatMs: 10_000, resendMs: 5000, applyDelay: 0 },
    },
    clients: presetClients,
  },
};
