import { needInteger, needList, needOneOf, needRecord, refuse } from "../core/need.ts";
import type { NodeId } from "../core/protocol.ts";
import { needFields } from "./needFields.ts";

/** A node by its number in the world, from 0, or by its name. */
export type NodeName = number | string;

/** Nodes of a world, chosen before a run begins: clients are nodes too. */
export type NodeSet =
  /** One node. */
  | { readonly kind: "node"; readonly node: NodeName }
  /** Some nodes. */
  | { readonly kind: "nodes"; readonly nodes: readonly NodeName[] }
  /** All nodes whose protocol has a role, for example `"client"`; in one region, if one is given. */
  | { readonly kind: "role"; readonly role: string; readonly region?: string }
  /** All nodes in a region. */
  | { readonly kind: "region"; readonly region: string }
  /** All nodes. */
  | { readonly kind: "all" };

/** What choosing nodes has to know of each: a `WorldNode` will do. */
export interface PlacedNode {
  readonly name: string;
  readonly region: string;
  readonly protocol: { readonly role: string };
}

/** The kinds of `NodeSet`. */
export const nodeSetKinds = ["node", "nodes", "role", "region", "all"] as const;

/**
 * The nodes of a set, by rising number.
 *
 * @throws {RangeError} if the set is none, names an unknown node, role or region, or is empty
 */
export function needNodeSet(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): readonly NodeId[] {
  const given = needRecord(where, field, value);
  switch (needOneOf(where, `${field}.kind`, given.kind, nodeSetKinds)) {
    case "node":
      needFields(where, field, given, ["kind", "node"]);
      return [needNode(where, `${field}.node`, given.node, nodes)];
    case "nodes": {
      needFields(where, field, given, ["kind", "nodes"]);
      const list = needList(where, `${field}.nodes`, given.nodes);
      return distinct(list.map((each, i) => needNode(where, `${field}.nodes[${i}]`, each, nodes)));
    }
    case "role": {
      needFields(where, field, given, ["kind", "role", "region"]);
      const role = needOneOf(where, `${field}.role`, given.role, rolesOf(nodes));
      const region = given.region === undefined ? undefined : regionIn(where, field, given, nodes);
      const found = matching(
        nodes,
        (node) => node.protocol.role === role && (region ?? node.region) === node.region,
      );
      if (found.length > 0) return found;
      return refuse(where, `${field}.region`, `one with nodes of role "${role}"`, region);
    }
    case "region": {
      needFields(where, field, given, ["kind", "region"]);
      const region = regionIn(where, field, given, nodes);
      return matching(nodes, (node) => node.region === region);
    }
    default:
      needFields(where, field, given, ["kind"]);
      return nodes.map((_, id) => id);
  }
}

/** The number of a node given by number or name. */
export function needNode(
  where: string,
  field: string,
  value: unknown,
  nodes: readonly PlacedNode[],
): NodeId {
  if (typeof value !== "string") return needInteger(where, field, value, idRange(nodes));
  const id = nodes.findIndex((node) => node.name === value);
  if (id >= 0) return id;
  const names = nodes.map((node) => `"${node.name}"`).join(", ");
  return refuse(where, field, `a number or a name of a node (${names})`, value);
}

/** Each number once, rising. */
export function distinct(ids: readonly NodeId[]): readonly NodeId[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

function idRange(nodes: readonly PlacedNode[]): { min: number; max: number } {
  return { min: 0, max: nodes.length - 1 };
}

function rolesOf(nodes: readonly PlacedNode[]): readonly string[] {
  return [...new Set(nodes.map((node) => node.protocol.role))];
}

function regionIn(
  where: string,
  field: string,
  given: Record<string, unknown>,
  nodes: readonly PlacedNode[],
): string {
  const regions = [...new Set(nodes.map((node) => node.region))];
  return needOneOf(where, `${field}.region`, given.region, regions);
}

function matching(
  nodes: readonly PlacedNode[],
  fits: (node: PlacedNode) => boolean,
): readonly NodeId[] {
  return nodes.flatMap((node, id) => (fits(node) ? [id] : []));
}
