import type { Token } from "markdown-it";
import { type MarkdownTokens, markdownParser, readImage } from "./reportMarkdown.ts";
import { mathToTypst } from "./reportMath.ts";
import { htmlTable, htmlText, type PlainTable } from "./reportTable.ts";
import type { NotebookCell } from "./runFormat.ts";

/** Keeps what a Typst document refers to. */
export interface TypstContext {
  /** Folder of the notebook. */
  readonly folder: string;
  /** Files of the document, by name. */
  readonly files: Map<string, Buffer>;
  /** Formulas, in Typst's notation, that the compiler refused: they are shown as they were written. */
  readonly refusedFormulas: ReadonlySet<string>;
  /** Formulas of the document. */
  readonly formulas: Set<string>;
}

/** Any text as Typst content. A string literal needs only two characters escaped, whatever it holds. */
export function typstText(text: string): string {
  return text === "" ? "" : `#${typstString(text)};`;
}

/** A string literal of Typst. */
export function typstString(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "");
  return `"${escaped.replaceAll("\t", "\\t")}"`;
}

/** Verbatim text; the language colours it. */
export function typstRaw(text: string, language?: string): string {
  const lang = language ? `, lang: ${typstString(language)}` : "";
  return `#raw(${typstString(text)}, block: true${lang})\n\n`;
}

/** A text cell of a notebook as Typst content. */
export function typstMarkdown(cell: NotebookCell, context: TypstContext): string {
  return blocks(markdownParser().parse(cell.source, {}), { cell, context });
}

interface Place {
  readonly cell: NotebookCell;
  readonly context: TypstContext;
}

/** Walks the flat list of block tokens; each opening token becomes the beginning of a call. */
function blocks(tokens: MarkdownTokens, place: Place): string {
  let text = "";
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.type === "table_open") {
      const end = tokens.findIndex((each, at) => at > i && each.type === "table_close");
      text += markdownTable(tokens.slice(i, end), place);
      i = end;
    } else text += block(token, place);
  }
  return text;
}

function block(token: Token, place: Place): string {
  switch (token.type) {
    case "inline":
      return inline(token.children ?? [], place);
    case "heading_open":
      // The title of the document is above all headings.
      return `#heading(level: ${Math.max(1, Number(token.tag.slice(1)) - 1)})[`;
    case "heading_close":
      return "]\n\n";
    case "paragraph_close":
      return token.hidden ? "" : "\n\n";
    case "bullet_list_open":
      return "#list(";
    case "ordered_list_open":
      return `#enum(start: ${Number(token.attrGet("start") ?? 1)}, `;
    case "list_item_open":
      return "[";
    case "list_item_close":
      return "], ";
    case "bullet_list_close":
    case "ordered_list_close":
      return ")\n\n";
    case "blockquote_open":
      return "#quote(block: true)[";
    case "blockquote_close":
      return "]\n\n";
    case "fence":
    case "code_block":
      return typstRaw(token.content.trimEnd(), token.info || undefined);
    case "hr":
      return "#line(length: 100%, stroke: 0.4pt + luma(180))\n\n";
    case "math_block":
      return formula(token.content, true, place);
    case "html_block":
      return html(token.content);
    default:
      return "";
  }
}

function html(source: string): string {
  const table = htmlTable(source);
  return table ? typstTable(table) : `${typstText(htmlText(source))}\n\n`;
}

function inline(tokens: MarkdownTokens, place: Place): string {
  return tokens.map((token) => span(token, place)).join("");
}

function span(token: Token, place: Place): string {
  switch (token.type) {
    case "text":
    case "text_special":
      return typstText(token.content);
    case "code_inline":
      return `#raw(${typstString(token.content)});`;
    case "softbreak":
      return " ";
    case "hardbreak":
      return "#linebreak();";
    case "em_open":
      return "#emph[";
    case "strong_open":
      return "#strong[";
    case "s_open":
      return "#strike[";
    case "link_open":
      return linkTarget(String(token.attrGet("href")));
    case "em_close":
    case "strong_close":
    case "s_close":
    case "link_close":
      return "];";
    case "image":
      return image(token, place);
    case "math_inline":
    case "math_block":
      return formula(token.content, token.type === "math_block", place);
    default:
      return "";
  }
}

