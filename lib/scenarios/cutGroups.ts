import type { NodeId } from "../core/protocol.ts";

/** A directed link. */
export type Link = readonly [from: NodeId, to: NodeId];

/**
 * Who is cut off from whom, a text for each part of the network that has nothing to do with the others:
 *
 * - `a, b | c, d`: nodes of different groups do not hear each other, smaller groups first;
 * - `a -> b, c`: what goes there is lost, not what comes back;
 * - `a -> b; b -> c`: anything else, sender by sender.
 *
 * @param links directed links that are cut together
 * @param nameOf name of a node
 */
export function cutTexts(
  links: readonly Link[],
  nameOf: (node: NodeId) => string,
): readonly string[] {
  const names = (nodes: Iterable<NodeId>): string => [...nodes].map(nameOf).join(", ");
  return partsOf(links).map((part) => {
    const groups = groupsOf(part);
    if (groups !== undefined) return groups.map(names).join(" | ");
    const bySender = receiversOf(part);
    const [first, ...others] = [...bySender.values()];
    if (others.every((receivers) => isSame(receivers, first!))) {
      return `${names(bySender.keys())} -> ${names(first!)}`;
    }
    return [...bySender].map(([from, to]) => `${nameOf(from)} -> ${names(to)}`).join("; ");
  });
}

/** Links in sets that share no node. */
function partsOf(links: readonly Link[]): readonly (readonly Link[])[] {
  let parts: { readonly nodes: Set<NodeId>; readonly links: Link[] }[] = [];
  for (const link of links) {
    const joined = { nodes: new Set<NodeId>(link), links: [] as Link[] };
    const touches = parts.filter(({ nodes }) => link.some((node) => nodes.has(node)));
    for (const part of touches) {
      for (const node of part.nodes) joined.nodes.add(node);
      joined.links.push(...part.links);
    }
    joined.links.push(link);
    const at = touches.length === 0 ? parts.length : parts.indexOf(touches[0]!);
    parts = parts.toSpliced(at, 0, joined).filter((part) => !touches.includes(part));
  }
  return parts.map((part) => part.links);
}

/** Groups such that exactly the links between different ones are cut; `undefined` if there are none. */
function groupsOf(links: readonly Link[]): readonly (readonly NodeId[])[] | undefined {
  const receivers = receiversOf(links);
  const nodes = [...new Set(links.flat())];
  const left = new Set(nodes);
  const groups: NodeId[][] = [];
  for (const node of nodes) {
    if (!left.has(node)) continue;
    const cut = receivers.get(node) ?? new Set<NodeId>();
    const group = nodes.filter((other) => !cut.has(other));
    if (!group.every((other) => isSame(receivers.get(other) ?? new Set(), cut))) return undefined;
    for (const other of group) left.delete(other);
    groups.push(group);
  }
  return groups.length < 2 ? undefined : groups.sort((a, b) => a.length - b.length);
}

function receiversOf(links: readonly Link[]): Map<NodeId, Set<NodeId>> {
  const receivers = new Map<NodeId, Set<NodeId>>();
  for (const [from, to] of links) {
    receivers.set(from, (receivers.get(from) ?? new Set()).add(to));
  }
  return receivers;
}

function isSame(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): boolean {
  return a.size === b.size && [...a].every((node) => b.has(node));
}
