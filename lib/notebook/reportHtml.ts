import { neutrals } from "../charts/palette.ts";
import { themeConfig } from "../charts/theme.ts";
import { escapeHtml } from "../core/escapeHtml.ts";
import { environmentRows, originLine, type ReportDocument } from "./reportDocument.ts";
import type { ReportFigure } from "./reportFigure.ts";
import { highlightTypeScript } from "./reportHighlight.ts";
import { type MarkdownWriter, markdownWriter, type ReportHeading } from "./reportMarkdown.ts";
import { mathFontFace } from "./reportMathFont.ts";
import { reportScript } from "./reportScript.ts";
import { reportStyle } from "./reportStyle.ts";
import { inlineVega } from "./reportVega.ts";
import type { CellOutput, MimeBundle, NotebookCell } from "./runFormat.ts";

/** Fewest headings that make a table of contents worth its place. */
const contentsMin = 4;

/**
 * A report as one HTML file that needs no network: the style sheet, the drawing library and every
 * picture are inside, and the page forbids itself to load anything else.
 */
export function reportHtml(document: ReportDocument): string {
  const charts = new Map<string, ReportFigure>();
  const markdown = markdownWriter(document.folder);
  const writer: CellWriter = { document, markdown, charts };
  const body = document.notebook.cells.map((cell) => cellHtml(writer, cell)).join("\n");
  const hasCode = document.notebook.cells.some((cell) => cell.cell_type === "code");
  const title = escapeHtml(document.title.replace(/[*_`$]/g, ""));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'">
<meta name="generator" content="quorumlab ${document.environment.versions.quorumlab}">
<title>${title}</title>
<style>${reportStyle}${body.includes("<math") || title.includes("$") ? mathFontFace() : ""}</style>
</head>
<body>
<div class="page">
<header class="report">
<div class="tools">${hasCode ? foldButton : ""}<button type="button" id="theme">Light / dark</button></div>
<h1>${markdown.inline(document.title)}</h1>
<p class="origin">${escapeHtml(originLine(document))}</p>
${parametersHtml(document)}
</header>
${contentsHtml(markdown.headings)}
<main>
${body}
</main>
${footerHtml(document)}
</div>
${charts.size > 0 ? inlineVega() : ""}
<script>
const charts = ${scriptJson(chartSpecs(charts))};
const themes = ${scriptJson({ light: themeOf("light"), dark: themeOf("dark") })};
${reportScript}</script>
</body>
</html>
`;
}

const foldButton = `<button type="button" id="fold" aria-pressed="false">Show code</button>`;

interface CellWriter {
  readonly document: ReportDocument;
  readonly markdown: MarkdownWriter;
  /** Charts met so far, by the id of their element. */
  readonly charts: Map<string, ReportFigure>;
}

function themeOf(theme: "light" | "dark"): unknown {
  return { background: neutrals[theme].background, config: themeConfig(theme) };
}

/** Specifications by the id of their element, for the version of Vega-Lite that the page brings. */
function chartSpecs(charts: ReadonlyMap<string, ReportFigure>): unknown {
  const $schema = "https://vega.github.io/schema/vega-lite/v6.json";
  return Object.fromEntries([...charts].map(([id, { spec }]) => [id, { ...spec, $schema }]));
}

/** JSON inside a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function cellHtml(writer: CellWriter, cell: NotebookCell): string {
  if (cell.cell_type === "raw") return "";
  if (cell.cell_type === "markdown") return `<section>${writer.markdown.html(cell)}</section>`;
  const outputs = (cell.outputs ?? []).map((output) => outputHtml(writer, output));
  return [codeHtml(cell), ...outputs].join("\n");
}

function codeHtml({ source, execution_count: count }: NotebookCell): string {
  if (source.trim() === "") return "";
  const first = source.trim().split("\n")[0]!;
  return `<details class="code"><summary><span>${count ?? ""}</span> <code>${escapeHtml(first)}</code></summary>
<pre><code>${highlightTypeScript(source)}</code></pre></details>`;
}

function outputHtml(writer: CellWriter, output: CellOutput): string {
  if (output.output_type === "stream") {
    const kind = output.name === "stderr" ? ` class="error"` : "";
    return `<div class="output"><pre${kind}>${escapeHtml(output.text.trimEnd())}</pre></div>`;
  }
  if (output.output_type === "error") {
    return `<div class="output"><pre class="error">${escapeHtml(output.evalue)}</pre></div>`;
  }
  const figure = writer.document.figures.get(output);
  if (figure) return figureHtml(writer, figure);
  return `<div class="output">${bundleHtml(writer, output.data)}</div>`;
}

function figureHtml({ charts }: CellWriter, figure: ReportFigure): string {
  const id = `chart-${charts.size + 1}`;
  charts.set(id, figure);
  const still = `data:image/svg+xml;base64,${Buffer.from(figure.svg).toString("base64")}`;
  // The still picture is there before the script has run, where it cannot run, and for search.
  return `<figure><div class="chart" id="${id}"><img src="${still}" alt="${escapeHtml(figure.altText)}"></div></figure>`;
}

/** The richest representation that a page can show. */
function bundleHtml({ markdown }: CellWriter, data: MimeBundle): string {
  const text = (mime: string): string | undefined =>
    typeof data[mime] === "string" ? (data[mime] as string) : undefined;
  const html = text("text/html");
  if (html !== undefined) return html;
  const source = text("text/markdown") ?? text("text/latex");
  if (source !== undefined) {
    return markdown.html({ cell_type: "markdown", id: "", metadata: {}, source });
  }
  const svg = text("image/svg+xml");
  if (svg !== undefined)
    return imageHtml("image/svg+xml", Buffer.from(svg).toString("base64"), data);
  const mime = ["image/png", "image/jpeg", "image/gif"].find((each) => each in data);
  if (mime) return imageHtml(mime, String(data[mime]), data);
  const plain = text("text/plain") ?? JSON.stringify(Object.values(data)[0], null, 2);
  return `<pre>${escapeHtml(plain)}</pre>`;
}

function imageHtml(mime: string, base64: string, data: MimeBundle): string {
  const alt = escapeHtml(String(data["text/plain"] ?? "Image"));
  return `<img src="data:${mime};base64,${base64.replace(/\s/g, "")}" alt="${alt}">`;
}

function parametersHtml({ parameters }: ReportDocument): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(({ name, value, default: usual, overridden }) => {
    const note = overridden
      ? `<code>${escapeHtml(JSON.stringify(usual))}</code> in the notebook`
      : "";
    return `<tr${overridden ? ` class="changed"` : ""}><td><code>${escapeHtml(name)}</code></td>
<td><code>${escapeHtml(JSON.stringify(value))}</code></td><td>${note}</td></tr>`;
  });
  return `<table class="parameters"><thead><tr><th>parameter</th><th>value</th><th></th></tr></thead>
<tbody>${rows.join("")}</tbody></table>`;
}

function contentsHtml(headings: readonly ReportHeading[]): string {
  const listed = headings.filter(({ level }) => level === 2 || level === 3);
  if (listed.length < contentsMin) return "";
  const items = listed.map(({ level, text, anchor }) => {
    const kind = level === 3 ? ` class="sub"` : "";
    return `<li${kind}><a href="#${escapeHtml(anchor)}">${escapeHtml(text)}</a></li>`;
  });
  return `<nav class="contents" aria-label="Contents"><ol>${items.join("")}</ol></nav>`;
}

function footerHtml(document: ReportDocument): string {
  const rows = environmentRows(document).map(
    ([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<footer><details><summary>How this report was made</summary>
<table><tbody>${rows.join("")}</tbody></table></details></footer>`;
}
