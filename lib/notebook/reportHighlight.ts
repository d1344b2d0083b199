import { escapeHtml } from "../core/escapeHtml.ts";

/** Words that TypeScript keeps for itself, as far as cells of a notebook use them. */
const keywords =
  "abstract|as|async|await|boolean|break|case|catch|class|const|continue|default|delete|do|else|" +
  "export|extends|false|finally|for|from|function|get|if|implements|import|in|instanceof|" +
  "interface|keyof|let|new|null|number|of|readonly|return|satisfies|set|static|string|super|" +
  "switch|this|throw|true|try|type|typeof|undefined|unknown|void|while|yield";

/** Alternatives in order: what begins first wins, so that a `//` inside a string is no comment. */
const token = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\`(?:\\.|[^\`\\])*\`)`,
    String.raw`(?<number>\b(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?)\b)`,
    String.raw`(?<![.\w$])(?<keyword>(?:${keywords}))(?![\w$])`,
    String.raw`(?<call>[A-Za-z_$][\w$]*)(?=\()`,
  ].join("|"),
  "g",
);

/** TypeScript as HTML, with a class on every word that has a colour. */
export function highlightTypeScript(source: string): string {
  let html = "";
  let end = 0;
  for (const match of source.matchAll(token)) {
    const [kind] = Object.entries(match.groups!).find(([, text]) => text !== undefined)!;
    html += escapeHtml(source.slice(end, match.index));
    html += `<span class="t-${kind}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(source.slice(end));
}
