import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type SweepRequest, sweep } from "../lib/sweeps/sweep.ts";

const request = {
  measure: "fixed-quorum-staleness",
  over: { n: [5, 7], r: [1, 2], k: [1, 3] },
  base: { w: 2 },
  seed: 1,
} satisfies SweepRequest;

test("the compiled library finds its worker and gives the bytes of the sources", async () => {
  const compiled = new URL("../dist/sweeps/sweep.js", import.meta.url).href;
  const program = `
    const { sweep } = await import(${JSON.stringify(compiled)});
    const table = await sweep({ ...${JSON.stringify(request)}, workers: 2 });
    process.stdout.write(JSON.stringify(table.rows));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    program,
  ]);
  expect(stdout).toBe(JSON.stringify((await sweep({ ...request, workers: 2 })).rows));
  expect(JSON.parse(stdout)).toHaveLength(8);
});
