import type { EnvironmentRecord } from "./environment.ts";
import type { ReportFigures } from "./reportFigure.ts";
import type { Notebook } from "./runFormat.ts";
import type { NotebookParameter } from "./runParameters.ts";

/** All that the writers of HTML, PDF and Markdown need to know of one executed notebook. */
export interface ReportDocument {
  /** Name of the notebook without its ending. */
  readonly name: string;
  readonly title: string;
  /** Folder of the notebook, for images. */
  readonly folder: string;
  /** The executed notebook, without the heading that is the title. */
  readonly notebook: Notebook;
  readonly figures: ReportFigures;
  readonly parameters: readonly NotebookParameter[];
  readonly environment: EnvironmentRecord;
}

/** Title and body of a notebook: the first heading of its first text cell is taken out. */
export function splitTitle(notebook: Notebook, name: string): { title: string; body: Notebook } {
  const index = notebook.cells.findIndex((cell) => cell.cell_type === "markdown");
  const match = /^\s*#\s+([^\n]+?)\s*#*\s*(?:\n|$)/.exec(notebook.cells[index]?.source ?? "");
  if (!match) return { title: name, body: notebook };
  const cells = notebook.cells.map((cell, at) =>
    at === index ? { ...cell, source: cell.source.slice(match[0].length) } : cell,
  );
  return { title: match[1]!, body: { ...notebook, cells } };
}

/** One line on the origin of a report: when, from which state of the repository, how long. */
export function originLine({ environment }: ReportDocument): string {
  const { startedAt, git, versions, durationMs, seeds } = environment;
  const seedText = Object.entries(seeds).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`,
    ...seedText,
    `ran ${(durationMs / 1000).toFixed(1)} s`,
    ...(git ? [`commit ${git.commit.slice(0, 10)}${git.dirty ? " with changes" : ""}`] : []),
    `quorumlab ${versions.quorumlab}`,
  ].join(" · ");
}

/** The environment record as rows of a table. */
export function environmentRows({ environment }: ReportDocument): [string, string][] {
  const { command, startedAt, durationMs, seeds, platform, git, versions } = environment;
  return [
    ["command", command],
    ["started", startedAt],
    ["duration", `${(durationMs / 1000).toFixed(1)} s`],
    [
      "seeds",
      Object.entries(seeds)
        .map(([k, v]) => `${k} = ${JSON.stringify(v)}`)
        .join(", ") || "–",
    ],
    ["commit", git ? `${git.commit}${git.dirty ? ", with uncommitted changes" : ""}` : "–"],
    ["platform", `${platform.os}, ${platform.arch}, ${platform.cpuCount} processors`],
    [
      "versions",
      Object.entries(versions)
        .map(([k, v]) => `${k} ${v}`)
        .join(", "),
    ],
  ];
}
