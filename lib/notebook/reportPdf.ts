import { join } from "node:path";
import { packageFolder } from "./environment.ts";
import { environmentRows, originLine, type ReportDocument } from "./reportDocument.ts";
import type { ReportFigure } from "./reportFigure.ts";
import { htmlText } from "./reportTable.ts";
import { shownTable } from "./reportTableData.ts";
import {
  addFile,
  type TypstContext,
  typstMarkdown,
  typstRaw,
  typstString,
  typstTable,
  typstText,
} from "./reportTypst.ts";
import type { CellOutput, MimeBundle, NotebookCell } from "./runFormat.ts";

/** Width of the text on the page, in pt: A4 less two margins of 26 mm. */
const textWidthPt = 448;
/** CSS defines a px as 3/4 pt. */
const ptPerPx = 0.75;

/**
 * A report as PDF, set by Typst in this process: no browser, no network, fonts included.
 *
 * @throws {Error} with the compiler's message if the document cannot be set
 */
export async function reportPdf(document: ReportDocument): Promise<Buffer> {
  const { NodeCompiler } = await import("@myriaddreamin/typst-ts-node-compiler");
  const fonts = packageFolder("dejavu-fonts-ttf");
  const compile = (source: string, files: ReadonlyMap<string, Buffer>): Buffer | string => {
    const compiler = NodeCompiler.create({
      workspace: document.folder,
      fontArgs: fonts ? [{ fontPaths: [join(fonts, "ttf")] }] : [],
    });
    for (const [name, bytes] of files) compiler.mapShadow(join(document.folder, name), bytes);
    const result = compiler.compile({ mainFileContent: source });
    if (!result.result) return diagnosticsOf(compiler, result);
    const startMs = Date.parse(document.environment.startedAt);
    return compiler.pdf(result.result, { creationTimestamp: Math.floor(startMs / 1000) });
  };
  const first = compose(document, new Set());
  const pdf = compile(first.source, first.context.files);
  if (typeof pdf !== "string") return pdf;
  // TeX has more than Typst's notation can say: what the compiler refuses is shown as written.
  const refused = [...first.context.formulas].filter(
    (f) => typeof compile(`$${f}$`, new Map()) === "string",
  );
  const second = compose(document, new Set(refused));
  const again = compile(second.source, second.context.files);
  if (typeof again !== "string") return again;
  throw new Error(`reportPdf: Typst could not set the document: ${again}`);
}

type Compiler = import("@myriaddreamin/typst-ts-node-compiler").NodeCompiler;
type CompileResult = import("@myriaddreamin/typst-ts-node-compiler").NodeTypstCompileResult;

function diagnosticsOf(compiler: Compiler, result: CompileResult): string {
  const error = result.takeError() ?? result.takeDiagnostics();
  const all: { message?: string }[] = error ? compiler.fetchDiagnostics(error) : [];
  return all.map((each) => each.message ?? JSON.stringify(each)).join("; ") || "no message";
}

function compose(
  document: ReportDocument,
  refusedFormulas: ReadonlySet<string>,
): { source: string; context: TypstContext } {
  const { folder, notebook, title } = document;
  const context: TypstContext = { folder, files: new Map(), refusedFormulas, formulas: new Set() };
  const titleCell: NotebookCell = { cell_type: "markdown", id: "", metadata: {}, source: title };
  const head = typstMarkdown(titleCell, context).trim();
  const cells = notebook.cells.map((cell) => typstCell(document, cell, context));
  const source = [
    preamble(document),
    `#block(below: 0.7em)[#text(size: 20pt, weight: "semibold", hyphenate: false)[#par(justify: false, leading: 0.5em)[${head}]]]`,
    `#text(size: 8.5pt, fill: luma(90))[${typstText(originLine(document))}]\n`,
    parametersTable(document),
    `#v(0.6em)\n`,
    ...cells,
    footer(document),
  ].join("\n");
  return { source, context };
}

