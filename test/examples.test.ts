import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as library from "../lib/index.ts";
import { examplesInMarkdown, examplesInSource, runExample, type Scope } from "./examples.ts";

const root = resolve(import.meta.dirname, "..");

const sources = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !/\.(test|as|generated)\.ts$/.test(name))
  .map((name) => join(root, "lib", name))
  .filter((file) => readFileSync(file, "utf8").includes("@example"))
  .sort();

/** Markdown files whose blocks of TypeScript a reader will paste. */
const documents = ["README.md", "datasets/README.md"];

describe("examples in doc comments", () => {
  test.each(sources.map((file) => relative(root, file)))("%s", async (name) => {
    const file = join(root, name);
    const examples = examplesInSource(name, readFileSync(file, "utf8"));
    expect(examples.length).toBeGreaterThan(0);
    // The file's own exports serve the examples of what is not public.
    const own = (await import(/* @vite-ignore */ file)) as Scope;
    for (const example of examples) {
      const { checked, lies } = await runExample(example, { ...library, ...own });
      expect(lies).toEqual([]);
      expect(checked, `${example.place} claims nothing`).toBeGreaterThan(0);
    }
  });
});

describe("examples in documents", () => {
  test.each(documents)("%s", async (name) => {
    let claims = 0;
    for (const example of examplesInMarkdown(name, readFileSync(join(root, name), "utf8"))) {
      // A block without a claim may show what needs a file of the reader's.
      if (!example.code.includes("// =>")) continue;
      const { checked, lies } = await runExample(example, library as Scope);
      expect(lies).toEqual([]);
      claims += checked;
    }
    expect(claims, `${name} claims nothing`).toBeGreaterThan(0);
  });
});

describe("the checker", () => {
  const double = (x: number): number => 2 * x;
  const lies = async (code: string): Promise<readonly string[]> =>
    (await runExample({ place: "here:1", code }, { double })).lies;

  test.each([
    "double(2); // => 4",
    "double(2) // => 4",
    "double(1 / 3); // => 0.666...",
    "double(-1 / 3); // => -0.666...",
    "double(4.4444e-7); // => 8.888...e-7",
    "double(0.25); // => 0.5...",
    'String(double(2)); // => "4"',
    '"0.12...".length; // => 7',
    "[double(1), double(1 / 3)]; // => [2, 0.66...]",
    "({ a: double(1) }); // => { a: 2 }",
    "double(Infinity); // => Infinity",
    "const x: number = double(2);\nx; // => 4",
    "(await Promise.resolve(4)) as number; // => 4",
    'String(\n  double(2),\n);\n// => "4"',
    "undefined; // => undefined",
  ])("agrees that %s", async (code) => {
    expect(await lies(code)).toEqual([]);
  });

  test.each([
    ["double(2); // => 5", "it is 4"],
    ["double(1 / 3); // => 0.667...", "it is 0.6666666666666666"],
    ["double(1 / 3); // => 0.67", "it is 0.6666666666666666"],
    ["double(-1 / 3); // => 0.666...", "it is -0.666"],
    ["double(4.4444e-7); // => 8.888...e-6", "it is 8.8888e-7"],
    ['double(2); // => "4"', "it is 4"],
    ["[double(1)]; // => [2, 2]", "it is [2]"],
    ["({ a: 1, b: 2 }); // => { a: 1 }", 'it is {"a":1,"b":2}'],
    ["({ a: 1 }); // => { a: 1, b: 2 }", 'it is {"a":1}'],
    ["NaN; // => 0...", "it is NaN"],
    ["double(2); // => 4\ndouble(3); // => 7", "it is 6"],
    ["halve(2); // => 1", "halve is not defined"],
    ["double(2); // => about four", "about is not defined"],
    ["const x = 2; // => 2", "no expression"],
    ['import { halve } from "quorumlab";', "halve is not defined"],
  ])("finds the lie in %s", async (code, told) => {
    expect((await lies(code)).join("\n")).toContain(told);
  });

  test("refuses claims that stand nowhere", async () => {
    await expect(lies("// => 4")).rejects.toThrow("1 lines with => that are no claims");
    await expect(lies('import { x } from "other";')).rejects.toThrow("imports other");
  });

  test("finds the examples of a source file and of Markdown", () => {
    const source =
      "/**\n * Text.\n *\n * @example\n * f({\n *   a: 1,\n * }); // => 2\n */\nexport function f() {}\n";
    const doubled = `${source}/** @example\n * g(); // => 1 */\nexport const g = () => 1;\n`;
    expect(examplesInSource("a.ts", doubled)).toEqual([
      { place: "a.ts:4", code: "f({\n  a: 1,\n}); // => 2" },
      { place: "a.ts:10", code: "g(); // => 1" },
    ]);
    const markdown = "# A\n\n```ts\nf(); // => 2\n```\n```sh\nls\n```\n";
    expect(examplesInMarkdown("a.md", markdown)).toEqual([
      { place: "a.md:3", code: "f(); // => 2\n" },
    ]);
  });
});
