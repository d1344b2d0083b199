import type { NodeId } from "../../core/protocol.ts";
import type { LeadershipNames } from "./faultSpec.ts";

/** The names by which protocols tell who leads, unless a schedule gives others. */
export const defaultLeadershipNames: LeadershipNames = { leads: "leads", yields: "yields" };

/** Who leads each partition, as far as the protocol's observations tell. */
export class Leadership {
  /** By partition, nodes that lead and their epochs, in the order in which they began. */
  private readonly epochs = new Map<number, Map<NodeId, number>>();
  private readonly names: LeadershipNames;

  constructor(names: LeadershipNames) {
    this.names = names;
  }

  /** A new run: nobody leads. */
  reset(): void {
    this.epochs.clear();
  }

  /** A protocol told something. */
  observed(name: string, value: unknown, node: NodeId): void {
    const { leads, yields } = this.names;
    if (name !== leads && name !== yields) return;
    const { partition = 0, epoch = 0 } = (value ?? {}) as { partition?: number; epoch?: number };
    const claims = this.claims(partition);
    // Deleted first: a map keeps its order, and the latest claim has to be the last.
    claims.delete(node);
    if (name === leads) claims.set(node, epoch);
  }

  /** A node crashed: after a restart it has to be made leader anew. */
  crashed(node: NodeId): void {
    for (const claims of this.epochs.values()) claims.delete(node);
  }

  /** The leader of the highest epoch that is up, of equal ones the latest; -1 if there is none. */
  leader(partition: number, isUp: (node: NodeId) => boolean): NodeId {
    let best = -1;
    let bestEpoch = -Infinity;
    for (const [node, epoch] of this.claims(partition)) {
      if (epoch < bestEpoch || !isUp(node)) continue;
      best = node;
      bestEpoch = epoch;
    }
    return best;
  }

  private claims(partition: number): Map<NodeId, number> {
    const known = this.epochs.get(partition);
    if (known !== undefined) return known;
    const claims = new Map<NodeId, number>();
    this.epochs.set(partition, claims);
    return claims;
  }
}
