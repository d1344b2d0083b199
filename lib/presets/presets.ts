import { refuse } from "../core/need.ts";
import type { Preset } from "./preset.ts";
import { kafka } from "./systems/kafka.ts";
import { mongodb } from "./systems/mongodb.ts";
import { mysqlSemiSync } from "./systems/mysqlSemiSync.ts";
import { oracleDataGuard } from "./systems/oracleDataGuard.ts";
import { patroni } from "./systems/patroni.ts";
import { pgAutoFailover } from "./systems/pgAutoFailover.ts";
import { postgresql } from "./systems/postgresql.ts";
import {
  cockroachdb,
  consul,
  etcd,
  foundationdb,
  galera,
  groupReplication,
  zookeeper,
} from "./systems/raft.ts";
import { rdsMultiAz } from "./systems/rdsMultiAz.ts";
import { redisCluster } from "./systems/redisCluster.ts";
import { redisSentinel } from "./systems/redisSentinel.ts";
import { repmgr } from "./systems/repmgr.ts";
import { sqlServer } from "./systems/sqlServer.ts";

/** Real systems in the model's terms, by what they replicate with. */
export const presets: readonly Preset[] = [
  ...[postgresql, patroni, pgAutoFailover, repmgr, mysqlSemiSync, groupReplication, galera],
  ...[mongodb, redisSentinel, redisCluster, kafka, etcd, consul, zookeeper],
  ...[cockroachdb, foundationdb, oracleDataGuard, sqlServer, rdsMultiAz],
];

/** Names of the presets, as `preset:NAME` takes them. */
export const presetNames: readonly string[] = presets.map((preset) => preset.name);

/**
 * A preset by its name.
 *
 * @throws {RangeError} if there is none of that name
 * @example
 * presetByName("patroni").setup.options.failover.kind; // => "lease"
 */
export function presetByName(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  return found ?? refuse("presetByName", "name", `one of ${presetNames.join(", ")}`, name);
}
