/**
 * A shorter list of which a property still holds, and of which it holds for no list that is one element
 * shorter: delta debugging, first by halves, then by ever smaller pieces.
 *
 * @param items for which the property holds
 * @param holds is asked for lists that it was not asked for before; may remember what it likes
 * @see Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, IEEE Transactions on
 * Software Engineering 28(2), 2002: the algorithm ddmin, with complements only
 */
export function shrinkList<Item>(
  items: readonly Item[],
  holds: (items: readonly Item[]) => boolean,
): readonly Item[] {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1 && kept.length > 0) {
    const shorter = withoutPieces(kept, size, holds);
    const isDone = size === 1 && shorter.length === kept.length;
    kept = shorter;
    if (isDone) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}

/** The list without the pieces of a size that can be left out; the first are tried first. */
function withoutPieces<Item>(
  items: readonly Item[],
  size: number,
  holds: (items: readonly Item[]) => boolean,
): readonly Item[] {
  let kept = items;
  for (let start = 0; start < kept.length; ) {
    const shorter = [...kept.slice(0, start), ...kept.slice(start + size)];
    if (holds(shorter)) kept = shorter;
    else start += size;
  }
  return kept;
}
