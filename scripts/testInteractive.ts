// Tests in real JupyterLab and a real browser. Nothing is skipped: what is missing is an error.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { findChromium, kernelSpecPath, venvProgram } from "../lib/notebook/doctor.ts";
import { reporters, runNode } from "./run.ts";

const project = resolve(import.meta.dirname, "..");
process.chdir(project);
const lacking = [
  existsSync(venvProgram(project, "jupyter-lab")) && existsSync(kernelSpecPath)
    ? ""
    : "JupyterLab with the TypeScript kernel: npm run setup:jupyter",
  findChromium() ? "" : "Chromium: apt-get install chromium, or set CHROMIUM to its path",
  existsSync(join("dist", "index.js")) ? "" : "the built package: npm run build",
].filter((text) => text !== "");

if (lacking.length > 0) {
  console.error(`test:interactive needs\n${lacking.map((text) => `  ${text}`).join("\n")}`);
  process.exit(1);
}
const config = ["--config", "test/interactive/vitest.config.ts"];
const args = [...config, ...reporters(), ...process.argv.slice(2)];
runNode("node_modules/vitest/vitest.mjs", ["run", ...args]);
