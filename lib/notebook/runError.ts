import type { Notebook } from "./runFormat.ts";

/** What made a run fail. */
export type NotebookErrorKind = "cell" | "timeout" | "interrupted" | "crashed";

/** Where and why a run failed. */
export interface NotebookErrorOptions {
  readonly kind: NotebookErrorKind;
  readonly file: string;
  readonly notebook: Notebook;
  /** Index of the cell, from 0; -1 before the first. */
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
  /** Number of the cell, from 1, among all cells; 0 before the first. */
  readonly cell: number;

  /** Composes the message from where and why. */
  constructor({ kind, file, notebook, cell, message, details }: NotebookErrorOptions) {
    const text = details.includes(message.replace(/^[^:]*: /, ""))
      ? details
      : `${message}\n${details}`;
    super(
      [
        `${file}: ${placeOf(notebook, cell)} ${verbs[kind]}`,
        excerptOf(notebook, cell),
        text.trimEnd(),
      ]
        .filter((part) => part !== "")
        .join("\n"),
    );
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

function placeOf({ cells }: Notebook, cell: number): string {
  if (cell < 0) return "the kernel, before the first cell,";
  const codeNumber = cells.slice(0, cell + 1).filter((c) => c.cell_type === "code").length;
  return `cell ${cell + 1} of ${cells.length} (code cell ${codeNumber})`;
}

function excerptOf({ cells }: Notebook, cell: number): string {
  const lines = (cells[cell]?.source ?? "").split("\n");
  if (cell < 0) return "";
  const shown = lines.slice(0, excerptLineCount).map((line, index) => `  ${index + 1} | ${line}`);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`    | ... ${rest} more lines`] : [])].join("\n");
}
