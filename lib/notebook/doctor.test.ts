import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { examine, kernelSpecPath } from "./doctor.ts";

const empty = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => rmSync(empty, { recursive: true }));

test("in this project everything required is there", async () => {
  const findings = await examine(resolve(import.meta.dirname, "../.."));
  const required = findings.filter((each) => each.required);
  expect(required.map(({ name, status }) => `${name}: ${status}`)).toEqual(
    ["Node", "tslab", "zeromq", "quorumlab in cells", "vega", "fonts", "typst"].map(
      (n) => `${n}: ok`,
    ),
  );
  for (const { detail, remedy } of required) {
    expect(detail).not.toBe("");
    expect(remedy).toBe("");
  }
});

test("in an empty folder each finding says what to do", async () => {
  const byName = new Map((await examine(empty)).map((each) => [each.name, each]));
  expect(byName.get("quorumlab in cells")).toMatchObject({
    status: "missing",
    required: true,
    remedy: "run npm run build",
  });
  for (const name of ["Jupyter", "kernel spec"]) {
    expect(byName.get(name)).toMatchObject({ status: "missing", required: false });
    expect(byName.get(name)!.remedy).toMatch("npm run setup:jupyter");
  }
});

test("a kernel that points at a Node that is gone is missing", async () => {
  const file = join(empty, kernelSpecPath);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ argv: ["/gone/node", "/gone/tslab"] }));
  const kernel = (await examine(empty)).find((each) => each.name === "kernel spec");
  expect(kernel).toMatchObject({
    status: "missing",
    detail: "points at /gone/node, which is not there",
  });
});
