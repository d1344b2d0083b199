import type { CellOutput } from "./runFormat.ts";
import type { PathName } from "./runOutputs.ts";

/** What the child process is asked to do: one notebook. */
export interface RunRequest {
  /** Folder of the notebook: modules are looked up from here, as by a kernel started by Jupyter. */
  readonly folder: string;
  /** Source of every cell, `null` for cells that hold no code. */
  readonly sources: readonly (string | null)[];
  /** Folders to be replaced in outputs. */
  readonly paths: readonly PathName[];
}

/** Why a cell failed. */
export interface CellFailure {
  /** Index of the cell, from 0. */
  readonly cell: number;
  /** Class of the error, `Type error` for what the type checker found, or `Thrown value`. */
  readonly name: string;
  /** One line. */
  readonly message: string;
  /** Everything there is to say, over several lines. */
  readonly details: string;
}

/** What the child process reports. */
export type RunReport =
  | { readonly kind: "ready" }
  | { readonly kind: "cell"; readonly cell: number }
  | { readonly kind: "failed"; readonly failure: CellFailure }
  | {
      readonly kind: "finished";
      readonly outputs: CellOutput[][];
      /** Time each cell took, in ms, 0 for cells without code. */
      readonly cellMs: readonly number[];
      /** Variables of the notebook with `seed` in their name. */
      readonly seeds: Readonly<Record<string, unknown>>;
    };
