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
 * is of its epoch. Of what is before the first boundary, if that is not where logs begin, the log tells
 * no epochs, as a snapshot holds it: `undefined` unless the entry is of a later epoch than all that.
 *
 * @param version of the entry, see `versionOf`
 */
export function isInLog(
  { lastPosition, boundaries }: LogDescription,
  version: number,
): boolean | undefined {
  const position = positionOf(version);
  if (position > lastPosition) return false;
  const first = boundaries[0];
  if (first === undefined) return epochOf(version) <= 0;
  if (position < first.position) return epochOf(version) > first.epoch ? false : undefined;
  let index = boundaries.length - 1;
  while (boundaries[index]!.position > position) index--;
  return boundaries[index]!.epoch === epochOf(version);
}
