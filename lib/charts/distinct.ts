import { refuse } from "../core/need.ts";

/**
 * Refuses two rows in one place of a chart: one of them would hide the other, or a line would run to
 * and fro. That is what a forgotten parameter looks like.
 *
 * @param keys what tells the place of each row: position, series, panel, value of the slider
 */
export function needDistinct(where: string, keys: readonly (readonly unknown[])[]): void {
  const seen = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    const text = JSON.stringify(key);
    const first = seen.get(text);
    if (first !== undefined) {
      const remedy =
        "alone in its place (aggregate first, or split the rows by a series, a panel or a filter slider)";
      const place = key.filter((part) => part !== undefined && part !== "").join(", ");
      refuse(where, `rows[${index}]`, remedy, `the place of rows[${first}]: ${place}`);
    }
    seen.set(text, index);
  }
}
