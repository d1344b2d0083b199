import { relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type ReportFormat, reportFormats, reportNotebook } from "../notebook/reportNotebook.ts";
import { NotebookError } from "../notebook/runError.ts";
import { defaultTimeoutMs, type NotebookProgress } from "../notebook/runNotebook.ts";

interface Flags {
  readonly param: Readonly<Record<string, string>>;
  readonly out: string;
  readonly format: readonly ReportFormat[];
  readonly timeout: number;
}

/** Exit codes: a notebook failed; the command line was wrong; ended by Ctrl-C (128 + SIGINT). */
const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * `quorumlab report`: runs notebooks one after the other and writes their reports. Stops at the
 * first that fails, with exit code 1; a wrong command line is exit code 2.
 */
export function reportCommand(): Command {
  return new Command("report")
    .description("run notebooks and write reports: HTML, PDF, Markdown, results, environment")
    .argument("<notebook...>", "notebooks to run, in this order")
    .option(
      "--param <name=value>",
      "value for a declaration in a cell tagged parameters",
      addParam,
      {},
    )
    .option("--out <folder>", "folder that gets <name>/<time>/ and <name>/latest", "reports")
    .option("--format <list>", "forms to write", readFormats, [...reportFormats])
    .option(
      "--timeout <seconds>",
      "time limit for each notebook, in s",
      readTimeout,
      defaultTimeoutMs / 1000,
    )
    .action(runReports);
}

function addParam(text: string, params: Record<string, string>): Record<string, string> {
  const match = /^([A-Za-z_$][\w$]*)=(.*)$/s.exec(text);
  if (!match) throw new InvalidArgumentError("Need name=value, for example seed=7.");
  return { ...params, [match[1]!]: match[2]! };
}

function readFormats(text: string): ReportFormat[] {
  return text.split(",").map((word) => {
    const format = reportFormats.find((each) => each === word.trim());
    if (!format) throw new InvalidArgumentError(`Need a list of ${reportFormats.join(", ")}.`);
    return format;
  });
}

function readTimeout(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400))
    throw new InvalidArgumentError("Need 0 < seconds <= 86400.");
  return seconds;
}

async function runReports(notebooks: readonly string[], flags: Flags): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const line = progressLine();
  try {
    for (const notebook of notebooks) {
      const { folder, files, run } = await reportNotebook(notebook, {
        parameters: flags.param,
        timeoutMs: flags.timeout * 1000,
        out: flags.out,
        formats: flags.format,
        command: commandText(notebook, flags),
        signal: interrupt.signal,
        onProgress: line.cell,
        onWriting: () => line.show(`${notebook}: writing the report`),
      });
      line.end(`${notebook}: ran in ${(run.durationMs / 1000).toFixed(1)} s`);
      for (const file of files) console.log(`${relative(process.cwd(), folder)}/${file}`);
    }
  } catch (error) {
    line.clear();
    console.error(`quorumlab report: ${(error as Error).message}`);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof NotebookError && error.kind === "interrupted") return exitCodes.interrupted;
  return error instanceof RangeError ? exitCodes.usage : exitCodes.failed;
}

/** The command that makes the same report again. */
function commandText(notebook: string, { param, timeout }: Flags): string {
  const params = Object.entries(param).map(
    ([name, value]) => ` --param ${shellWord(`${name}=${value}`)}`,
  );
  const limit = timeout === defaultTimeoutMs / 1000 ? "" : ` --timeout ${timeout}`;
  const file = relative(process.cwd(), notebook);
  return `quorumlab report ${shellWord(file)}${params.join("")}${limit}`;
}

function shellWord(text: string): string {
  return /^[\w./=:,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

interface ProgressLine {
  readonly cell: (progress: NotebookProgress) => void;
  show(text: string): void;
  end(text: string): void;
  clear(): void;
}

/** One line that is written over in a terminal, and one line for each state elsewhere. */
function progressLine(): ProgressLine {
  const isTerminal = process.stderr.isTTY === true;
  const show = (text: string): void => {
    process.stderr.write(isTerminal ? `\r\x1b[K${text}` : `${text}\n`);
  };
  return {
    show,
    cell: ({ notebook, cell, cellCount }) => show(`${notebook}: cell ${cell} of ${cellCount}`),
    end: (text) => show(isTerminal ? `${text}\n` : text),
    clear: () => void (isTerminal && process.stderr.write("\r\x1b[K")),
  };
}
