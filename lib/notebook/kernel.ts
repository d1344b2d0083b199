import { createRequire } from "node:module";

/** Output of a cell in several forms; a client shows the richest that it knows. */
export interface DisplayBundle {
  /** Content by MIME type: text, base64 for pictures, objects for JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Notes by MIME type, for example the size of a picture in px. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Sends a bundle to the cell that runs; `update` replaces the display with the same identity. */
export type WriteDisplay = (
  message: DisplayBundle & { readonly transient?: { readonly display_id: string } },
  update?: boolean,
) => void;

const handlerFile = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;

/**
 * How to show something in the notebook cell that runs, or undefined outside of Jupyter.
 *
 * tslab exports only displays of one MIME type, and a library that loads its own copy of tslab is told
 * "Not ready". So the handler is looked up in the module cache of this process, where the kernel that
 * runs the cell has put it; with several copies loaded, only that one has a writer.
 */
export function kernelDisplay(): WriteDisplay | undefined {
  const { cache } = createRequire(import.meta.url);
  for (const [file, module] of Object.entries(cache)) {
    if (!handlerFile.test(file)) continue;
    const write: unknown = module?.exports?.lastWriteDisplayData;
    if (typeof write === "function") return write as WriteDisplay;
  }
  return undefined;
}