/** Anchors inside a page and files beside the notebook have no target in a PDF. */
function linkTarget(target: string): string {
  return /^(https?|mailto):/.test(target) ? `#link(${typstString(target)})[` : "#text()[";
}

function formula(tex: string, display: boolean, { context }: Place): string {
  const typst = mathToTypst(tex)?.replaceAll("\n", " ").trim();
  if (typst === undefined || context.refusedFormulas.has(typst)) {
    return `#raw(${typstString(tex)}, block: ${display});`;
  }
  context.formulas.add(typst);
  return display ? `\n\n$ ${typst} $\n\n` : `$${typst}$`;
}

function image(token: Token, { cell, context }: Place): string {
  const source = String(token.attrGet("src"));
  const found = readImage(source, cell, context.folder);
  if (!found) return `#link(${typstString(source)})[${typstText(token.content || source)}];`;
  const name = addFile(context, found.mime, found.bytes);
  return `#image(${typstString(name)}, alt: ${typstString(token.content)});`;
}

/** Puts a picture beside the document; returns its name there. */
export function addFile({ files }: TypstContext, mime: string, bytes: Buffer): string {
  const ending = mime.replace("image/", "").replace("svg+xml", "svg").replace("jpeg", "jpg");
  const name = `picture-${files.size + 1}.${ending}`;
  files.set(name, bytes);
  return name;
}

function markdownTable(tokens: MarkdownTokens, place: Place): string {
  const rows: { cells: string[]; isHead: boolean }[] = [];
  const alignments: string[] = [];
  for (const token of tokens) {
    if (token.type === "tr_open") rows.push({ cells: [], isHead: false });
    if (token.type === "th_open") {
      rows.at(-1)!.isHead = true;
      alignments.push(/text-align:(\w+)/.exec(String(token.attrGet("style")))?.[1] ?? "left");
    }
    if (token.type === "inline") rows.at(-1)!.cells.push(inline(token.children ?? [], place));
  }
  return tableCall(rows, alignments, "");
}

/** A table of plain texts as Typst content. */
export function typstTable({ caption, rows, alignments }: PlainTable): string {
  const isWide = alignments.length > wideColumnCount;
  const text = (cell: string): string => typstText(isWide ? cell : withWholeIntervals(cell));
  const cells = rows.map((row) => ({ ...row, cells: row.cells.map(text) }));
  const call = tableCall(cells, alignments, caption);
  return isWide
    ? `#[\n#show table: set text(size: 7.4pt)\n#set table(inset: (x: 3.4pt, y: 3pt))\n${call}]\n\n`
    : call;
}

/** Columns beyond which a table is set smaller, with intervals that may break. */
const wideColumnCount = 7;

/** An interval stays on one line. */
function withWholeIntervals(text: string): string {
  return text.replace(/[[(][^\])]*, [^\])]*[\])]/g, (interval) =>
    interval.replaceAll(" ", "\u00a0"),
  );
}

function tableCall(
  rows: readonly { cells: readonly string[]; isHead: boolean }[],
  alignments: readonly string[],
  caption: string,
): string {
  const width = Math.max(1, ...rows.map((row) => row.cells.length));
  const filled = (cells: readonly string[]): string =>
    Array.from({ length: width }, (_, i) => `[${cells[i] ?? ""}]`).join(", ");
  const head = rows.filter((row) => row.isHead).map((row) => filled(row.cells));
  const body = rows.filter((row) => !row.isHead).map((row) => `  ${filled(row.cells)},`);
  const align = Array.from({ length: width }, (_, i) => alignments[i] ?? "left").join(", ");
  const header =
    head.length > 0 ? `  table.header(${head.join(", ")}),\n  table.hline(stroke: 0.5pt),` : "";
  const notes = caption
    ? `#block(above: 0.5em)[#text(size: 8.5pt)[${typstText(caption)}]]\n\n`
    : "";
  return `#table(columns: ${width}, align: (${align},),
  table.hline(stroke: 0.9pt),
${header}
${body.join("\n")}
  table.hline(stroke: 0.9pt),
)\n\n${notes}`;
}
