import { inspect } from "node:util";
import type { HelpEntry } from "./helpEntry.ts";

/** A text that shows itself where it is the last expression of a cell or a line of the prompt. */
export interface HelpText {
  /** The text, lines separated by line breaks. */
  readonly text: string;
  /** The text. */
  toString(): string;
}

/** Wraps a text so that `console.log` and the last expression of a cell show it as it is. */
export function helpText(text: string): HelpText {
  return { text, toString: () => text, ...{ [inspect.custom]: () => text } };
}

/** All that is known of one export. */
export function helpOfEntry(entry: HelpEntry): HelpText {
  const tagged = (name: string): string[] =>
    entry.tags.filter((tag) => tag.name === name).map((tag) => tag.text);
  const sections: [string, string[]][] = [
    ["Parameters", tagged("param")],
    ["Returns", tagged("returns")],
    ["Throws", tagged("throws")],
    ["Example", tagged("example")],
    ["See", tagged("see")],
  ];
  const parts = sections
    .filter(([, texts]) => texts.length > 0)
    .map(([title, texts]) => `${title}\n${texts.map(indented).join("\n")}`);
  return helpText([entry.signature, entry.text, ...parts].join("\n\n"));
}

/** The exports under their headings, a line for each. */
export function helpOfAll(entries: readonly HelpEntry[]): HelpText {
  const width = Math.max(...entries.map((entry) => entry.name.length));
  const headings = [...new Set(entries.map((entry) => entry.heading))];
  const parts = headings.map((heading) => {
    const lines = entries
      .filter((entry) => entry.heading === heading)
      .map((entry) => `  ${entry.name.padEnd(width)}  ${firstSentence(entry.text)}`);
    return [heading, ...lines].join("\n");
  });
  const ending = 'help(staleness) or help("staleness") tells more of one of them.';
  return helpText([...parts, ending].join("\n\n"));
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function firstSentence(text: string): string {
  const line = text.split("\n\n")[0]!.replaceAll("\n", " ");
  return line.split(/(?<=[^.][.:;])\s/)[0]!.replace(/[:;]$/, "");
}