function preamble({ title }: ReportDocument): string {
  const plainTitle = typstString(title.replace(/[*_`$]/g, ""));
  return `#set document(title: ${plainTitle}, date: auto)
#set page(paper: "a4", margin: (x: 26mm, top: 26mm, bottom: 24mm), numbering: "1", number-align: right,
  header: context { if counter(page).get().first() > 1 { align(right, text(size: 8pt, fill: luma(110), ${plainTitle})) } })
#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 10.5pt, lang: "en")
#set par(justify: true, leading: 0.66em, spacing: 1.05em)
#set list(indent: 0.4em, body-indent: 0.6em, spacing: 0.7em)
#set enum(indent: 0.4em, body-indent: 0.6em, spacing: 0.7em)
#set table(stroke: none, inset: (x: 6pt, y: 3.4pt))
#show table: set text(size: 8.8pt, number-width: "tabular", number-type: "lining")
#show table: set par(justify: false, leading: 0.5em)
#show table.cell.where(y: 0): set text(weight: "semibold")
#show link: set text(fill: rgb("#0060a0"))
#show raw: set text(font: "DejaVu Sans Mono", size: 0.82em)
#show raw.where(block: true): it => block(width: 100%, inset: (x: 8pt, y: 2pt), text(size: 7.6pt, it))
#show heading: set text(weight: "semibold", hyphenate: false)
#show heading: set block(above: 1.5em, below: 0.75em, sticky: true)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 11.5pt)
#show quote: set pad(x: 1.2em)
#let code(body) = block(fill: luma(246), inset: (x: 2pt, y: 5pt), radius: 2pt, width: 100%, above: 1em, below: 0.8em, breakable: true, body)
`;
}

function typstCell(document: ReportDocument, cell: NotebookCell, context: TypstContext): string {
  if (cell.cell_type === "raw") return "";
  if (cell.cell_type === "markdown") return typstMarkdown(cell, context);
  const source = cell.source.trim();
  const code = source === "" ? "" : `#code[${typstRaw(source, "typescript").trim()}]\n\n`;
  return (
    code + (cell.outputs ?? []).map((output) => typstOutput(document, output, context)).join("")
  );
}

function typstOutput(document: ReportDocument, output: CellOutput, context: TypstContext): string {
  if (output.output_type === "stream") return typstRaw(output.text.trimEnd());
  if (output.output_type === "error") return typstRaw(output.evalue);
  const figure = document.figures.get(output);
  return figure ? typstFigure(figure, context) : typstBundle(output.data, context);
}

function typstFigure({ svg, altText }: ReportFigure, context: TypstContext): string {
  const name = addFile(context, "image/svg+xml", Buffer.from(withBundledFont(svg)));
  return picture(name, altText, Number(/<svg[^>]*\swidth="([\d.]+)/.exec(svg)?.[1] ?? 600));
}

function picture(name: string, altText: string, widthPx: number): string {
  const widthPt = Math.min(textWidthPt, Math.round(widthPx * ptPerPx));
  const image = `image(${typstString(name)}, width: ${widthPt}pt, alt: ${typstString(altText)})`;
  return `#block(above: 1em, below: 1.2em, breakable: false)[#${image}]\n\n`;
}

/** Charts name the fonts of browsers; Typst has the one they were measured with. */
function withBundledFont(svg: string): string {
  return svg.replace(/font-family="[^"]*"/g, 'font-family="DejaVu Sans"');
}

/** The richest representation that Typst can set. */
function typstBundle(data: MimeBundle, context: TypstContext): string {
  const html = data["text/html"];
  const table = shownTable(data);
  if (table) return typstTable(table);
  const markdown = data["text/markdown"] ?? data["text/latex"];
  if (typeof markdown === "string") {
    return typstMarkdown(
      { cell_type: "markdown", id: "", metadata: {}, source: markdown },
      context,
    );
  }
  const svg = data["image/svg+xml"];
  if (typeof svg === "string") return typstFigure({ svg, altText: "Image", spec: {} }, context);
  const mime = ["image/png", "image/jpeg", "image/gif"].find((each) => each in data);
  if (mime) {
    const name = addFile(context, mime, Buffer.from(String(data[mime]), "base64"));
    return `#image(${typstString(name)}, alt: ${typstString(String(data["text/plain"] ?? "Image"))})\n\n`;
  }
  const plain = data["text/plain"] ?? (typeof html === "string" ? htmlText(html) : undefined);
  return typstRaw(
    typeof plain === "string" ? plain : JSON.stringify(Object.values(data)[0], null, 2),
  );
}

function parametersTable({ parameters }: ReportDocument): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(({ name, value, default: usual, overridden }) => ({
    cells: [
      name,
      JSON.stringify(value),
      overridden ? `${JSON.stringify(usual)} in the notebook` : "",
    ],
    isHead: false,
  }));
  const head = { cells: ["parameter", "value", ""], isHead: true };
  return typstTable({ caption: "", rows: [head, ...rows], alignments: ["left", "left", "left"] });
}

function footer(document: ReportDocument): string {
  const rows = environmentRows(document).map((cells) => ({ cells, isHead: false }));
  const table = typstTable({ caption: "", rows, alignments: ["left", "left"] });
  return `#v(1.5em)\n#block(breakable: false)[#heading(level: 2)[How this report was made]
#show table: set text(size: 7.8pt)
#show table.cell.where(y: 0): set text(weight: "regular")
${table.replace("columns: 2", "columns: (auto, 1fr)")}]\n`;
}
