import fc from "fast-check";
import { expect, test } from "vitest";
import { highlightTypeScript } from "./reportHighlight.ts";
import { htmlText } from "./reportTable.ts";

test("what begins first wins", () => {
  expect(highlightTypeScript('const u = "http://a"; // "x" 1e6')).toBe(
    '<span class="t-keyword">const</span> u = <span class="t-string">&quot;http://a&quot;</span>; ' +
      '<span class="t-comment">// &quot;x&quot; 1e6</span>',
  );
  expect(highlightTypeScript("a.of(1_000, x1)")).toBe(
    'a.<span class="t-call">of</span>(<span class="t-number">1_000</span>, x1)',
  );
});

test("no text is lost and none becomes a tag", () => {
  const code = fc.stringMatching(/^[\w"'`/*<>&;().$ \\-]{0,60}$/);
  fc.assert(
    fc.property(code, (source) => {
      const html = highlightTypeScript(source);
      expect(html.replace(/<\/?span[^>]*>/g, "")).not.toMatch(/[<>]/);
      expect(htmlText(html)).toBe(source.replace(/\s+/g, " ").trim());
    }),
    { numRuns: 300 },
  );
});

test("classes are no keywords, whatever they begin like", () => {
  const html = highlightTypeScript("new Set(Number(0XfF), 1E6)");
  expect(html).not.toContain('t-keyword">Set');
  expect(html).not.toContain('t-keyword">Number');
  expect(html).toContain('t-keyword">new');
  expect(html).toContain('t-number">0XfF');
  expect(html).toContain('t-number">1E6');
});
