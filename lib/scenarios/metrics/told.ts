import type { NodeId } from "../../core/protocol.ts";
import type { LogDescription } from "./logDescription.ts";

/** What the observations of protocols may hold. */
export interface Told {
  readonly partition?: number;
  readonly epoch?: number;
  readonly lastPosition?: number;
  readonly boundaries?: LogDescription["boundaries"];
  readonly operation?: number;
  readonly version?: number;
  readonly position?: number;
  readonly count?: number;
  readonly rowCount?: number;
  readonly isSuspended?: boolean;
  readonly isAsynchronous?: boolean;
}

/** A leader that tells nothing of its log is taken to have all. */
export function logOf(
  node: NodeId,
  { epoch = 0, lastPosition = Infinity, boundaries = [] }: Told,
): LogDescription {
  return { node, epoch, lastPosition, boundaries };
}
