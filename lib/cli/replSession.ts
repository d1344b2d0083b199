import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { format, inspect } from "node:util";

/** Something to evaluate TypeScript with: each piece sees the names of the earlier ones. */
export interface ReplSession {
  /** Names of the library that are in scope. */
  readonly names: readonly string[];
  /** Whether nothing is open: bracket, string or block. */
  isComplete(source: string): boolean;
  /**
   * Checks the types, evaluates and prints the value of the last expression, or the error.
   *
   * @param beforeRun is called when the types are checked, before the code runs
   */
  evaluate(source: string, beforeRun?: () => void): Promise<void>;
  /** Candidates for the word before the end of the source, and that word. */
  complete(source: string): [candidates: string[], word: string];
  /** Ends the wait for a promise. */
  interrupt(): void;
  /** Releases the compiler, so that the process can end. */
  close(): void;
}

/** Where a session prints: texts that end in a line break. */
export interface ReplOutput {
  readonly colors: boolean;
  write(text: string): void;
}

/** The parts of tslab that a session uses; its types would bring a compiler's with them. */
interface Converter {
  convert(declarations: string, source: string): unknown;
  close(): void;
}
interface Executor {
  execute(source: string): Promise<boolean>;
  complete(source: string, at: number): { start: number; candidates: string[] };
  interrupt(): void;
  close(): void;
}

const require = createRequire(import.meta.url);

/** A session with the compiler and executor of tslab: what runs in a notebook, runs here. */
export async function replSession(output: ReplOutput): Promise<ReplSession> {
  const { createConverter, isCompleteCode } = require("tslab/dist/converter.js");
  const { createExecutor } = require("tslab/dist/executor.js");
  // First what can fail: an open compiler watches files and keeps the process alive.
  const names = await libraryNames();
  const folder = folderThatFindsThePackage();
  const converter: Converter = inFolder(folder, () => createConverter({}));
  let beforeNextRun: (() => void) | undefined;
  const { convert } = converter;
  converter.convert = (declarations, source) => {
    const converted = convert(declarations, source);
    beforeNextRun?.();
    return converted;
  };
  const converters = { node: converter, browser: converter, close: () => converter.close() };
  const executor: Executor = createExecutor(folder, converters, consoleOf(output));
  const loaded = await executor.execute(`import { ${names.join(", ")} } from "quorumlab";`);
  if (!loaded) {
    executor.close();
    throw new Error("repl: the library did not load");
  }
  return {
    names,
    isComplete: (source) => isCompleteCode(source).completed,
    evaluate: async (source, beforeRun) => {
      beforeNextRun = beforeRun;
      if (source.trim() !== "") await executor.execute(source);
    },
    complete: (source) => {
      const { start, candidates } = executor.complete(source, source.length);
      const word = source.slice(start);
      return [candidates.filter((each) => each.startsWith(word)), word];
    },
    interrupt: () => executor.interrupt(),
    close: () => executor.close(),
  };
}

/** Values are shown in full, errors without the stack, which would lead into the compiler. */
function consoleOf({ colors, write }: ReplOutput): object {
  return {
    log: (value: unknown) => write(`${inspect(value, { colors })}\n`),
    error: (...args: unknown[]) => {
      const [error] = args;
      if (error instanceof Error) return write(`${error.name}: ${error.message}\n`);
      return write(
        `${typeof error === "string" ? format(...args) : `thrown: ${inspect(error)}`}\n`,
      );
    },
  };
}

/** Values and types that the package exports. */
async function libraryNames(): Promise<string[]> {
  const values = Object.keys(await import("../index.ts"));
  const { helpEntries } = await import("../notebook/helpLookup.ts");
  const types = helpEntries().filter((entry) => entry.kind === "type");
  return [...values, ...types.map((entry) => entry.name)];
}

/** The working folder if this very package is found from it, so that its files can be imported; else ours. */
function folderThatFindsThePackage(): string {
  const packageFolder = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));
  try {
    const found = createRequire(`${process.cwd()}/`).resolve("quorumlab");
    const ours = realpathSync(fileURLToPath(new URL("../index.js", import.meta.url)));
    return found === ours ? process.cwd() : packageFolder;
  } catch {
    return packageFolder;
  }
}

/** tslab takes the working folder of the moment it starts for its own. */
function inFolder<Result>(folder: string, action: () => Result): Result {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return action();
  } finally {
    process.chdir(before);
  }
}
