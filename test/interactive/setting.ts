import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../lib/notebook/doctor.ts";
import { type CellOutput, type Notebook, parseNotebook } from "../../lib/notebook/runFormat.ts";

export const project: string = resolve(import.meta.dirname, "../..");

/** Where tests work: inside the project, so that cells find the package, and ignored by git. */
export const workFolder: string = join(project, "reports", "interactive");

/** Where screenshots are kept for a look. */
export const screenshotFolder: string = join(project, "reports", "screenshots");

const notebookFolder = join(project, "notebooks");

/** The fixture and every notebook of the project. */
export const notebooks: readonly string[] = [
  join(project, "test", "fixtures", "small-essay.ipynb"),
  ...readdirSync(notebookFolder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) => join(notebookFolder, name)),
];

/** A copy of a notebook that a test may change, in a folder of its own. */
export function copyOf(notebook: string, purpose: string): string {
  const folder = join(workFolder, purpose);
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, basename(notebook));
  rmSync(copy, { force: true });
  copyFileSync(notebook, copy);
  return copy;
}

/** Folders of Jupyter inside the project: a test sees no settings of the user and leaves none. */
export function jupyterEnvironment(purpose: string): NodeJS.ProcessEnv {
  const folder = join(workFolder, `${purpose}-jupyter`);
  rmSync(folder, { recursive: true, force: true });
  const own = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: own("config"),
    JUPYTER_DATA_DIR: own("data"),
    JUPYTER_RUNTIME_DIR: own("runtime"),
    JUPYTERLAB_SETTINGS_DIR: own("settings"),
    JUPYTERLAB_WORKSPACES_DIR: own("workspaces"),
  };
}

export function read(file: string): Notebook {
  return parseNotebook(readFileSync(file, "utf8"), basename(file));
}

export function outputsOf(notebook: Notebook): CellOutput[] {
  return notebook.cells.flatMap((cell) => cell.outputs ?? []);
}

/** Number of outputs that are charts. */
export function chartCount(notebook: Notebook): number {
  const isChart = (o: CellOutput): boolean =>
    "data" in o && Object.keys(o.data).some((mime) => mime.startsWith("application/vnd.vegalite"));
  return outputsOf(notebook).filter(isChart).length;
}

/** Starts Debian's Chromium, or the one named by CHROMIUM, without a display. */
export function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("Chromium was not found");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
