import { type CellOutput, type DisplayOutput, isJsonMime, type MimeBundle } from "./runFormat.ts";

/** What the kernel hands over to be shown: a bundle and, if it can be updated, its identity. */
export interface DisplayMessage {
  readonly data: MimeBundle;
  readonly metadata?: Record<string, unknown>;
  readonly transient?: { readonly display_id?: string };
}

/** Gathers the outputs of all cells of one run as a client of a kernel would. */
export interface OutputCollector {
  /** Text of a stream; follows on the text before it if that was of the same stream. */
  stream(cell: number, name: "stdout" | "stderr", text: string): void;
  /** A new display, or with `update` the new state of the display with the same identity. */
  display(cell: number, message: DisplayMessage, update: boolean): void;
  /** What was gathered, one list for each cell. */
  outputs(): CellOutput[][];
}

/** An output collector for so many cells. */
export function outputCollector(cellCount: number): OutputCollector {
  const cells: CellOutput[][] = Array.from({ length: cellCount }, () => []);
  const byId = new Map<string, DisplayOutput[]>();
  return {
    stream(cell, name, text) {
      if (text === "") return;
      const last = cells[cell]!.at(-1);
      if (last?.output_type === "stream" && last.name === name) last.text += text;
      else cells[cell]!.push({ output_type: "stream", name, text });
    },
    display(cell, message, update) {
      // A copy: the notebook holds what was shown at that moment, as if it had been sent away.
      const { data, metadata = {} } = JSON.parse(JSON.stringify(message)) as DisplayMessage;
      const id = message.transient?.display_id;
      const shown = id === undefined ? [] : (byId.get(id) ?? []);
      if (update) {
        for (const output of shown) Object.assign(output, { data, metadata });
        return;
      }
      const output: DisplayOutput = { output_type: "display_data", data, metadata };
      cells[cell]!.push(output);
      if (id !== undefined) byId.set(id, [...shown, output]);
    },
    outputs: () => cells.map((outputs) => outputs.filter((output) => !isVolatile(output))),
  };
}

/** Progress bars mark themselves: they carry timings and have no place in a document. */
export function isVolatile(output: CellOutput): boolean {
  if (output.output_type !== "display_data") return false;
  const marks = output.metadata.quorumlab as { volatile?: boolean } | undefined;
  return marks?.volatile === true;
}

/** A folder of this machine and what stands for it in a document. */
export type PathName = readonly [path: string, name: string];

/** The output with folders of this machine replaced by their names, in the order given. */
export function withoutPaths(output: CellOutput, paths: readonly PathName[]): CellOutput {
  if (output.output_type === "stream") return { ...output, text: strip(output.text, paths) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => {
    const isText = typeof value === "string" && !mime.startsWith("image/") && !isJsonMime(mime);
    return [mime, isText ? strip(value, paths) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

function strip(text: string, paths: readonly PathName[]): string {
  return paths.reduce((stripped, [path, name]) => {
    // Not inside a longer path or an address, nor as the beginning of a longer name.
    const whole = `(?<![\\w./-])(?:file://)?${escapePattern(path)}(?![\\w-]|\\.\\w)`;
    return stripped.replace(new RegExp(whole, "g"), name);
  }, text);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
