import { needDurationMs } from "../../core/duration.ts";
import { needRecord, refuse } from "../../core/need.ts";
import { needFields } from "../needFields.ts";
import type { PlacedNode } from "../nodeSet.ts";
import { type Action, needAction } from "./faultAction.ts";
import type { FaultSchedule, LeadershipNames } from "./faultSpec.ts";
import { needTimes, type Times } from "./faultTimes.ts";
import { defaultLeadershipNames } from "./leadership.ts";

/** One fault, checked. */
export interface Fault {
  /** Names its random streams; a name and a place in the list are never the same. */
  readonly key: string;
  readonly isDisabled: boolean;
  readonly what: Action;
  readonly when: Times;
}

/** All faults of a run, checked. */
export interface Faults {
  readonly faults: readonly Fault[];
  /** `Infinity`: never. */
  readonly healAllAtMs: number;
  readonly leadership: LeadershipNames;
}

/**
 * Checks a fault schedule for a world.
 *
 * @param where name of the function that errors name
 * @param value plain data, as from a JSON file
 * @param nodes of the world
 * @throws {RangeError} naming the field, what is accepted and what was given
 */
export function needFaults(
  where: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): FaultSchedule {
  readFaults(where, value, nodes);
  return value as FaultSchedule;
}

/** As `needFaults`, with what the plain data stand for. */
export function readFaults(where: string, value: unknown, nodes: readonly PlacedNode[]): Faults {
  const given = needRecord(where, "value", value);
  needFields(where, "the schedule", given, ["faults", "healAllAtMs", "leadership"]);
  if (!Array.isArray(given.faults)) refuse(where, "faults", "a list", given.faults);
  const faults = given.faults.map((fault: unknown, i) => readFault(where, fault, i, nodes));
  faults.forEach(({ key }, i) => {
    const first = faults.findIndex((other) => other.key === key);
    if (first < i) refuse(where, `faults[${i}].name`, "different from all others", key);
  });
  return {
    faults,
    healAllAtMs:
      given.healAllAtMs === undefined
        ? Infinity
        : needDurationMs(where, "healAllAtMs", given.healAllAtMs),
    leadership: readLeadership(where, given.leadership),
  };
}

function readFault(
  where: string,
  value: unknown,
  index: number,
  nodes: readonly PlacedNode[],
): Fault {
  const field = `faults[${index}]`;
  const given = needRecord(where, field, value);
  needFields(where, field, given, ["name", "disabled", "what", "when"]);
  if (given.disabled !== undefined && given.disabled !== true) {
    refuse(where, `${field}.disabled`, "true or absent", given.disabled);
  }
  const what = needAction(where, `${field}.what`, given.what, nodes);
  const when = needTimes(where, `${field}.when`, given.when, nodes);
  if (when.kind === "bursts" && !what.target?.fixed) {
    const accepted = "a set of nodes, of which bursts hit some";
    refuse(where, `${field}.what.target`, accepted, given.what);
  }
  if (when.kind !== "observed" && mentionsSelf(given.what)) {
    const accepted = '"observed", since a target is "self"';
    refuse(where, `${field}.when.kind`, accepted, when.kind);
  }
  return { key: keyOf(where, field, given.name, index), what, when, isDisabled: !!given.disabled };
}

/** Whether a target somewhere in the plain data of an action is `self`. */
function mentionsSelf(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as { kind?: unknown }).kind === "self" || Object.values(value).some(mentionsSelf);
}

function keyOf(where: string, field: string, name: unknown, index: number): string {
  if (name === undefined) return `#${index}`;
  if (typeof name === "string" && name !== "") return `"${name}"`;
  return refuse(where, `${field}.name`, "a text that is not empty", name);
}

function readLeadership(where: string, value: unknown): LeadershipNames {
  if (value === undefined) return defaultLeadershipNames;
  const given = needRecord(where, "leadership", value);
  needFields(where, "leadership", given, ["leads", "yields"]);
  const text = (name: "leads" | "yields") => {
    const named = given[name];
    if (typeof named === "string") return named;
    return refuse(where, `leadership.${name}`, "the name of an observation", named);
  };
  return { leads: text("leads"), yields: text("yields") };
}
