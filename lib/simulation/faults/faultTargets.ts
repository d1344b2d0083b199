import {
  needInteger,
  needList,
  needNumber,
  needOneOf,
  needRecord,
  refuse,
} from "../../core/need.ts";
import type { NodeId } from "../../core/protocol.ts";
import type { UniformSource } from "../../core/random.ts";
import { needFields } from "../needFields.ts";
import { needNodeSet, nodeSetKinds, type PlacedNode } from "../nodeSet.ts";

/** What a target is decided from at the moment of the strike. */
export interface Moment {
  /** Node whose observation set the fault off; -1 if none did. */
  readonly self: NodeId;
  /** Draws of the fault's targets. */
  readonly random: UniformSource;
  /** The leader of a partition; -1 if there is none. */
  leader(partition: number): NodeId;
}

/** A target, checked. */
export interface Target {
  /** The nodes, where they are always the same. */
  readonly fixed: readonly NodeId[] | null;
  /** The nodes now. */
  pick(moment: Moment): readonly NodeId[];
}

/** The kinds of `FaultTarget` beyond those of `NodeSet`. */
const movingKinds = ["random", "groupShare", "leader", "followers", "self"] as const;

/**
 * Checks a target.
 *
 * @throws {RangeError} naming the field that is none
 */
export function needTarget(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): Target {
  const given = needRecord(where, field, value);
  const kind = needOneOf(where, `${field}.kind`, given.kind, [...nodeSetKinds, ...movingKinds]);
  switch (kind) {
    case "random": {
      needFields(where, field, given, ["kind", "of", "count"]);
      const from = needNodeSet(where, `${field}.of`, given.of, nodes);
      const count = needCount(where, field, given.count ?? 1, from.length);
      return moving(({ random }) => drawn(from, count, random));
    }
    case "groupShare":
      needFields(where, field, given, ["kind", "groups", "share"]);
      return groupShare(
        needGroups(where, `${field}.groups`, given.groups, nodes),
        needNumber(where, `${field}.share`, given.share, { min: 0, max: 1, exclusiveMin: true }),
      );
    case "leader": {
      needFields(where, field, given, ["kind", "partition"]);
      const partition = needPartition(where, field, given.partition);
      return moving(({ leader }) => [leader(partition)].filter((node) => node >= 0));
    }
    case "followers":
      return followers(where, field, given, nodes);
    case "self":
      needFields(where, field, given, ["kind"]);
      return moving(({ self }) => (self < 0 ? [] : [self]));
    default: {
      const fixed = needNodeSet(where, field, value, nodes);
      return { fixed, pick: () => fixed };
    }
  }
}

/** Some different nodes at random, with one uniform for each (Fisher and Yates). */
export function drawn(
  from: readonly NodeId[],
  count: number,
  random: UniformSource,
): readonly NodeId[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, from.length) }, () => {
    const place = Math.floor(random.nextUniform() * left.length);
    const node = left[place]!;
    left[place] = left.at(-1)!;
    left.pop();
    return node;
  });
}

function moving(pick: (moment: Moment) => readonly NodeId[]): Target {
  return { fixed: null, pick };
}

/** One draw for the group and one for each of its nodes. */
function groupShare(groups: readonly (readonly NodeId[])[], share: number): Target {
  return moving(({ random }) => {
    const group = groups[Math.floor(random.nextUniform() * groups.length)]!;
    return group.filter(() => random.nextUniform() < share);
  });
}

function followers(
  where: string,
  field: string,
  given: Record<string, unknown>,
  nodes: readonly PlacedNode[],
): Target {
  needFields(where, field, given, ["kind", "partition", "of", "count"]);
  const partition = needPartition(where, field, given.partition);
  const of = given.of === undefined ? null : needNodeSet(where, `${field}.of`, given.of, nodes);
  const count =
    given.count === undefined
      ? null
      : needCount(where, field, given.count, of?.length ?? nodes.length);
  return moving(({ leader, random }) => {
    const leading = leader(partition);
    if (leading < 0) return [];
    const role = nodes[leading]!.protocol.role;
    const all = of ?? nodes.flatMap((node, id) => (node.protocol.role === role ? [id] : []));
    const rest = all.filter((node) => node !== leading);
    return count === null ? rest : drawn(rest, count, random);
  });
}

function needGroups(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): readonly (readonly NodeId[])[] {
  if (value === "regions") {
    const regions = [...new Set(nodes.map((node) => node.region))];
    return regions.map((region) => needNodeSet(where, field, { kind: "region", region }, nodes));
  }
  if (!Array.isArray(value)) refuse(where, field, '"regions" or a list of sets of nodes', value);
  const groups = needList(where, field, value);
  return groups.map((group, i) => needNodeSet(where, `${field}[${i}]`, group, nodes));
}

function needCount(where: string, field: string, value: unknown, max: number): number {
  return needInteger(where, `${field}.count`, value, { min: 1, max });
}

function needPartition(where: string, field: string, value: unknown): number {
  return value === undefined ? 0 : needInteger(where, `${field}.partition`, value, { min: 0 });
}
