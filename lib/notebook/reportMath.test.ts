import { expect, test } from "vitest";
import { markdownParser } from "./reportMarkdown.ts";
import { mathToMathMl, mathToTypst } from "./reportMath.ts";

/** Formulas that a text holds, displayed ones with `$$`. */
function formulas(source: string): string[] {
  const found: string[] = [];
  for (const token of markdownParser().parse(source, {})) {
    for (const each of [token, ...(token.children ?? [])]) {
      if (each.type === "math_inline") found.push(each.content);
      if (each.type === "math_block") found.push(`$$${each.content}`);
    }
  }
  return found;
}

test.each([
  ["Let $R + W > N$, then $p=0$.", ["R + W > N", "p=0"]],
  ["$p_1$, $p_2$ and *$q$*", ["p_1", "p_2", "q"]],
  ["$$ a = b $$", ["$$a = b"]],
  ["$$\na\n= b\n$$\n\nText", ["$$a\n= b"]],
  ["in a line $$a$$ too", ["$$a"]],
  ["| a |\n| - |\n| $x$ |", ["x"]],
  ["from $5 to $10", []],
  ["costs $ 5 and 6 $", []],
  ["costs $ 5 and 6$", []],
  ["a $5-$10 range", []],
  ["\\$5 and \\$6", []],
  ["`$x$` and\n\n    $y$", []],
  ["$a \\$ b$", ["a \\$ b"]],
  ["$$ never ends", []],
])("%j holds %j", (source, expected) => {
  expect(formulas(source)).toEqual(expected);
});

test("formulas become MathML and Typst", () => {
  expect(mathToMathMl("\\frac{1}{2}", false)).toMatch("<mfrac><mn>1</mn><mn>2</mn></mfrac>");
  expect(mathToMathMl("x", true)).toMatch('display="block"');
  expect(mathToTypst("\\frac{1}{2} \\le p_{st}")).toBe("1/2 <= p_(s t)");
  expect(mathToTypst("\\binom{n}{k} \\Big/ 2")).toMatch(/binom\(n, k\)\s*\\?\/ 2/);
});

test("a formula that is wrong is shown, not thrown", () => {
  expect(mathToMathMl("\\frac{1}", false)).toMatch("\\frac");
  expect(() => mathToTypst("\\frac{1}")).not.toThrow();
});
