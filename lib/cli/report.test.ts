import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { reportCommand } from "./report.ts";

const fixture = join(import.meta.dirname, "../../test/fixtures/small-essay.ipynb");
const out = mkdtempSync(join(tmpdir(), "report-command-"));
let printed: string[];
let complained: string[];
let exitCode: typeof process.exitCode;

beforeEach(() => {
  printed = [];
  complained = [];
  exitCode = process.exitCode;
  vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => void complained.push(String(text)));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => complained.push(String(text)) > 0);
});

afterEach(() => {
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

afterAll(() => rmSync(out, { recursive: true }));

/** Exit code of a command line; commander's own errors are thrown. */
async function exitCodeOf(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  const command = reportCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await command.parseAsync(args, { from: "user" });
  return Number(process.exitCode ?? 0);
}

test("runs, tells of each cell on standard error and prints the files", async () => {
  const args = [fixture, "--param", "n=5", "--param", "title=a b", "--format", "md", "--out", out];
  expect(await exitCodeOf(...args)).toBe(0);
  expect(complained.slice(0, 2)).toEqual([
    "small-essay.ipynb: cell 3 of 9\n",
    "small-essay.ipynb: cell 5 of 9\n",
  ]);
  expect(complained.at(-1)).toMatch(/small-essay\.ipynb: ran in [\d.]+ s\n/);
  expect(printed.map((file) => file.split("/").at(-1))).toEqual([
    ...["small-essay.md", "small-essay.ipynb", "results.json", "environment.json"],
  ]);
  const record = readFileSync(join(out, "small-essay", "latest", "environment.json"), "utf8");
  const { command } = JSON.parse(record);
  expect(command).toMatch(
    /^quorumlab report .*small-essay\.ipynb --param n=5 --param 'title=a b'$/,
  );
});

test("a notebook that fails: exit code 1, nothing written, the next one is not run", async () => {
  const folder = join(out, "failed");
  expect(await exitCodeOf(fixture, fixture, "--timeout", "0.001", "--out", folder)).toBe(1);
  expect(complained).toHaveLength(1);
  expect(complained[0]).toMatch(/^quorumlab report: .*small-essay\.ipynb: .*\n.*time limit/);
  expect(printed).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test.each([
  [["none.ipynb"], "readable file"],
  [[fixture, "--param", "m=5"], "one of seed, n, title"],
  [[fixture, "--param", "n=five"], "JSON number"],
])("%j: exit code 2", async (args, message) => {
  expect(await exitCodeOf(...args, "--out", out)).toBe(2);
  expect(complained.join()).toMatch(message);
});

test.each([
  [["--param", "n"], "Need name=value"],
  [["--format", "doc"], "Need a list of html, pdf, md"],
  [["--timeout", "0"], "Need 0 < seconds"],
  [["--timeout", "soon"], "Need 0 < seconds"],
])("%j is refused before anything runs", async (args, message) => {
  await expect(exitCodeOf(fixture, ...args)).rejects.toThrow(message);
});
