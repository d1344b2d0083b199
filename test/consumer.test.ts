import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as library from "../lib/index.ts";
import { helpEntries } from "../lib/notebook/helpLookup.ts";
import { cellCompilerVersion, checkConsumer, consumerPath } from "./consumer.ts";

const notebooks = consumerPath(resolve(import.meta.dirname, "../notebooks"));
const scratch = mkdtempSync(join(tmpdir(), "quorumlab-consumer-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A consumer that touches every export, values and types, by name. */
function consumerOfAll(): string {
  const types = helpEntries().filter((entry) => entry.kind === "type");
  return [
    ...Object.keys(library).map((name) => `export const use_${name} = all.${name};`),
    `import type { ${types.map((entry) => entry.name).join(", ")} } from "quorumlab";`,
  ].join("\n");
}

describe("the package in a notebook's compiler (dist/, built before)", () => {
  test("is the compiler of tslab 1.0.22", () => {
    expect(cellCompilerVersion).toBe("5.0.4");
  });

  test("every export type-checks and none has turned into any", () => {
    const report = checkConsumer(notebooks, consumerOfAll(), "quorumlab");
    expect(report.errors).toEqual([]);
    expect(report.anys).toEqual([]);
    expect(report.hidden).toEqual([]);
    const names = [...Object.keys(library), ...helpEntries().map((entry) => entry.name)];
    expect([...report.exports].sort()).toEqual([...new Set(names)].sort());
  });

  test("columns of readCsv have the types of their kinds", () => {
    const rows =
      'const rows = all.readCsv("x.csv", { region: "text", ms: { kind: "number", min: 0 } });';
    const good = `${rows} export const a: string = rows[0].region; export const b: number = rows[0].ms;`;
    expect(checkConsumer(notebooks, good, "quorumlab").errors).toEqual([]);
    const bad = `${rows} export const a: number = rows[0].region; rows[0].city;`;
    expect(checkConsumer(notebooks, bad, "quorumlab").errors).toEqual([
      "notebooks/consumer.ts:2: Type 'string' is not assignable to type 'number'.",
      expect.stringContaining("Property 'city' does not exist"),
    ]);
  });
});

describe("the check itself", () => {
  let packages = 0;
  function reportOf(declarations: string, source = ""): ReturnType<typeof checkConsumer> {
    packages += 1;
    const folder = join(scratch, "node_modules", `twin${packages}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "types": "./index.d.ts" }');
    writeFileSync(join(folder, "index.d.ts"), declarations);
    return checkConsumer(consumerPath(scratch), source, `twin${packages}`);
  }

  test("sees declarations that are too new for the compiler", () => {
    const generic = reportOf("export declare const a: Float64Array<ArrayBuffer>;");
    expect(generic.errors.join()).toContain("Type 'Float64Array' is not generic");
    expect(generic.anys).toEqual(["a"]);
    const iterator = reportOf("export declare function f(): { all: MapIterator<number> };");
    expect(iterator.errors.join()).toContain("Cannot find name 'MapIterator'");
    expect(iterator.anys).toEqual(["f().all"]);
    const syntax = reportOf(
      "export declare function f<const in out T>(x: T): T;\nimport defer * as x from 'y';",
    );
    expect(syntax.errors).not.toEqual([]);
  });

  test("sees any in parameters, properties, arguments, unions and indexes, at any depth", () => {
    const { anys } = reportOf(`
      export interface Deep { readonly parts: readonly Part[] }
      export interface Part { next?: Part; run(x: Map<string, any>): void }
      export type Either = { kind: "a"; x: any } | { kind: "b" };
      export declare const byName: { [name: string]: any };
      export declare class Box { constructor(what: any); private x; }
      export declare function fine(x: unknown, signal: AbortSignal): Promise<void>;
    `);
    expect(anys).toEqual([
      "Deep.parts<0>.run(x)<1>",
      "Part.run(x)<1>",
      "Either.x",
      "byName[string]",
      "Box(what)",
    ]);
  });

  test("sees types that are not exported", () => {
    const { hidden } = reportOf(`
      interface Inner { x: number }
      type Other = { y: Inner } | { z: string };
      export interface Outer { inner(): Inner }
      export declare function f(other: Other[]): Outer;
      export {};
    `);
    expect([...hidden].sort()).toEqual(["Inner", "Other"]);
  });

  test("sees a use that does not fit, and a package that is not there", () => {
    const { errors } = reportOf("export declare function f(x: number): string;", 'all.f("1");');
    expect(errors.join()).toContain("Argument of type 'string' is not assignable");
    const none = checkConsumer(consumerPath(scratch), "", "no-such-package");
    expect(none.errors.join()).toContain("Cannot find module 'no-such-package'");
  });
});
