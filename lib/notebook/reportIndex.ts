import { svgToPng } from "./renderChart.ts";
import { splitTitle } from "./reportDocument.ts";
import { drawFigures } from "./reportFigure.ts";
import type { Notebook } from "./runFormat.ts";

/** A notebook of the collection. */
export interface IndexedNotebook {
  /** File name. */
  readonly name: string;
  readonly notebook: Notebook;
}

/** px of a thumbnail for each px of its chart. */
const thumbnailScale = 0.5;

/** A small picture of the first chart of a notebook as PNG, undefined if it has none. */
export async function notebookThumbnail(notebook: Notebook): Promise<Uint8Array | undefined> {
  const [first] = (await drawFigures(notebook)).values();
  return first && svgToPng(first.svg, thumbnailScale);
}

/** The README of a folder of notebooks: what each asks, with a picture of its first chart. */
export function notebookIndex(notebooks: readonly IndexedNotebook[]): string {
  const rows = notebooks.map(({ name, notebook }) => {
    const { title, body } = splitTitle(notebook, name);
    const picture = hasChart(notebook) ? `![](thumbnails/${name.replace(/ipynb$/, "png")})` : "";
    return `| [${cell(title)}](${name}) | ${cell(questionOf(body))} | ${picture} |`;
  });
  return `# Notebooks

Essays that ask one question each and answer it with the library. Outputs are committed and proved by
\`npm test\`. Open them with \`npm start\`; make reports with \`npm run report\`.

| notebook | question | first chart |
| --- | --- | --- |
${rows.join("\n")}

Written by \`npm run notebooks\`; do not edit.
`;
}

function hasChart({ cells }: Notebook): boolean {
  const outputs = cells.flatMap((each) => each.outputs ?? []);
  return outputs.some(
    (o) => "data" in o && Object.keys(o.data).some((m) => m.includes("vegalite")),
  );
}

/** The paragraph that begins with the word Question, else the first paragraph. */
function questionOf({ cells }: Notebook): string {
  const texts = cells.filter((each) => each.cell_type === "markdown").map((each) => each.source);
  const paragraphs = texts.flatMap((text) => text.split(/\n\s*\n/)).map((text) => text.trim());
  const prose = paragraphs.filter((text) => text !== "" && !/^([#|$>-]|```|<)/.test(text));
  const question = prose.find((text) => /^[*_]*Question/i.test(text)) ?? prose[0] ?? "";
  return question.replace(/^[*_]*Question[.:]?[*_]*[.:]?\s*/i, "");
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
}
