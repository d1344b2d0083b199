import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Who may import whom: the table of ARCHITECTURE.md. A folder may always import from itself. */
const layers: Record<string, readonly string[]> = {
  core: [],
  quorum: ["core"],
  protocols: ["core", "quorum"],
  transactions: ["core"],
  simulation: ["core"],
  checkers: ["core"],
  scenarios: ["core", "quorum", "protocols", "transactions", "simulation", "checkers"],
  presets: ["core", "quorum", "protocols", "transactions", "simulation", "scenarios"],
  sweeps: [
    ...["core", "quorum", "protocols", "transactions", "simulation", "checkers", "scenarios"],
    "presets",
  ],
  charts: ["core"],
  notebook: [
    ...["core", "quorum", "protocols", "transactions", "simulation", "checkers", "scenarios"],
    ...["presets", "sweeps", "charts"],
  ],
  cli: [
    ...["core", "quorum", "protocols", "transactions", "simulation", "checkers", "scenarios"],
    "presets",
    // The prompt puts the whole public face into scope.
    ...["sweeps", "charts", "notebook", "index.ts"],
  ],
};

/** Folders whose files may touch files, processes, threads and the screen. */
const foldersWithIo = new Set(["sweeps", "notebook", "cli"]);

/** Packages that a folder without I/O may import, each for a reason given in the README. */
const packagesOfModels: Record<string, readonly string[]> = {
  core: ["mathjs", "simple-statistics", "node:module"],
  charts: ["simple-statistics"],
  simulation: ["immer"],
};

const lib = resolve(import.meta.dirname, "../lib");

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".as.ts")
      ? [path]
      : [];
  });
}

function importsOf(source: string): string[] {
  const specifiers = /(?:(?<![\w"'])from|\bimport|\brequire\w*)\s*\(?\s*["']([^"']+)["']/g;
  return [...source.matchAll(specifiers)].map((match) => match[1]!);
}

/** What is wrong with one import, or nothing. */
function objection(folder: string, file: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    const target = relative(lib, resolve(file, "..", specifier)).split("/")[0]!;
    const allowed = target === folder || layers[folder]!.includes(target);
    return allowed ? undefined : `${folder}/ may not import ${target}/`;
  }
  if (foldersWithIo.has(folder)) return undefined;
  const name = specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : specifier.split("/")[0]!;
  const allowed = packagesOfModels[folder]?.includes(name) ?? false;
  return allowed ? undefined : `${folder}/ may not import the package ${specifier}`;
}

test("folders of lib/ import only what the table allows", () => {
  const files = sourceFiles(lib).filter((file) => relative(lib, file).includes("/"));
  const offences = files.flatMap((file) => {
    const name = relative(lib, file);
    const folder = name.split("/")[0]!;
    if (!(folder in layers)) return [`${name}: the folder ${folder}/ is not in the table`];
    return importsOf(readFileSync(file, "utf8"))
      .map((specifier) => objection(folder, file, specifier))
      .filter((text) => text !== undefined)
      .map((text) => `${name}: ${text}`);
  });
  expect(files.length).toBeGreaterThan(3);
  expect(offences).toEqual([]);
});

test("the layering check sees forbidden imports", () => {
  const file = join(lib, "quorum/example.ts");
  expect(objection("quorum", file, "../charts/chart.ts")).toMatch("may not import charts/");
  expect(objection("quorum", file, "node:fs")).toMatch("node:fs");
  expect(objection("quorum", file, "vega")).toMatch("vega");
  expect(objection("quorum", file, "../core/need.ts")).toBeUndefined();
  expect(importsOf('const v = await import("vega");')).toEqual(["vega"]);
});
