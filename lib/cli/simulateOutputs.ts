import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { refuse } from "../core/need.ts";

/** A place to write to, as it was checked before the work began. */
export interface Output {
  /** The option that names it. */
  readonly option: string;
  /** As it was typed. */
  readonly given: string;
  /** The file itself, without links on the way. */
  readonly path: string;
  /** What stands there; `undefined`: nothing yet. */
  readonly there: Stats | undefined;
}

/** An output and what goes into it. */
export interface Filled {
  readonly output: Output;
  readonly content: string;
}

const where = "simulate";

/**
 * Finds out what stands at a path, through links.
 *
 * @throws {RangeError} naming the option, if a file cannot be written there
 */
export function needOutput(option: string, given: string): Output {
  const output = { option, given, ...placeOf(option, given) };
  const { there, path } = output;
  if (there?.isDirectory()) refuse(where, option, "a file, not a folder", given);
  if (there?.isSocket()) refuse(where, option, "a file, not a socket", given);
  if (there !== undefined && !isWritable(path, there)) {
    refuse(where, option, "a file that may be written, not a read-only one", given);
  }
  if (isStream(output)) return output;
  const folder = dirname(path);
  if (!isWritable(folder, statSync(folder))) {
    refuse(where, option, "a file in a folder that may be written", given);
  }
  return output;
}

/**
 * Refuses to write to a file that is read, or written already.
 *
 * @param what the other file is: `another file than ...`
 */
export function needOther(output: Output, other: string | Output, what: string): void {
  const others = typeof other === "string" ? knownPlace(other) : other;
  if (others === undefined) return;
  const [one, two] = [output.there, others.there];
  const isSame = one !== undefined && two !== undefined && one.dev === two.dev;
  if (output.path !== others.path && !(isSame && one.ino === two.ino)) return;
  refuse(where, output.option, `another file than ${what}`, output.given);
}

/**
 * Writes all or nothing: files are written beside and then renamed, so that each is whole or as it was, and
 * keep the mode of what stood there. What is no file (a pipe, a device) is written to as it is.
 *
 * @throws {RangeError} naming the option, if one cannot be written; then no file has changed
 */
export function writeOutputs(filled: readonly Filled[]): void {
  const partials = new Map<Output, string>();
  let current = filled[0]?.output;
  try {
    for (const { output, content } of filled.filter(({ output }) => !isStream(output))) {
      current = output;
      partials.set(output, join(dirname(output.path), `.${randomUUID()}.partial`));
      writeFileSync(partials.get(output)!, content, { flag: "wx" });
      if (output.there) chmodSync(partials.get(output)!, output.there.mode & 0o7777);
    }
    for (const { output, content } of filled.filter(({ output }) => isStream(output))) {
      current = output;
      writeFileSync(output.path, content, { flag: "a" });
    }
    for (const [output, partial] of partials) {
      current = output;
      renameSync(partial, output.path);
    }
  } catch (error) {
    for (const partial of partials.values()) rmSync(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    refuse(where, current!.option, `a file that can be written (${code})`, current!.given);
  }
}

/** A pipe or a device: what is written there cannot be renamed. */
function isStream({ there }: Pick<Output, "there">): boolean {
  return there !== undefined && !there.isFile();
}

/** Whether this process may write, and somebody is meant to: root may write what is read-only too. */
function isWritable(path: string, { mode }: Stats): boolean {
  try {
    accessSync(path, constants.W_OK);
    return (mode & 0o222) !== 0;
  } catch {
    return false;
  }
}

function placeOf(option: string, given: string): Pick<Output, "path" | "there"> {
  try {
    return placeAt(given);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === "ENOENT" || code === "ENOTDIR";
    const what = isMissing ? "a file in a folder that exists" : `a file name (${code})`;
    return refuse(where, option, what, given);
  }
}

function knownPlace(file: string): Pick<Output, "path" | "there"> | undefined {
  try {
    return placeAt(file);
  } catch {
    return undefined;
  }
}

/** Links that lead nowhere lead to a file that is to be made. */
function placeAt(file: string, links = 0): Pick<Output, "path" | "there"> {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined) {
    // A pipe may have no path but the one it was reached by.
    return { path: there.isFile() ? realpathSync(file) : resolve(file), there };
  }
  const link = lstatSync(file, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() && links < 40) {
    return placeAt(resolve(dirname(file), readlinkSync(file)), links + 1);
  }
  return { path: join(realpathSync(dirname(file)), basename(file)), there: undefined };
}
