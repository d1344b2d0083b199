import { createRequire } from "node:module";
import type { MarkdownIt } from "markdown-it";
import { tex2typst } from "tex2typst";

interface Temml {
  renderToString(tex: string, options: { displayMode: boolean; throwOnError: boolean }): string;
}

// The ESM build of temml is typed for browsers only; its CommonJS build needs no DOM.
const temml: Temml = createRequire(import.meta.url)("temml/dist/temml.cjs");

/** A formula as MathML, which browsers draw with the reader's own fonts: nothing to download. */
export function mathToMathMl(tex: string, display: boolean): string {
  return temml.renderToString(tex, { displayMode: display, throwOnError: false });
}

/** Sizes of brackets are Typst's own business. */
const sizeMacros = Object.fromEntries(
  ["big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr"].map((name) => [`\\${name}`, " "]),
);

/** A formula in Typst's notation, or undefined if it cannot be translated. */
export function mathToTypst(tex: string): string | undefined {
  try {
    return tex2typst(tex, { customTexMacros: sizeMacros });
  } catch {
    return undefined;
  }
}

/**
 * Teaches a Markdown parser the formulas of Jupyter: `$...$` in a line, `$$...$$` across lines.
 * As in Jupyter, a dollar before a blank, after a blank, or before a digit that follows is money.
 */
export function markdownMath(parser: MarkdownIt): void {
  parser.inline.ruler.after("escape", "math_inline", (state, silent) => {
    const formula = /^\$\$([^$]+)\$\$|^\$(?![\s$])((?:\\.|[^\\$])*?[^\\\s])\$(?!\d)/s;
    const match = formula.exec(state.src.slice(state.pos, state.posMax));
    if (!match) return false;
    if (!silent) {
      const display = match[1] !== undefined;
      const token = state.push(display ? "math_block" : "math_inline", "math", 0);
      token.content = (match[1] ?? match[2]!).trim();
    }
    state.pos += match[0].length;
    return true;
  });
  parser.block.ruler.before(
    "fence",
    "math_block",
    (state, startLine, endLine, silent) => {
      const lineAt = (line: number): string =>
        state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!);
      if (!lineAt(startLine).startsWith("$$")) return false;
      let line = startLine;
      let text = lineAt(line).slice(2);
      while (!text.trimEnd().endsWith("$$") && ++line < endLine) text += `\n${lineAt(line)}`;
      const end = text.lastIndexOf("$$");
      if (end < 0 || text.slice(end + 2).trim() !== "") return false;
      if (silent) return true;
      const token = state.push("math_block", "math", 0);
      token.content = text.slice(0, end).trim();
      token.map = [startLine, line + 1];
      state.line = line + 1;
      return true;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
  parser.renderer.rules.math_inline = (tokens, i) => mathToMathMl(tokens[i]!.content, false);
  parser.renderer.rules.math_block = (tokens, i) => mathToMathMl(tokens[i]!.content, true);
}
