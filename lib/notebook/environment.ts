import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NotebookParameter } from "./runParameters.ts";

/** What a reader needs to get the same numbers again, and what they depended on. */
export interface EnvironmentRecord {
  readonly notebook: string;
  readonly command: string;
  /** Start of the run, ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seeds: Readonly<Record<string, unknown>>;
  readonly parameters: readonly NotebookParameter[];
  /** Versions of what computed, checked and drew. */
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: { readonly os: string; readonly arch: string; readonly cpuCount: number };
  /** State of the repository that holds the notebook; null outside a repository. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
}

/** What the caller knows of a run. */
export interface EnvironmentOptions {
  /** Folder of the notebook. */
  readonly folder: string;
  readonly notebook: string;
  readonly command: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly seeds: Readonly<Record<string, unknown>>;
  readonly parameters: readonly NotebookParameter[];
}

/** The record of a run on this machine. Holds no path, user or host name. */
export function environmentRecord(options: EnvironmentOptions): EnvironmentRecord {
  const { folder, startedAt, durationMs, ...rest } = options;
  return {
    ...rest,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    versions: versions(),
    platform: {
      os: `${process.platform} ${release()}`,
      arch: process.arch,
      cpuCount: cpus().length,
    },
    git: gitState(folder),
  };
}

function versions(): Record<string, string> {
  const packages = ["tslab", "vega", "vega-lite", "vega-embed", "mathjs", "simple-statistics"];
  const found = packages.map((name) => [name, packageVersion(name)] as const);
  return {
    quorumlab: ownVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    "typescript (cells)": packageVersion("@tslab/typescript-for-tslab") ?? "missing",
    ...Object.fromEntries(found.map(([name, version]) => [name, version ?? "missing"])),
  };
}

/** Version of this package. */
export function ownVersion(): string {
  return readVersion(fileURLToPath(new URL("../../package.json", import.meta.url))) ?? "unknown";
}

/** Version of an installed package, undefined if it is missing. */
export function packageVersion(name: string): string | undefined {
  // By folder: not every package lets its package.json be imported.
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const version = readVersion(join(folder, name, "package.json"));
    if (version !== undefined) return version;
  }
  return undefined;
}

function readVersion(file: string): string | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")).version;
  } catch {
    return undefined;
  }
}

function gitState(folder: string): EnvironmentRecord["git"] {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git("rev-parse", "HEAD");
  if (commit === undefined) return null;
  return { commit, dirty: git("status", "--porcelain") !== "" };
}

/** Folder of an installed package, undefined if it is missing. */
export function packageFolder(name: string): string | undefined {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (readVersion(file) !== undefined) return dirname(file);
  }
  return undefined;
}
