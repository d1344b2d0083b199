import { readFileSync } from "node:fs";
import { refuse } from "../core/need.ts";
import type { HelpEntry } from "./helpEntry.ts";
import { type HelpText, helpOfAll, helpOfEntry, helpText } from "./helpText.ts";

/** Lookup of help among the exports of a library. */
export type HelpLookup = (what?: unknown) => HelpText;

/**
 * A `help` for the exports given: finds an export by its name or by itself.
 *
 * @param exported values by name; asked for late, since `help` is one of them
 */
export function helpLookup(exported: () => Readonly<Record<string, unknown>>): HelpLookup {
  let entries: readonly HelpEntry[] | undefined;
  return (what) => {
    entries ??= helpEntries();
    if (what === undefined) return helpOfAll(entries);
    const name = typeof what === "string" ? what : nameOf(what, exported());
    const entry = entries.find((each) => each.name === name);
    if (entry) return helpOfEntry(entry);
    return typeof what === "string"
      ? suggestion(what, entries)
      : refuse("help", "argument", "an export of quorumlab or the name of one", what);
  };
}

/** Help of every export, as written by the build. */
export function helpEntries(): HelpEntry[] {
  const file = new URL("../../dist/help.json", import.meta.url);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as HelpEntry[];
  } catch (cause) {
    throw new Error("help: the help data is missing; `npm run build` writes it", { cause });
  }
}

function nameOf(what: unknown, exported: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(exported).find((name) => Object.is(exported[name], what));
}

/** What someone who typed an unknown name may have meant. */
function suggestion(wanted: string, entries: readonly HelpEntry[]): HelpText {
  const lower = wanted.toLowerCase();
  const near = entries
    .map(({ name }) => ({ name, distance: editDistance(name.toLowerCase(), lower) }))
    .filter(
      ({ name, distance }) =>
        distance <= Math.max(1, wanted.length / 3) ||
        (lower.length > 2 && name.toLowerCase().includes(lower)),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 8)
    .map(({ name }) => name);
  const hint = near.length > 0 ? `did you mean ${near.join(", ")}?` : "help() lists all of them.";
  return helpText(`quorumlab exports no "${wanted}": ${hint}`);
}

/** Number of letters to insert, delete or replace (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = row[j]! + (letter === to[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
