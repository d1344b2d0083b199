import type { ClockSpec, NodeClockSpec, ResyncSpec } from "../simulation/clockSpec.ts";
import { type DiskSpec, syncReports } from "../simulation/diskSpec.ts";
import { list, record } from "./shapes/compoundShapes.ts";
import { duration, integer, number, oneOf, signedDuration, truth } from "./shapes/plainShapes.ts";
import { field, optional, type Shape } from "./shapes/shape.ts";
import { latencyDistribution } from "./shapes/timeShapes.ts";

/** Disks of all nodes. */
export const disk: Shape<DiskSpec> = record<DiskSpec>(
  {
    syncMs: field(latencyDistribution, "Time of one sync, ms."),
    bytesPerMs: field(
      number({ min: 0, exclusiveMin: true, isEndless: true }),
      "Bytes written in a ms before that; null: size does not matter.",
    ),
    groupCommit: optional(truth, "Syncs asked for during one share the next. Absent: true."),
    torn: optional(truth, "Writes that a crash interrupts may be half done. Absent: false."),
    synced: optional(
      oneOf(syncReports),
      "When a sync is reported: when it is durable, or at once (lies). Absent: durable.",
    ),
  },
  { bytesPerMs: Infinity },
);

const ppm = { min: -1e6, max: 1e6, exclusiveMin: true, exclusiveMax: true };

const nodeClock: Shape<NodeClockSpec> = record({
  node: field(integer({ min: 0 }), "Number of the node."),
  offsetMs: optional(signedDuration, "Offset from true time at the start: positive is ahead."),
  driftPpm: optional(number(ppm), "Millionths by which it is fast."),
});

const resync: Shape<ResyncSpec> = record({
  everyMs: field(duration({ positive: true }), "From one setting to the next."),
  boundMs: field(duration(), "Error of a setting, uniform in +- this."),
});

/** Clocks of all nodes. */
export const clocks: Shape<ClockSpec> = record<ClockSpec>(
  {
    offsetMs: field(duration(), "Offset from true time at the start, uniform in +- this."),
    driftPpm: field(
      number({ min: 0, max: 1e6, exclusiveMax: true }),
      "Drift in millionths, uniform in +- this.",
    ),
    nodes: optional(list(nodeClock, { min: 1 }), "Clocks of single nodes that are known."),
    resync: optional(resync, "Setting of the clocks by a time server; absent: never."),
  },
  { offsetMs: 0, driftPpm: 0 },
);
