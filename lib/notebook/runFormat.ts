/**
 * Notebook files, nbformat 4.5: read, checked, brought into one fixed form, and written byte for
 * byte as Jupyter writes them, so that a run changes only what the run changed.
 *
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */

/** One output in several representations, keyed by MIME type; JSON types hold plain data. */
export type MimeBundle = Record<string, unknown>;

/** Text written to standard output or standard error by a cell. */
export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

/** Something shown by a cell. */
export interface DisplayOutput {
  output_type: "display_data" | "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
}

/** How a cell ended that failed. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** One output of a code cell. */
export type CellOutput = StreamOutput | DisplayOutput | ErrorOutput;

/** A cell of any kind; `outputs` and `execution_count` belong to code cells only. */
export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
  outputs?: CellOutput[];
  execution_count?: number | null;
  attachments?: Record<string, MimeBundle>;
}

/** A notebook with every source and text joined into one string. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** Cell metadata that says how to read a cell; the rest (timings, folded state) is left out. */
const keptCellMetadata = ["tags", "jupyter", "name"];
/** Notebook metadata written by editors about themselves. */
const droppedNotebookMetadata = ["widgets", "vscode", "toc", "colab"];

/**
 * Reads the text of an `.ipynb` file.
 *
 * @param text content of the file
 * @param where its name, for errors
 * @throws {RangeError} if it is not a notebook of nbformat 4
 */
export function parseNotebook(text: string, where: string): Notebook {
  const refuse = (reason: string): never => {
    throw new RangeError(`parseNotebook: need ${where} to be a notebook (nbformat 4), ${reason}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse(`got text that is not JSON: ${(error as Error).message}`);
  }
  const raw = json as Partial<Notebook> | null;
  if (raw?.nbformat !== 4) return refuse(`got nbformat ${JSON.stringify(raw?.nbformat)}`);
  if (!Array.isArray(raw.cells)) return refuse("got no list of cells");
  const taken = new Set(raw.cells.map((cell) => cell?.id));
  return {
    nbformat: 4,
    nbformat_minor: Math.max(5, raw.nbformat_minor ?? 5),
    metadata: raw.metadata ?? {},
    cells: raw.cells.map((cell, index) => parseCell(cell, index, taken, refuse)),
  };
}

function parseCell(
  cell: NotebookCell,
  index: number,
  taken: Set<string>,
  refuse: (reason: string) => never,
): NotebookCell {
  if (!["code", "markdown", "raw"].includes(cell?.cell_type)) {
    return refuse(`got cell ${index + 1} of type ${JSON.stringify(cell?.cell_type)}`);
  }
  const parsed: NotebookCell = {
    ...cell,
    id: cell.id ?? freeId(index, taken),
    metadata: cell.metadata ?? {},
    source: joinLines(cell.source),
  };
  if (cell.cell_type !== "code") return parsed;
  const outputs = (cell.outputs ?? []).map(joinOutput);
  return { ...parsed, outputs, execution_count: cell.execution_count ?? null };
}

/** Older notebooks have no cell ids: the position gives one, which the written file then keeps. */
function freeId(index: number, taken: Set<string>): string {
  let id = `cell-${String(index + 1).padStart(2, "0")}`;
  while (taken.has(id)) id += "a";
  taken.add(id);
  return id;
}

function joinOutput(output: CellOutput): CellOutput {
  if (output.output_type === "stream") return { ...output, text: joinLines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data ?? {}).map(([mime, value]) => [
    mime,
    isJsonMime(mime) ? value : joinLines(value),
  ]);
  return { ...output, data: Object.fromEntries(data), metadata: output.metadata ?? {} };
}

function joinLines(text: unknown): string {
  return Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "";
}

/** Whether values of this MIME type are plain data, not text. */
export function isJsonMime(mime: string): boolean {
  return mime === "application/json" || mime.endsWith("+json");
}

/**
 * The notebook in the form that is committed: execution counts 1, 2, 3, ..., the kernel by its
 * common name, no timings, no state of an editor.
 */
export function normaliseNotebook(notebook: Notebook): Notebook {
  let count = 0;
  const cells = notebook.cells.map((cell) => {
    const metadata = pick(cell.metadata, keptCellMetadata);
    if (cell.cell_type !== "code") return { ...cell, metadata };
    const counted = cell.source.trim() === "" ? null : ++count;
    const outputs = (cell.outputs ?? []).map((output) =>
      output.output_type === "execute_result" ? { ...output, execution_count: counted } : output,
    );
    return { ...cell, metadata, outputs, execution_count: counted };
  });
  return { ...notebook, metadata: normaliseMetadata(notebook.metadata), cells };
}

function normaliseMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(metadata).filter((name) => !droppedNotebookMetadata.includes(name));
  return {
    ...pick(metadata, names),
    kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
    // What the kernel answers to a kernel_info_request (tslab/dist/jupyter.js, handleKernel).
    language_info: {
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      file_extension: ".ts",
      mimetype: "text/typescript",
      name: "typescript",
      version: "3.7.2",
    },
  };
}

function pick(source: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((n) => n in source).map((n) => [n, source[n]]));
}

/** The text of the file: keys sorted, one line of source a line, one space a level, as Jupyter does. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: splitLines(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(splitOutput) }),
  }));
  return `${JSON.stringify(sortKeys({ ...notebook, cells }), null, 1)}\n`;
}

function splitOutput(output: CellOutput): unknown {
  if (output.output_type === "stream") return { ...output, text: splitLines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => {
    const isText = mime.startsWith("text/") || mime === "image/svg+xml";
    return [mime, isText && typeof value === "string" ? splitLines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
