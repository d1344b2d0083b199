import { needList, needOneOf, needRecord, refuse } from "../../core/need.ts";
import type { NodeId } from "../../core/protocol.ts";
import { needFields } from "../needFields.ts";
import { distinct, type PlacedNode } from "../nodeSet.ts";
import type { Link } from "./damage.ts";
import { type Moment, needTarget } from "./faultTargets.ts";

/** The links that a cut loses now. */
export type PickLinks = (moment: Moment) => readonly Link[];

type PickNodes = (moment: Moment) => readonly NodeId[];

const linkKinds = ["split", "isolate", "oneWay", "majoritiesRing"] as const;

/**
 * Checks which links a cut loses.
 *
 * @throws {RangeError} naming the field that is wrong
 */
export function needLinks(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): PickLinks {
  const given = needRecord(where, field, value);
  const list = (name: string) => needTargets(where, `${field}.${name}`, given[name], nodes);
  switch (needOneOf(where, `${field}.kind`, given.kind, linkKinds)) {
    case "split": {
      needFields(where, field, given, ["kind", "groups"]);
      const groups = needList(where, `${field}.groups`, given.groups);
      if (groups.length < 2) {
        refuse(where, `${field}.groups`, "a list of two groups or more", given.groups);
      }
      const picks = groups.map((group, i) =>
        needTargets(where, `${field}.groups[${i}]`, group, nodes),
      );
      return (moment) => linksBetweenGroups(picks.map((pick) => pick(moment)));
    }
    case "isolate": {
      needFields(where, field, given, ["kind", "nodes", "others"]);
      const isolated = list("nodes");
      const others = given.others === undefined ? () => nodes.map((_, id) => id) : list("others");
      return (moment) => isolatingLinks(isolated(moment), others(moment));
    }
    case "oneWay": {
      needFields(where, field, given, ["kind", "from", "to"]);
      const [from, to] = [list("from"), list("to")];
      return (moment) => linksFromTo(from(moment), to(moment));
    }
    default: {
      needFields(where, field, given, ["kind", "nodes"]);
      const ring = list("nodes");
      return (moment) => ringLinks(ring(moment));
    }
  }
}

/** Both directions between the ones and those others that are not among them. */
function isolatingLinks(isolated: readonly NodeId[], others: readonly NodeId[]): readonly Link[] {
  const rest = others.filter((node) => !isolated.includes(node));
  return [...linksFromTo(isolated, rest), ...linksFromTo(rest, isolated)];
}

function linksFromTo(from: readonly NodeId[], to: readonly NodeId[]): readonly Link[] {
  return from.flatMap((a) => to.filter((b) => b !== a).map((b): Link => [a, b]));
}

/** All links between nodes that are in groups, but in none together. */
function linksBetweenGroups(groups: readonly (readonly NodeId[])[]): readonly Link[] {
  const named = distinct(groups.flat());
  return linksFromTo(named, named).filter(
    ([a, b]) => !groups.some((group) => group.includes(a) && group.includes(b)),
  );
}

/** Each node hears the nearest ones before and after it in the ring, half of the others in all. */
function ringLinks(ring: readonly NodeId[]): readonly Link[] {
  const count = ring.length;
  const heard = Math.floor(count / 2);
  const after = Math.ceil(heard / 2);
  return ring.flatMap((a, i) =>
    ring.flatMap((b, j): readonly Link[] => {
      const ahead = (j - i + count) % count;
      const isHeard = ahead <= after || count - ahead <= heard - after;
      return isHeard ? [] : [[b, a]];
    }),
  );
}

/** The nodes of several targets together, each once. */
function needTargets(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): PickNodes {
  const targets = needList(where, field, value).map((target, i) =>
    needTarget(where, `${field}[${i}]`, target, nodes),
  );
  return (moment) => distinct(targets.flatMap((target) => target.pick(moment)));
}
