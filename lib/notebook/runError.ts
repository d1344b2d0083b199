import type { Notebook } from "./runFormat.ts";

/** What made a run fail. */
export type NotebookErrorKind = "cell" | "timeout" | "interrupted" | "crashed";

/** Where and why a run failed. */
export interface NotebookErrorOptions {
  readonly kind: NotebookErrorKind;
  readonly file: string;
  readonly notebook: Notebook;
  /** Index of the cell, from 0. */
  readonly cell: number;
  readonly message: string;
  readonly details: string;
}

/** Lines of source shown with an error. */
const excerptLineCount = 8;

/** A notebook that did not run to its end: says which cell, shows its source and the cause. */
export class NotebookError extends Error {
  override readonly name: string = "NotebookError";
  /** What happened. */
  readonly kind: NotebookErrorKind;
  /** Path of the notebook. */
  readonly file: string;
  /** Number of the cell, from 1, among all cells. */
  readonly cell: number;

  /** Composes the message from where and why. */
  constructor({ kind, file, notebook, cell, message, details }: NotebookErrorOptions) {
    const { cells } = notebook;
    const codeNumber = cells.slice(0, cell + 1).filter((c) => c.cell_type === "code").length;
    const place = `cell ${cell + 1} of ${cells.length} (code cell ${codeNumber})`;
    const excerpt = excerptOf(cells[cell]?.source ?? "");
    const text = details.includes(message.replace(/^[^:]*: /, ""))
      ? details
      : `${message}\n${details}`;
    super(`${file}: ${place} ${verbs[kind]}\n${excerpt}\n${text.trimEnd()}`);
    this.kind = kind;
    this.file = file;
    this.cell = cell + 1;
  }
}

const verbs: Record<NotebookErrorKind, string> = {
  cell: "failed",
  timeout: "was running when the time ran out",
  interrupted: "was interrupted",
  crashed: "was running when its process died",
};

function excerptOf(source: string): string {
  const lines = source.split("\n");
  const shown = lines.slice(0, excerptLineCount).map((line, index) => `  ${index + 1} | ${line}`);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`    | ... ${rest} more lines`] : [])].join("\n");
}
