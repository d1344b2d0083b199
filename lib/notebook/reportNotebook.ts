import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { needOneOf } from "../core/need.ts";
import { type EnvironmentRecord, environmentRecord } from "./environment.ts";
import { type ReportDocument, splitTitle } from "./reportDocument.ts";
import { drawFigures } from "./reportFigure.ts";
import { reportResults, resultCsv } from "./reportResults.ts";
import { formatNotebook } from "./runFormat.ts";
import { type NotebookRun, type RunOptions, runNotebook } from "./runNotebook.ts";

/** Forms in which a report can be read. */
export const reportFormats = ["html", "pdf", "md"] as const;

/** A form in which a report can be read. */
export type ReportFormat = (typeof reportFormats)[number];

/** How to run a notebook and where to put its report. */
export interface ReportOptions extends RunOptions {
  /** Folder that gets `<name>/<time>/`; `reports` if left out. */
  readonly out?: string;
  /** Forms to write; all if left out. The executed notebook and the results are always written. */
  readonly formats?: readonly ReportFormat[];
  /** The command that asked for the report, for its environment record. */
  readonly command?: string;
  /** Called when the cells have run and the files are being written. */
  readonly onWriting?: (run: NotebookRun) => void;
}

/** A report on disk. */
export interface WrittenReport {
  /** Its folder. */
  readonly folder: string;
  /** Names of its files in that folder, figures and CSV files left out. */
  readonly files: readonly string[];
  readonly run: NotebookRun;
}

/**
 * Runs a notebook and writes `<out>/<name>/<time>/` with the report in the forms asked for, the
 * executed notebook, the tables as JSON and CSV and a record of the environment; `<out>/<name>/latest`
 * then leads there. The folder appears when it is complete: a run that fails leaves nothing.
 *
 * @param file path of the notebook
 * @throws {NotebookError} if the notebook does not run to its end
 * @throws {RangeError} if the file is not a notebook, or a parameter or format does not exist
 */
export async function reportNotebook(
  file: string,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  const { out = "reports", formats = reportFormats } = options;
  for (const format of formats) needOneOf("reportNotebook", "format", format, reportFormats);
  const startedAt = new Date();
  const run = await runNotebook(file, options);
  options.onWriting?.(run);
  const name = basename(file).replace(/\.ipynb$/, "");
  const document = await documentOf(file, name, run, {
    command: options.command ?? `quorumlab report ${relative(process.cwd(), file)}`,
    startedAt,
  });
  const parent = resolve(out, name);
  mkdirSync(parent, { recursive: true });
  const partial = mkdtempSync(join(parent, ".partial-"));
  try {
    const files = await writeFiles(partial, document, { run, formats });
    const folder = freeFolder(parent, startedAt);
    renameSync(partial, folder);
    pointLatest(parent, basename(folder));
    return { folder, files, run };
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function documentOf(
  file: string,
  name: string,
  run: NotebookRun,
  { command, startedAt }: { command: string; startedAt: Date },
): Promise<ReportDocument> {
  const folder = dirname(resolve(file));
  const { seeds, parameters, durationMs } = run;
  const environment: EnvironmentRecord = environmentRecord({
    ...{ folder, notebook: basename(file), command, startedAt },
    ...{ durationMs, seeds, parameters },
  });
  const { title, body } = splitTitle(run.notebook, name);
  const figures = await drawFigures(body);
  return { name, title, folder, notebook: body, figures, parameters, environment };
}

async function writeFiles(
  folder: string,
  document: ReportDocument,
  { run, formats }: { run: NotebookRun; formats: readonly ReportFormat[] },
): Promise<string[]> {
  const files: string[] = [];
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
    if (!file.includes("/")) files.push(file);
  };
  const { name, environment } = document;
  // Writers are loaded when needed: with their parsers they are a quarter of the start of the library.
  if (formats.includes("html")) {
    const { reportHtml } = await import("./reportHtml.ts");
    write(`${name}.html`, reportHtml(document));
  }
  if (formats.includes("pdf")) {
    const { reportPdf } = await import("./reportPdf.ts");
    write(`${name}.pdf`, await reportPdf(document));
  }
  if (formats.includes("md")) {
    const { reportMd } = await import("./reportMd.ts");
    const report = reportMd(document);
    write(`${name}.md`, report.text);
    for (const [path, bytes] of report.files) write(path, bytes);
  }
  const results = reportResults(run.notebook);
  write(`${name}.ipynb`, formatNotebook(run.notebook));
  write(
    "results.json",
    `${JSON.stringify({ notebook: environment.notebook, results }, null, 2)}\n`,
  );
  for (const result of results) write(`results/${result.name}.csv`, resultCsv(result));
  write("environment.json", `${JSON.stringify(environment, null, 2)}\n`);
  return files;
}

/** A folder named after the moment; a second report of the same second gets a number. */
function freeFolder(parent: string, startedAt: Date): string {
  const time = `${startedAt.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
  for (let count = 1; ; count++) {
    const folder = join(parent, count === 1 ? time : `${time}-${count}`);
    if (!existsSync(folder)) return folder;
  }
}

/** Replaces the link in one step: at no moment is there no latest report. */
function pointLatest(parent: string, folder: string): void {
  const link = join(parent, `.latest-${process.pid}`);
  rmSync(link, { force: true });
  symlinkSync(folder, link, "dir");
  renameSync(link, join(parent, "latest"));
}
