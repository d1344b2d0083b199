import { environmentRows, originLine, type ReportDocument } from "./reportDocument.ts";
import { htmlText, type PlainTable } from "./reportTable.ts";
import { shownTable } from "./reportTableData.ts";
import type { CellOutput, MimeBundle, NotebookCell } from "./runFormat.ts";

/** A report as Markdown with the pictures it shows, by path beside it. */
export interface MarkdownReport {
  readonly text: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A report as Markdown for a wiki or a repository: charts are SVG pictures in `figures/`. */
export function reportMd(document: ReportDocument): MarkdownReport {
  const files = new Map<string, Buffer>();
  const add = (ending: string, bytes: Buffer): string => {
    const name = `figures/figure-${files.size + 1}.${ending}`;
    files.set(name, bytes);
    return name;
  };
  const parameters = document.parameters.map(({ name, value, default: usual, overridden }) => {
    const note = overridden ? ` (${JSON.stringify(usual)} in the notebook)` : "";
    return `- \`${name}\` = \`${JSON.stringify(value)}\`${note}`;
  });
  const blocks = [
    `# ${document.title}`,
    originLine(document),
    parameters.join("\n"),
    ...document.notebook.cells.flatMap((cell) => cellMd(document, cell, add)),
    "## How this report was made",
    mdTable({
      caption: "",
      alignments: ["left", "left"],
      rows: [
        { cells: ["what", "value"], isHead: true },
        ...environmentRows(document).map((cells) => ({ cells, isHead: false })),
      ],
    }),
  ];
  const text = `${blocks.filter((block) => block.trim() !== "").join("\n\n")}\n`;
  return { text, files };
}

type AddFile = (ending: string, bytes: Buffer) => string;

function cellMd(document: ReportDocument, cell: NotebookCell, add: AddFile): string[] {
  if (cell.cell_type === "raw" || cell.source.trim() === "") return [];
  if (cell.cell_type === "markdown") return [cell.source.trim()];
  const outputs = (cell.outputs ?? []).map((output) => outputMd(document, output, add));
  return [fenced(cell.source.trim(), "ts"), ...outputs];
}

/** A block of code with a fence longer than any inside it. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function outputMd(document: ReportDocument, output: CellOutput, add: AddFile): string {
  if (output.output_type === "stream") return fenced(output.text.trimEnd(), "text");
  if (output.output_type === "error") return fenced(output.evalue, "text");
  const figure = document.figures.get(output);
  if (figure) return image(figure.altText, add("svg", Buffer.from(figure.svg)));
  return bundleMd(output.data, add);
}

function bundleMd(data: MimeBundle, add: AddFile): string {
  const html = typeof data["text/html"] === "string" ? data["text/html"] : undefined;
  const table = shownTable(data);
  if (table) return mdTable(table);
  const markdown = data["text/markdown"] ?? data["text/latex"];
  if (typeof markdown === "string") return markdown.trim();
  const alt = String(data["text/plain"] ?? "Image");
  const svg = data["image/svg+xml"];
  if (typeof svg === "string") return image(alt, add("svg", Buffer.from(svg)));
  const mime = ["image/png", "image/jpeg", "image/gif"].find((each) => each in data);
  if (mime) return image(alt, add(mime.slice(6), Buffer.from(String(data[mime]), "base64")));
  const plain = data["text/plain"] ?? (html === undefined ? undefined : htmlText(html));
  const text = typeof plain === "string" ? plain : JSON.stringify(Object.values(data)[0], null, 2);
  return fenced(text, "text");
}

function image(alt: string, path: string): string {
  return `![${alt.replace(/[[\]\n]/g, " ")}](${path})`;
}

/** A table of GitHub's Markdown; one without a head gets the empty one that the form requires. */
function mdTable({ caption, rows, alignments }: PlainTable): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const head = rows.find((row) => row.isHead)?.cells ?? alignments.map(() => "");
  const body = rows.filter((row) => row.cells !== head).map((row) => line(row.cells));
  const rule = line(alignments.map((side) => (side === "right" ? "---:" : "---")));
  return [...(caption ? [caption, ""] : []), line(head), rule, ...body].join("\n");
}
