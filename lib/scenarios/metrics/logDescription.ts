import { epochOf, type NodeId, positionOf } from "../../core/protocol.ts";

/** A leader's log as it was when it began to lead. */
export interface LogDescription {
  readonly node: NodeId;
  readonly epoch: number;
  readonly lastPosition: number;
  /** Epoch and first position of each run of entries of one epoch, ascending. */
  readonly boundaries: readonly { readonly epoch: number; readonly position: number }[];
}

/**
 * Whether an entry is in a leader's log: the log reaches as far as its position, and what stands there
 * is of its epoch. Of what is before the first boundary the log knows no epochs: a snapshot holds it.
 *
 * @param version of the entry, see `versionOf`
 */
export function isInLog({ lastPosition, boundaries }: LogDescription, version: number): boolean {
  const position = positionOf(version);
  if (position > lastPosition) return false;
  const first = boundaries[0];
  if (first === undefined || position <= first.position)
    return epochOf(version) <= (first?.epoch ?? 0);
  let index = boundaries.length - 1;
  while (boundaries[index]!.position > position) index--;
  return boundaries[index]!.epoch === epochOf(version);
}
