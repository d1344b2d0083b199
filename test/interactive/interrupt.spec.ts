import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { venvProgram } from "../../lib/notebook/doctor.ts";
import { jupyterEnvironment, project } from "./setting.ts";

interface Seen {
  readonly statuses: readonly string[];
  readonly displays: readonly (readonly [kind: string, html: string])[];
  readonly text: string;
  readonly errors: string;
  readonly interrupts: number;
}

test("Jupyter's stop button ends a sweep, and the next cell has the rows finished by then", () => {
  const script = join(import.meta.dirname, "interrupt.py");
  const { stdout, stderr } = spawnSync(venvProgram(project, "python"), [script], {
    cwd: join(project, "notebooks"),
    encoding: "utf8",
    env: jupyterEnvironment("interrupt"),
  });
  expect(stdout, stderr).toMatch(/^\{/);
  const seen = JSON.parse(stdout) as Seen;
  expect([seen.interrupts, seen.errors]).toEqual([1, ""]);
  expect(seen.statuses).toEqual(["ok", "ok", "ok"]);
  // One output, replaced in place, which ends by saying where the sweep was stopped.
  const kinds = seen.displays.map(([kind]) => kind);
  expect(kinds.lastIndexOf("display_data")).toBe(0);
  expect(seen.displays.at(-1)![1]).toMatch(/stopped after .*: \d+ of 400 rows/);
  const [, rows] = /\[ false, (\d+) \]/.exec(seen.text) ?? [];
  expect(Number(rows), seen.text).toBeGreaterThan(0);
  expect(Number(rows)).toBeLessThan(400);
});
