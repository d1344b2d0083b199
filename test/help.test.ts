import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as library from "../lib/index.ts";
import { helpEntries, helpLookup } from "../lib/notebook/helpLookup.ts";
import { helpOfAll, helpOfEntry } from "../lib/notebook/helpText.ts";

// dist/help.json is written by the build, which comes before the tests.
const entries = helpEntries();
const help = helpLookup(() => library);

describe("help of the library", () => {
  test("every value that lib/index.ts exports has an entry", () => {
    const names = entries.filter((entry) => entry.kind !== "type").map((entry) => entry.name);
    expect(names.sort()).toEqual(Object.keys(library).sort());
  });

  test.each(entries.map((entry) => [entry.name, entry] as const))("%s", (name, entry) => {
    expect(entry.text, "a doc comment").not.toBe("");
    expect(entry.signature).toContain(name);
    expect(entry.signature).not.toMatch(/^export|declare /);
    expect(entry.heading, "a heading in lib/index.ts").not.toBe("");
  });

  test("finds every value by itself and by its name", () => {
    for (const [name, value] of Object.entries(library)) {
      expect(help(name).text).toContain(name);
      expect(help(value).text).toBe(help(name).text);
    }
  });

  test("help() has a line for each export, under its heading", () => {
    const lines = help().text.split("\n");
    for (const { name, heading } of entries) {
      const at = lines.findIndex((line) => line.startsWith(`  ${name} `));
      expect(lines.slice(0, at).findLast((line) => /^\S/.test(line))).toBe(heading);
      expect(lines[at]!.slice(name.length + 2).trim(), `summary of ${name}`).not.toBe("");
    }
  });

  test("shows itself as plain text", () => {
    expect(inspect(help("Estimate"))).toBe(help("Estimate").text);
    expect(String(help("Estimate"))).toMatch(/^interface Estimate \{/);
  });

  test("an unknown name gets what may have been meant, a strange value is refused", () => {
    expect(help("Estimat").text).toMatch(
      /^quorumlab exports no "Estimat": did you mean Estimate\b/,
    );
    expect(help("estimatemethod").text).toMatch(/did you mean EstimateMethod, estimateMethods\b/);
    expect(help("qqqqqq").text).toBe('quorumlab exports no "qqqqqq": help() lists all of them.');
    expect(() => help(42)).toThrow(
      new RangeError("help: need argument to be an export of quorumlab or the name of one, got 42"),
    );
  });
});

describe("the text of an entry", () => {
  const entry = {
    name: "f",
    heading: "Things",
    kind: "function",
    signature: "function f(x: number): number",
    text: "Doubles: nothing else.\n\nMore of it.",
    tags: [
      { name: "param", text: "x a number, ms" },
      { name: "returns", text: "twice of it" },
      { name: "throws", text: "{RangeError} if it is odd" },
      { name: "see", text: "docs/f.md" },
      { name: "example", text: "f(2); // => 4\nf(3); // => 6" },
    ],
  } as const;

  test("has signature, comment and sections", () => {
    expect(helpOfEntry(entry).text).toBe(
      [
        "function f(x: number): number\n",
        "Doubles: nothing else.\n\nMore of it.\n",
        "Parameters\n  x a number, ms\n",
        "Returns\n  twice of it\n",
        "Throws\n  {RangeError} if it is odd\n",
        "Example\n  f(2); // => 4\n  f(3); // => 6\n",
        "See\n  docs/f.md",
      ].join("\n"),
    );
  });

  test("is one line in the list", () => {
    expect(helpOfAll([entry]).text).toMatch(/^Things\n {2}f {2}Doubles\n\nhelp\(/);
  });
});
