/** Direction in which a quantity gets better. */
export type Better = "lower" | "higher";

interface FrontRequest {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly betterX: Better;
  readonly betterY: Better;
}

/**
 * Indices of the points that no other point dominates, from the best x to the worst. A point dominates
 * another if it is at least as good in both quantities and better in one; equal points stay together.
 */
export function paretoFront({ x, y, betterX, betterY }: FrontRequest): number[] {
  const costX = x.map((value) => (betterX === "lower" ? value : -value));
  const costY = y.map((value) => (betterY === "lower" ? value : -value));
  const order = x.map((_, index) => index);
  order.sort((a, b) => costX[a]! - costX[b]! || costY[a]! - costY[b]!);
  const front: number[] = [];
  for (const index of order) {
    const last = front.at(-1);
    const isBetter = last === undefined || costY[index]! < costY[last]!;
    const isEqual =
      last !== undefined && costX[index] === costX[last] && costY[index] === costY[last];
    if (isBetter || isEqual) front.push(index);
  }
  return front;
}
