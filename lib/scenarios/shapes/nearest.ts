/**
 * The name that was probably meant: the one with the fewest changes (a letter put in, left out, changed,
 * or two exchanged) from what was typed; `undefined` if none is near.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => editDistance(typed.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  return least <= limit ? names[distances.indexOf(least)] : undefined;
}

/** ` (did you mean "name"?)`, or nothing. */
export function suggestion(typed: string, names: readonly string[]): string {
  const nearest = nearestName(typed, names);
  return nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
}

/** Optimal string alignment distance; rows of the table are prefixes of `a`. */
function editDistance(a: string, b: string): number {
  const table = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const change = table[i - 1]![j - 1]! + (isSame ? 0 : 1);
      row.push(Math.min(table[i - 1]![j]! + 1, row[j - 1]! + 1, change));
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isExchange) row[j] = Math.min(row[j]!, table[i - 2]![j - 2]! + 1);
    }
    table.push(row);
  }
  return table[a.length]![b.length]!;
}
