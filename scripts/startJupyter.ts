// Opens JupyterLab on notebooks/. More arguments are passed on: npm start -- --no-browser --port 9000
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { venvProgram } from "../lib/notebook/doctor.ts";
import { runNode } from "./run.ts";

const project = resolve(import.meta.dirname, "..");
process.chdir(project);
const jupyter = venvProgram(project, "jupyter-lab");
if (!existsSync(jupyter)) {
  console.error("npm start: JupyterLab is not installed here: run npm run setup:jupyter first");
  process.exit(1);
}
if (!existsSync(join("dist", "index.js"))) runNode("scripts/build.ts");

const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
const server = spawn(
  jupyter,
  [`--ServerApp.root_dir=${join(project, "notebooks")}`, ...asRoot, ...process.argv.slice(2)],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${join(project, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
    },
  },
);
// Ctrl-C reaches Jupyter too, which asks whether it should end: this script waits for the answer.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => server.kill("SIGTERM"));
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
