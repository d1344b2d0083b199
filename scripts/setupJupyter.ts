// Puts a pinned JupyterLab into .venv and registers the TypeScript kernel with the pinned Node.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { kernelSpecPath, venvProgram } from "../lib/notebook/doctor.ts";
import { run } from "./run.ts";

/** Oldest Python for which all pinned packages exist. */
const pythonMin = [3, 10] as const;

const project = resolve(import.meta.dirname, "..");
const requirements = join("notebooks", "requirements.txt");
const python = process.env.PYTHON ?? (process.platform === "win32" ? "python" : "python3");
process.chdir(project);

checkPython();
step("Python environment", existsSync(venvPython()) ? ".venv is there" : "making .venv");
if (!existsSync(venvPython())) run(python, ["-m", "venv", ".venv"]);

step("JupyterLab", `installing the versions of ${requirements}`);
run(venvPython(), [
  "-m",
  "pip",
  "install",
  "--quiet",
  "--disable-pip-version-check",
  "-r",
  requirements,
]);

step("TypeScript kernel", kernelSpecPath);
writeJson(kernelSpecPath, {
  argv: [
    pinnedNode(),
    join(project, "node_modules", "tslab", "bin", "tslab"),
    ...["kernel", "--config-path", "{connection_file}"],
  ],
  display_name: "TypeScript",
  language: "typescript",
});

const overrides = join(".venv", "share", "jupyter", "lab", "settings", "overrides.json");
step("JupyterLab settings", `${overrides}: no news and no update checks from the network`);
writeJson(overrides, {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
});

step("Done", "npm start opens JupyterLab, npm run doctor checks the installation");

function checkPython(): void {
  const probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
  const { error, status, stdout, stderr } = spawnSync(python, ["-c", probe], { encoding: "utf8" });
  if (error)
    stop(
      `${python} was not found: install Python ${pythonMin.join(".")} or newer, or set PYTHON to its path`,
    );
  if (status !== 0) {
    const isVenv = /venv|ensurepip/.test(stderr);
    stop(
      isVenv
        ? `${python} has no venv module: on Debian and Ubuntu, apt-get install python3-venv`
        : `${python} does not start: ${stderr.trim()}`,
    );
  }
  const [major = 0, minor = 0] = stdout.trim().split(".").map(Number);
  if (major < pythonMin[0] || (major === pythonMin[0] && minor < pythonMin[1])) {
    stop(
      `${python} is ${stdout.trim()}: need ${pythonMin.join(".")} or newer; PYTHON may name another one`,
    );
  }
  step("Python", `${stdout.trim()} (${python})`);
}

function venvPython(): string {
  return venvProgram(project, "python");
}

/** The Node that npm ci installed; the one that runs this script where there is none. */
function pinnedNode(): string {
  const installed = join(project, "node_modules", "node", "bin", "node");
  return existsSync(installed) ? installed : process.execPath;
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function step(what: string, text: string): void {
  console.log(`${what}: ${text}`);
}

function stop(reason: string): never {
  console.error(`setup:jupyter: ${reason}`);
  process.exit(1);
}
