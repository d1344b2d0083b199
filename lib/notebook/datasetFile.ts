import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { refuse } from "../core/need.ts";

/** Absolute path of a file in the package's `datasets/`, whatever the working directory is. */
export function packagedDataset(file: string): string {
  return fileURLToPath(new URL(`../../datasets/${file}`, import.meta.url));
}

/** Text of a UTF-8 file; a relative path starts at the working directory. */
export function readText(where: string, file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(file));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return refuse(where, "file", `a readable file (${reason} at ${resolve(file)})`, file);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse(where, "file", "text in UTF-8", file);
  }
}
