import type { NodeId } from "../../../core/protocol.ts";
import type { Report } from "./controllerTypes.ts";
import { groupOf, type MonitorEffects, type MonitorState } from "./monitorState.ts";

/** Among those that answered, are not too far behind, and are not off; -1: nobody. */
export function chosenAmong(
  state: MonitorState,
  partition: number,
  reports: Readonly<Record<NodeId, Report>>,
  effects: MonitorEffects,
): NodeId {
  const { plan, config } = state;
  const { leader, leaderPosition } = state.watches[partition]!;
  const limit = plan.maximumLagBytes ?? Infinity;
  const may = groupOf(state, partition).replicas.filter((node) => {
    const report = reports[node];
    if (report === undefined || report.isStopped || node === leader) return false;
    return (leaderPosition - report.position) * config.options.entryBytes <= limit;
  });
  if (may.length === 0) return -1;
  if (plan.choose === "first") return may[0]!;
  if (plan.choose === "random") return may[effects.choose(may.length)]!;
  return may.reduce((best, node) => (isFurther(reports[node]!, reports[best]!) ? node : best));
}

function isFurther(a: Report, b: Report): boolean {
  return a.lastEpoch > b.lastEpoch || (a.lastEpoch === b.lastEpoch && a.position > b.position);
}
