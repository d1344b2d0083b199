import type { NodeId } from "../core/protocol.ts";
import type { Trace } from "../core/trace.ts";
import { nodeName } from "../core/traceWords.ts";
import type { SpaceTimeLayout } from "./spaceTimeLayout.ts";
import type { CutSpan } from "./spaceTimeSpans.ts";
import { listInWords } from "./words.ts";

/** A cut as it is drawn: a wall between two lanes that lie next to each other. */
export interface Wall {
  readonly fromMs: number;
  readonly toMs: number;
  /** Middle, px. */
  readonly y: number;
  readonly links: CutSpan["links"];
  /** Who is cut off from whom. */
  readonly label: string;
  /** The same in fewer words, where there is little room. */
  readonly shortLabel: string;
}

const wallStepPx = 15;

/** Walls so that each link that is cut has one between its ends, as few as can be. */
export function wallsOf(trace: Trace, cuts: readonly CutSpan[], layout: SpaceTimeLayout): Wall[] {
  const { lanes, fromMs, toMs } = layout;
  const walls: (Wall & { readonly gap: number })[] = [];
  for (const cut of cuts) {
    const links = cut.links.filter((link) => link.every((node) => lanes.includes(node)));
    if (links.length === 0 || cut.toMs <= fromMs || cut.fromMs >= toMs) continue;
    const label = cutInWords(trace, links);
    const shortLabel = label.includes(" | ") ? `${label.split(" | ")[0]} cut off` : label;
    for (const gap of gapsOf(links.map((link) => link.map((node) => lanes.indexOf(node))))) {
      const beside = walls.filter((wall) => {
        return wall.gap === gap && wall.fromMs < cut.toMs && cut.fromMs < wall.toMs;
      });
      const y = middleOf(layout, gap) + wallStepPx * beside.length;
      walls.push({ fromMs: cut.fromMs, toMs: cut.toMs, y, links, label, shortLabel, gap });
    }
  }
  return walls;
}

/** Who is cut off from whom: `a | b, c`, or `a → b` where only one direction is cut. */
export function cutInWords(trace: Trace, links: CutSpan["links"]): string {
  const names = (nodes: readonly NodeId[]): string =>
    nodes.length > 4
      ? `${nodes.length} nodes`
      : nodes.map((node) => nodeName(trace, node)).join(", ");
  const senders = [...new Set(links.map(([from]) => from))];
  const receivers = [...new Set(links.map(([, to]) => to))];
  if (!senders.some((node) => receivers.includes(node))) {
    return `${names(senders)} → ${names(receivers)}`;
  }
  const sides = sidesOf(links);
  return sides === undefined
    ? `${links.length} links`
    : sides.map((side) => names(side)).join(" | ");
}

/** The two groups of a partition, the smaller first; none if the links do not make up one. */
function sidesOf(links: CutSpan["links"]): [NodeId[], NodeId[]] | undefined {
  const side = new Map<NodeId, 0 | 1>([[links[0]![0], 0]]);
  for (let size = 0; size !== side.size; ) {
    size = side.size;
    for (const [from, to] of links) {
      const [a, b] = [side.get(from), side.get(to)];
      if (a !== undefined && b === undefined) side.set(to, a === 0 ? 1 : 0);
      if (b !== undefined && a === undefined) side.set(from, b === 0 ? 1 : 0);
    }
  }
  const isWhole = links.every(([a, b]) => {
    return side.has(a) && side.get(a) !== side.get(b) && links.some(([c, d]) => c === b && d === a);
  });
  if (!isWhole) return undefined;
  const members = (which: number): NodeId[] =>
    [...side].filter(([, each]) => each === which).map(([node]) => node);
  const sides: [NodeId[], NodeId[]] = [members(0), members(1)];
  return sides[0].length <= sides[1].length ? sides : [sides[1], sides[0]];
}

/** Fewest gaps between lanes so that each pair of lanes has one between them: the last before each end. */
function gapsOf(pairs: readonly (readonly number[])[]): number[] {
  const ends = pairs.map((pair) => [Math.min(...pair), Math.max(...pair)] as const);
  const gaps: number[] = [];
  for (const [low, high] of ends.sort((a, b) => a[1] - b[1])) {
    if (!gaps.some((gap) => low <= gap && gap < high)) gaps.push(high - 1);
  }
  return gaps;
}

/** Middle of the gap below a lane, px. */
function middleOf({ lanes, yOf, halfOf }: SpaceTimeLayout, gap: number): number {
  const [above, below] = [lanes[gap]!, lanes[gap + 1]!];
  return (yOf(above) + halfOf(above) + yOf(below) - halfOf(below)) / 2;
}

/** Cuts for descriptions: `replica 1 | replica 2 from 30 to 90 ms`. */
export function wallsInWords(walls: readonly Wall[], when: (wall: Wall) => string): string {
  return listInWords([...new Set(walls.map((wall) => `${wall.label} ${when(wall)}`))]);
}
