// Programs that the simulator is measured against, each in a process of its own; made when first needed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** What a program measured by itself. */
export interface ProgramRun {
  /** CPU seconds of what is measured alone. */
  readonly seconds: number;
  /** A figure that shows that it computes the same. */
  readonly check: number;
}

/** A program, or why there is none. */
export type Program =
  | {
      readonly kind: "ready";
      readonly version: string;
      run(args: readonly (string | number)[]): ProgramRun;
    }
  | { readonly kind: "missing"; readonly reason: string };

const folder = "node_modules/.cache/quorumlab-bench";

/** A TypeScript file of this folder. */
export function ownProgram(file: string, flags: readonly string[] = []): Program {
  const run = (args: readonly (string | number)[]): ProgramRun =>
    measured(process.execPath, [...flags, `bench/${file}`, ...args]);
  return { kind: "ready", version: `Node ${process.versions.node}`, run };
}

/** A C++ file of this folder, compiled by g++ -O2. */
export function programInCpp(name: string): Program {
  return made("g++", () => {
    mkdirSync(folder, { recursive: true });
    const program = join(folder, name);
    execFileSync("g++", ["-O2", "-std=c++17", "-o", program, `bench/${name}.cpp`], {
      stdio: "pipe",
    });
    const version = execFileSync("g++", ["-dumpfullversion"], { encoding: "utf8" }).trim();
    return { version: `g++ ${version} -O2`, run: (args) => measured(program, args) };
  });
}

/** A Python file of this folder that uses SimPy, which comes from PyPI into an environment of its own. */
export function programInSimPy(name: string): Program {
  return made("python3 with simpy", () => {
    const venv = join(folder, "venv-simpy");
    const python = join(venv, "bin/python");
    if (!existsSync(python)) execFileSync("python3", ["-m", "venv", venv], { stdio: "pipe" });
    const install = ["-m", "pip", "install", "--quiet", "simpy==4.1.2"];
    execFileSync(python, install, { stdio: "pipe" });
    const version = execFileSync(python, ["--version"], { encoding: "utf8" }).trim();
    const run = (args: readonly (string | number)[]) =>
      measured(python, [`bench/${name}.py`, ...args]);
    return { version: `SimPy 4.1.2, ${version}`, run };
  });
}

/** A CommonJS file of this folder that uses simjs, which comes from npm into a folder of its own. */
export function programInSimjs(name: string): Program {
  return made("npm install simjs", () => {
    const home = join(folder, "simjs");
    mkdirSync(home, { recursive: true });
    if (!existsSync(join(home, "node_modules/simjs"))) {
      const flags = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
      execFileSync("npm", ["install", "--prefix", home, ...flags, "simjs@2.0.3"], {
        stdio: "pipe",
      });
    }
    const library = join(process.cwd(), home, "node_modules/simjs");
    const run = (args: readonly (string | number)[]) =>
      measured(process.execPath, [`bench/${name}.cjs`, library, ...args]);
    return { version: `simjs 2.0.3, Node ${process.versions.node}`, run };
  });
}

function made(
  what: string,
  make: () => Omit<Extract<Program, { kind: "ready" }>, "kind">,
): Program {
  try {
    return { kind: "ready", ...make() };
  } catch (error) {
    const text = String(error instanceof Error ? error.message : error);
    return { kind: "missing", reason: `${what}: ${text.split("\n")[0]}` };
  }
}

function measured(program: string, args: readonly (string | number)[]): ProgramRun {
  return JSON.parse(execFileSync(program, args.map(String), { encoding: "utf8" })) as ProgramRun;
}
