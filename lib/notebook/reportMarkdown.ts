import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import createMarkdownIt, { type MarkdownIt, type Token } from "markdown-it";
import { escapeHtml } from "../core/escapeHtml.ts";
import { markdownMath } from "./reportMath.ts";
import type { NotebookCell } from "./runFormat.ts";

/** Tokens of a parsed text. */
export type MarkdownTokens = readonly Token[];

/** A heading, for the table of contents. */
export interface ReportHeading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** Turns the Markdown cells of one notebook into HTML, with one set of anchors. */
export interface MarkdownWriter {
  html(cell: NotebookCell): string;
  /** One line, for a heading. */
  inline(text: string): string;
  readonly headings: readonly ReportHeading[];
}

/** A parser for the Markdown of notebooks: CommonMark with tables, HTML and formulas. */
export function markdownParser(): MarkdownIt {
  const parser = createMarkdownIt({ html: true, linkify: false, typographer: true });
  return parser.use(markdownMath);
}

/**
 * A writer of HTML for the Markdown cells of a notebook.
 *
 * @param folder of the notebook: local images are read from here and put into the page
 */
export function markdownWriter(folder: string): MarkdownWriter {
  const parser = markdownParser();
  const headings: ReportHeading[] = [];
  return {
    headings,
    inline: (text) => parser.renderInline(text),
    html(cell) {
      const tokens = parser.parse(cell.source, {});
      addAnchors(tokens, headings);
      embedImages(tokens, cell, folder);
      return parser.renderer.render([...tokens], parser.options, {});
    },
  };
}

function addAnchors(tokens: MarkdownTokens, headings: ReportHeading[]): void {
  tokens.forEach((token, index) => {
    if (token.type !== "heading_open") return;
    const text = plainText(tokens[index + 1]?.children ?? []);
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "");
    const taken = new Set(headings.map((each) => each.anchor));
    let anchor = slug;
    for (let count = 2; taken.has(anchor); count++) anchor = `${slug}-${count}`;
    token.attrSet("id", anchor);
    headings.push({ level: Number(token.tag.slice(1)), text, anchor });
  });
}

/** The words of a piece of text, without its marks. */
export function plainText(tokens: MarkdownTokens): string {
  const ofText = tokens.filter((t) => ["text", "code_inline", "math_inline"].includes(t.type));
  return ofText.map((token) => token.content).join("");
}

/** Puts local and attached images into the page; one from the network becomes a link to it. */
function embedImages(tokens: MarkdownTokens, cell: NotebookCell, folder: string): void {
  for (const token of tokens) {
    if (token.children) embedImages(token.children, cell, folder);
    if (token.type !== "image") continue;
    const source = String(token.attrGet("src"));
    const image = readImage(source, cell, folder);
    if (image) {
      token.attrSet("src", `data:${image.mime};base64,${image.bytes.toString("base64")}`);
    } else {
      token.type = "html_inline";
      token.content = `<a href="${escapeHtml(source)}">${escapeHtml(token.content || source)}</a>`;
    }
  }
}

/** An image of a text, or undefined if it is not on this machine. */
export function readImage(
  source: string,
  cell: NotebookCell,
  folder: string,
): { mime: string; bytes: Buffer } | undefined {
  const attached = Object.entries(cell.attachments?.[source.replace(/^attachment:/, "")] ?? {})[0];
  if (attached) return { mime: attached[0], bytes: Buffer.from(String(attached[1]), "base64") };
  const data = /^data:([\w+/.-]+);base64,(.*)$/s.exec(source);
  if (data) return { mime: data[1]!, bytes: Buffer.from(data[2]!, "base64") };
  const mime = imageTypes[extname(source).toLowerCase()];
  if (/^[a-z]+:/i.test(source) || !mime) return undefined;
  try {
    return { mime, bytes: readFileSync(resolve(folder, decodeURI(source))) };
  } catch {
    return undefined;
  }
}

const imageTypes: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".svg": "image/svg+xml",
};
