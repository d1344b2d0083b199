import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { packageFolder, packageVersion } from "./environment.ts";
import { specToSvg, svgToPng } from "./renderChart.ts";

/** State of one thing that quorumlab relies on. */
export interface DoctorFinding {
  readonly name: string;
  readonly status: "ok" | "missing";
  /** Without it nothing works; the others are for Jupyter and for tests in a browser. */
  readonly required: boolean;
  /** Version or place where it is there, reason where it is not. */
  readonly detail: string;
  /** What to do about it; empty where all is well. */
  readonly remedy: string;
}

/** Oldest release of Node that is supported. */
const nodeMajorMin = 24;

interface Check {
  readonly name: string;
  readonly required: boolean;
  readonly remedy: string;
  /** Says what is there; throws with the reason if it is not. */
  readonly look: (folder: string) => string | Promise<string>;
}

const checks: readonly Check[] = [
  {
    name: "Node",
    required: true,
    remedy: "run npm ci: it installs the Node that the npm scripts use",
    look: lookAtNode,
  },
  {
    name: "tslab",
    required: true,
    remedy: "run npm ci",
    look: () => versionOf("tslab"),
  },
  {
    name: "zeromq",
    required: true,
    remedy: "run npm rebuild zeromq (the package brings a binary for common systems)",
    look: lookAtZeromq,
  },
  {
    name: "quorumlab in cells",
    required: true,
    remedy: "run npm run build",
    look: lookAtOwnPackage,
  },
  {
    name: "vega",
    required: true,
    remedy: "run npm ci",
    look: lookAtVega,
  },
  {
    name: "fonts",
    required: true,
    remedy: "run npm ci: it installs dejavu-fonts-ttf",
    look: lookAtFonts,
  },
  {
    name: "typst",
    required: true,
    remedy: "run npm ci; without it reports have no PDF (--format html,md)",
    look: lookAtTypst,
  },
  {
    name: "Jupyter",
    required: false,
    remedy: "run npm run setup:jupyter (needs Python 3.10 or newer)",
    look: lookAtJupyter,
  },
  {
    name: "kernel spec",
    required: false,
    remedy: "run npm run setup:jupyter (again after the folder was moved)",
    look: lookAtKernelSpec,
  },
  {
    name: "Chromium",
    required: false,
    remedy:
      "only for npm run test:interactive: apt-get install chromium, or set CHROMIUM to its path",
    look: () => findChromium() ?? fail("not found"),
  },
];

/**
 * Looks at everything that quorumlab relies on.
 *
 * @param folder of the project, which may hold `.venv`
 */
export async function examine(folder: string): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  for (const { name, required, remedy, look } of checks) {
    try {
      findings.push({ name, required, status: "ok", detail: await look(folder), remedy: "" });
    } catch (error) {
      const detail = (error as Error).message.split("\n")[0]!;
      findings.push({ name, required, status: "missing", detail, remedy });
    }
  }
  return findings;
}

function fail(reason: string): never {
  throw new Error(reason);
}

function versionOf(name: string): string {
  return packageVersion(name) ?? fail("not installed");
}

function lookAtNode(): string {
  const { node } = process.versions;
  const isEnough = Number.parseInt(node, 10) >= nodeMajorMin;
  return isEnough
    ? `${node} (${process.execPath})`
    : fail(`${node}, need ${nodeMajorMin} or newer`);
}

/** As tslab loads it: the binary is found only when it is used. */
function lookAtZeromq(): string {
  const fromTslab = createRequire(createRequire(import.meta.url).resolve("tslab"));
  const { version, Publisher } = fromTslab("zeromq") as {
    version: string;
    Publisher: new () => { close(): void };
  };
  new Publisher().close();
  return `${versionOf("zeromq")}, library ${version}`;
}

/** Cells find a package by `main` and `types`, from the folder of the notebook upward. */
function lookAtOwnPackage(folder: string): string {
  const entry = createRequire(join(folder, "notebooks", "cell.js")).resolve("quorumlab");
  const types = entry.replace(/\.js$/, ".d.ts");
  return existsSync(types) ? "found, with types" : fail("declarations are missing");
}

async function lookAtVega(): Promise<string> {
  const svg = await specToSvg({
    data: {
      values: [
        { x: 1, y: 1 },
        { x: 2, y: 4 },
      ],
    },
    mark: "line",
    encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
  });
  const png = await svgToPng(svg, 1);
  const isPng = Buffer.from(png.subarray(1, 4)).toString() === "PNG";
  if (!svg.includes("mark-line") || !isPng) fail("a chart could not be drawn");
  return `${versionOf("vega")}, vega-lite ${versionOf("vega-lite")}, drew a chart`;
}

function lookAtFonts(): string {
  const folder = packageFolder("dejavu-fonts-ttf") ?? fail("not installed");
  const files = ["DejaVuSans.ttf", "DejaVuSansMono.ttf", "DejaVuMathTeXGyre.ttf"];
  const missing = files.filter((file) => !existsSync(join(folder, "ttf", file)));
  return missing.length === 0
    ? `DejaVu ${versionOf("dejavu-fonts-ttf")}`
    : fail(`no ${missing.join()}`);
}

async function lookAtTypst(): Promise<string> {
  const name = "@myriaddreamin/typst-ts-node-compiler";
  const { NodeCompiler } = await import("@myriaddreamin/typst-ts-node-compiler");
  const pdf = NodeCompiler.create().pdf({ mainFileContent: "Test $x^2$" });
  return pdf.subarray(0, 4).toString() === "%PDF" ? versionOf(name) : fail("made no PDF");
}

function lookAtJupyter(folder: string): string {
  const program = venvProgram(folder, "jupyter-lab");
  if (!existsSync(program)) fail("no .venv with JupyterLab");
  const { status, stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0
    ? `JupyterLab ${stdout.trim()}`
    : fail(stderr || "jupyter-lab does not start");
}

function lookAtKernelSpec(folder: string): string {
  const file = join(folder, kernelSpecPath);
  if (!existsSync(file)) fail("not registered");
  const { argv = [] } = JSON.parse(readFileSync(file, "utf8")) as { argv?: string[] };
  const gone = argv.slice(0, 2).find((path) => !existsSync(path));
  if (gone !== undefined || argv.length < 2)
    fail(`points at ${gone ?? "nothing"}, which is not there`);
  return `${kernelSpecPath}, Node at ${argv[0]}`;
}

/** Place of the kernel's description inside a project. */
export const kernelSpecPath: string = join(
  ".venv",
  "share",
  "jupyter",
  "kernels",
  "tslab",
  "kernel.json",
);

/** A program of the project's Python environment. */
export function venvProgram(folder: string, name: string): string {
  return process.platform === "win32"
    ? join(folder, ".venv", "Scripts", `${name}.exe`)
    : join(folder, ".venv", "bin", name);
}

/** Path of Chromium or Chrome: the variable CHROMIUM, else the first that is installed. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return places.find((path) => existsSync(path));
}
