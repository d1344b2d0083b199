import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, onTestFailed, test } from "vitest";
import { type ReplSession, replSession } from "../lib/cli/replSession.ts";
import * as library from "../lib/index.ts";

const main = resolve(import.meta.dirname, "../dist/cli/main.js");
const scratch = mkdtempSync(join(tmpdir(), "quorumlab-repl-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** What the prompt prints for some lines on standard input. */
function piped(
  lines: string[],
  cwd = scratch,
): { status: number | null; out: string[]; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "repl"], {
    ...{ cwd, input: lines.join("\n"), encoding: "utf8", timeout: 60_000 },
  });
  return { status, out: stdout.trimEnd().split("\n"), err: stderr };
}

describe("input that is no terminal", () => {
  test("evaluates TypeScript with types, blocks, await and errors, in order", () => {
    const { status, out, err } = piped([
      "const sizes: QuorumSizes = { n: 3, r: 1, w: 1 };",
      "staleReadProbability(sizes)",
      "function twice(x: number): number {",
      "  return 2 * x;",
      "}",
      "twice(21)",
      "const wrong: string = 5;",
      "staleReadProbability({ n: 3, r: 1 })",
      "staleReadProbability({ n: 3, r: 4, w: 1 })",
      "await new Promise((done) => setTimeout(() => done(7), 20))",
      "const later = await Promise.resolve(8);",
      "later + 1",
      'Promise.reject(new Error("late")).catch((e) => e.message); await Promise.reject(new Error("no"))',
      '"last"',
    ]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toEqual([
      "0.6666666666666666",
      "42",
      "1:7 - Type 'number' is not assignable to type 'string'.",
      expect.stringMatching(/^1:22 - Argument of type .* is not assignable/),
      expect.stringContaining("Property 'w' is missing in type '{ n: number; r: number; }'"),
      "RangeError: staleReadProbability: need r to be an integer in [1, 3], got 4",
      "7",
      "9",
      "Error: no",
      "'last'",
    ]);
  });

  test("help explains an export, .exit ends", () => {
    const { out } = piped(["help(staleReadProbability)", ".exit", '"never"']);
    expect(out[0]).toMatch(/^function staleReadProbability\(/);
    expect(out.join("\n")).toContain("staleReadProbability({ n: 3, r: 1, w: 1 }); // => 0.666...");
    expect(out.join("\n")).not.toContain("never");
  });

  test("imports a file beside it where the package is installed", () => {
    const inCheckout = mkdtempSync(join(resolve(import.meta.dirname, ".."), ".repl-test-"));
    try {
      writeFileSync(join(inCheckout, "mine.ts"), "export const answer: number = 42;\n");
      expect(piped(['import { answer } from "./mine";', "answer"], inCheckout).out).toEqual(["42"]);
    } finally {
      rmSync(inCheckout, { recursive: true });
    }
  });
});

describe("the session behind the prompt", () => {
  const printed: string[] = [];
  let session: ReplSession;

  test("starts with every export in scope", async () => {
    session = await replSession({ colors: false, write: (text) => void printed.push(text) });
    for (const name of [...Object.keys(library), "Estimate"]) expect(session.names).toContain(name);
    expect(printed).toEqual([]);
  });

  test("completes exports, members, and names of the session", async () => {
    expect(session.complete("staleReadProb")).toEqual([["staleReadProbability"], "staleReadProb"]);
    await session.evaluate("const myTable = loadPublishedTable4();");
    expect(session.complete("1 + myTa")).toEqual([["myTable"], "myTa"]);
    const [members, word] = session.complete("myTable[0].vis");
    expect({ members, word }).toEqual({ members: ["visibilityMs"], word: "vis" });
    expect(session.complete("myTable[0].nothingLikeThis")[0]).toEqual([]);
    expect(session.complete("const x = {\n  a: loadRoundT")[0]).toEqual(["loadRoundTrips"]);
  });

  test("knows when more has to come", () => {
    expect(session.isComplete("function f() {\n")).toBe(false);
    expect(session.isComplete("f(1,\n")).toBe(false);
    expect(session.isComplete("f(1)\n")).toBe(true);
    expect(session.isComplete("const x = ;\n")).toBe(true);
  });

  test("prints values of the last expression only, and thrown values", async () => {
    printed.length = 0;
    await session.evaluate("1; 2; 3");
    await session.evaluate("undefined");
    await session.evaluate("throw { code: 7 }");
    expect(printed).toEqual(["3\n", "thrown: { code: 7 }\n"]);
  });

  test("ends", () => session.close());
});

const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes(
  "util-linux",
);

// util-linux's `script` gives the child a pseudo-terminal; without it (macOS, Windows) there is no such test.
describe.skipIf(!hasScript)("at a terminal", () => {
  /** A prompt in a pseudo-terminal, driven by what it shows. */
  class Terminal {
    readonly child: ChildProcess;
    readonly ended: Promise<number | null>;
    seen = "";
    private wake: () => void = () => undefined;

    constructor(history: string) {
      // Without exec some shells stay in front, and end as interrupted (130) after a Ctrl+C meant for the prompt.
      const command = `exec "${process.execPath}" "${main}" repl`;
      this.child = spawn("script", ["-qefc", command, "/dev/null"], {
        cwd: scratch,
        env: { ...process.env, TERM: "xterm", QUORUMLAB_REPL_HISTORY: history },
      });
      this.child.stdout!.on("data", (chunk) => {
        this.seen += stripVTControlCharacters(String(chunk));
        this.wake();
      });
      this.ended = new Promise((done) => this.child.on("exit", done));
    }

    /** Types keys and waits until the screen shows a text behind all that was waited for before. */
    async type(keys: string, shown: string | RegExp): Promise<void> {
      this.child.stdin!.write(keys);
      for (;;) {
        const match =
          typeof shown === "string" ? this.seen.indexOf(shown) : this.seen.search(shown);
        if (match >= 0) {
          this.seen = this.seen.slice(match + (typeof shown === "string" ? shown.length : 0));
          return;
        }
        await new Promise<void>((wake) => {
          this.wake = wake;
        });
      }
    }
  }

  test("edits, completes, checks, awaits, interrupts and remembers", async () => {
    const history = join(scratch, "history");
    const terminal = new Terminal(history);
    onTestFailed(() => console.error(`on the screen: ${JSON.stringify(terminal.seen)}`));
    try {
      const prompt = (): Promise<void> => terminal.type("", /(?<=^|\n)> /);
      await terminal.type("", "are in scope");
      await prompt();
      await terminal.type("6 * 7\r", "42\r\n");
      await prompt();
      await terminal.type("loadRou\t", "loadRoundTrips");
      await terminal.type('("gcp-2019").reg\t', ".regions");
      await terminal.type(".length\r", "20\r\n");
      await prompt();
      await terminal.type("const a: string = 5\r", "1:7 - Type 'number' is not assignable");
      await prompt();
      await terminal.type("function f() {\r", "\n| ");
      await terminal.type("return 11;\r}\rf()\r", "11\r\n");
      await prompt();
      // The evaluation runs once it has printed something: only then is Ctrl+C meant for it. What is
      // printed before the first await may come while Node still hands the signal to the script.
      const forever = "await new Promise(() => setInterval(Date.now, 1e6))";
      await terminal.type(`await null; console.log(6 * 6); ${forever}\r`, "36\r\n");
      await terminal.type("\x03", "Interrupted");
      await prompt();
      // Not console.log: a signal that meets Node on its way out of it gets lost now and then.
      const say = 'require("fs").writeSync(1, 5 * 5 + "\\n")';
      await terminal.type(`${say}; while (true) {}\r`, "\n25\r\n");
      await terminal.type("\x03", "interrupted");
      await prompt();
      // Lines pasted together wait for each other.
      const brief = "await new Promise((done) => setTimeout(done, 50))";
      await terminal.type(`${brief}; 12\r10 + 3\r`, "12\r\n");
      await terminal.type("", "13\r\n");
      await prompt();
      await terminal.type("help(staleness)\r", "function staleness(");
      await prompt();
      terminal.child.stdin!.write("\x04");
      expect(await terminal.ended).toBe(0);
      expect(readFileSync(history, "utf8")).toContain("6 * 7");
    } finally {
      terminal.child.kill();
    }
  }, 120_000);
});
