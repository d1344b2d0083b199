import { randomUUID } from "node:crypto";
import { kernelDisplay } from "./kernel.ts";

/** State of some work, as text for terminals and HTML for notebooks. */
export interface ProgressView {
  /** One line without a line end. */
  readonly text: string;
  /** A fragment of HTML. */
  readonly html: string;
}

/** A place on the screen whose content can be replaced. */
export interface ProgressDisplay {
  /** Replaces what is shown. */
  update(view: ProgressView): void;
  /** Leaves the last state on the screen; in a terminal it ends the line. */
  close(): void;
}

/** Where a progress line goes outside of Jupyter. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * A progress display: in a notebook an output that is updated in place (lines with `\r` would pile up
 * there), in a terminal a line that is rewritten, and nothing where standard error is a file or a pipe.
 *
 * Belongs to the cell in which it was made, also while later cells run.
 */
export function progressDisplay(stream: ProgressStream = process.stderr): ProgressDisplay {
  return notebookProgress() ?? terminalProgress(stream);
}

function notebookProgress(): ProgressDisplay | undefined {
  const write = kernelDisplay();
  if (!write) return undefined;
  const transient = { display_id: randomUUID() };
  // Timings have no place in a document: what executes notebooks leaves volatile outputs out.
  const metadata = { quorumlab: { volatile: true } };
  let shown = false;
  return {
    update({ text, html }) {
      write({ data: { "text/html": html, "text/plain": text }, metadata, transient }, shown);
      shown = true;
    },
    close() {},
  };
}

/** Back to the start of the line, and erase to its end (ECMA-48: EL). */
const clearLine = "\r\u001b[K";

function terminalProgress(stream: ProgressStream): ProgressDisplay {
  let shown = false;
  return {
    update({ text }) {
      if (!stream.isTTY) return;
      stream.write(clearLine + text);
      shown = true;
    },
    close() {
      if (shown) stream.write("\n");
      shown = false;
    },
  };
}
