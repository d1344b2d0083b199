import { spawnSync } from "node:child_process";

/** Runs a program with inherited output and ends this process with its exit code if it fails. */
export function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs a JavaScript or TypeScript file on the Node that runs this script. */
export function runNode(file: string, args: readonly string[] = []): void {
  run(process.execPath, [file, ...args]);
}

/** Arguments of vitest: beside its text, results as JSON in the file that TEST_RESULTS names, if any. */
export function reporters(): string[] {
  const results = process.env.TEST_RESULTS;
  return results ? ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`] : [];
}
