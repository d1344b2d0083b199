import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { needOutputs } from "./simulateFiles.ts";
import type { SimulateFlags } from "./simulateOptions.ts";
import { needOutput, writeOutputs } from "./simulateOutputs.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quorumlab-outputs-"));
  writeFileSync(at("mine.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const check = (flags: Pick<SimulateFlags, "trace" | "history">) =>
  needOutputs(at("mine.json"), flags as SimulateFlags);
const write = (name: string, content: string) =>
  writeOutputs([{ output: needOutput("--history", at(name)), content }]);
const partials = () => readdirSync(folder).filter((name) => name.includes("partial"));

describe("refuses, naming the option", () => {
  test("the scenario itself, by any of its names", () => {
    symlinkSync("mine.json", at("soft"));
    linkSync(at("mine.json"), at("hard"));
    mkdirSync(at("sub"));
    for (const name of ["mine.json", "sub/../mine.json", "./mine.json", "soft", "hard"]) {
      expect(() => check({ history: `${folder}/${name}` })).toThrow(
        "need --history to be another file than the scenario",
      );
    }
  });

  test("one file for both, there or not, by any of its names", () => {
    symlinkSync("x.html", at("dangling"));
    symlinkSync(folder, at("here"));
    for (const name of ["x.html", "./x.html", "here/x.html", "dangling"]) {
      expect(() => check({ trace: at("x.html"), history: `${folder}/${name}` })).toThrow(
        "need --history to be another file than --trace",
      );
    }
    writeFileSync(at("x.html"), "");
    linkSync(at("x.html"), at("hard"));
    expect(() => check({ trace: at("x.html"), history: at("hard") })).toThrow("than --trace");
  });

  test("folders, and folders that are none", () => {
    mkdirSync(at("folder.html"));
    expect(() => check({ trace: at("folder.html") })).toThrow("need --trace to be a file, not");
    for (const name of ["no/x", "mine.json/x"]) {
      expect(() => check({ history: at(name) })).toThrow("in a folder that exists");
    }
  });

  test("what is read-only, for root too", () => {
    writeFileSync(at("kept"), "kept");
    chmodSync(at("kept"), 0o444);
    expect(() => check({ history: at("kept") })).toThrow("not a read-only one");
    mkdirSync(at("locked"), { mode: 0o555 });
    expect(() => check({ history: at("locked/x") })).toThrow("--history to be a file in a folder");
    expect(readFileSync(at("kept"), "utf8")).toBe("kept");
  });

  test("a link that leads to itself, and a name that is too long", () => {
    symlinkSync("loop", at("loop"));
    expect(() => check({ history: at("loop") })).toThrow("(ELOOP)");
    expect(() => check({ history: at("x".repeat(300)) })).toThrow("(ENAMETOOLONG)");
  });
});

test("a link stays one, and what it leads to is written", () => {
  writeFileSync(at("real"), "old");
  symlinkSync("real", at("soft"));
  symlinkSync("fresh", at("dangling"));
  write("soft", "new");
  write("dangling", "newer");
  expect(lstatSync(at("soft")).isSymbolicLink()).toBe(true);
  expect(lstatSync(at("dangling")).isSymbolicLink()).toBe(true);
  expect([readFileSync(at("real"), "utf8"), readFileSync(at("fresh"), "utf8")]).toEqual([
    "new",
    "newer",
  ]);
  expect(partials()).toEqual([]);
});

test("the mode of a file that is there is kept", () => {
  writeFileSync(at("private"), "old");
  chmodSync(at("private"), 0o620);
  write("private", "new");
  expect(statSync(at("private")).mode & 0o777).toBe(0o620);
  expect(readFileSync(at("private"), "utf8")).toBe("new");
});

test("a pipe stays one, and its reader gets it all", async () => {
  execFileSync("mkfifo", [at("pipe")]);
  const reader = spawn("sh", ["-c", `cat ${at("pipe")} > ${at("read")}`]);
  const end = once(reader, "exit");
  write("pipe", "x".repeat(200_000));
  await end;
  expect(readFileSync(at("read"), "utf8")).toHaveLength(200_000);
  expect(statSync(at("pipe")).isFIFO()).toBe(true);
});

test("if one of two cannot be written, the other is as it was", () => {
  writeFileSync(at("good"), "old");
  mkdirSync(at("going"));
  const good = needOutput("--history", at("good"));
  const bad = needOutput("--trace", at("going/x.html"));
  rmSync(at("going"), { recursive: true });
  const filled = [good, bad].map((output) => ({ output, content: "new" }));
  expect(() => writeOutputs(filled)).toThrow("need --trace to be a file that can be written");
  expect(readFileSync(at("good"), "utf8")).toBe("old");
  expect(partials()).toEqual([]);
});
