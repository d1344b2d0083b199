import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { stalenessCommand } from "../lib/cli/staleness.ts";
import { stalenessJson } from "../lib/cli/stalenessJson.ts";
import { stalenessText } from "../lib/cli/stalenessText.ts";
import type { Estimate } from "../lib/core/estimate.ts";
import type { StalenessAnswer, StalenessQuestion } from "../lib/quorum/question.ts";

const main = resolve(import.meta.dirname, "../dist/cli/main.js");
const scratch = mkdtempSync(join(tmpdir(), "quorumlab-cli-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs the built command in a folder that is not the package's. */
function quorumlab(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    ...{ cwd: scratch, encoding: "utf8", timeout: 60_000 },
  });
  return { status, out: stdout, err: stderr };
}

function estimate(value: number, low: number, high: number): Estimate {
  return { value, low, high, confidence: 0.95, trials: 1000, method: "wilson" };
}

const exact: Estimate = { ...estimate(0.5, 0.5, 0.5), method: "exact", confidence: 1, trials: 0 };

/** An answer with figures that are easy to tell apart. */
function fakeAnswer(question: StalenessQuestion): StalenessAnswer {
  const latency = { p50: exact, p99: estimate(9.9, 9.5, 10.3), p999: estimate(99, 90, Infinity) };
  return {
    question: { ...question, latency: "fake" },
    stale: question.atMs.map((atMs) => ({ atMs, probability: estimate(0.125, 0.12, 0.13) })),
    visibilityMs: estimate(52.15, 51.9, 52.4),
    readLatencyMs: latency,
    writeLatencyMs: latency,
  };
}

const question: StalenessQuestion = {
  ...{ n: 3, r: 1, w: 1, latency: "lnkd-disk", atMs: [0, 10], visibility: 0.999 },
  ...{ method: "count", trials: 1000, seed: 7, confidence: 0.95 },
};

describe("what staleness asks and prints, with an engine in its place", () => {
  /** The question that the options ask, and what is printed. */
  async function asked(...args: string[]): Promise<{ question: StalenessQuestion; out: string }> {
    const questions: StalenessQuestion[] = [];
    let out = "";
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += text;
      return true;
    });
    try {
      const command = stalenessCommand((each) => {
        questions.push(each);
        return fakeAnswer(each);
      });
      await command.exitOverride().parseAsync(["--latency", "wan", ...args], { from: "user" });
    } finally {
      write.mockRestore();
    }
    return { question: questions[0]!, out };
  }

  test("options become the question; units of time and 1e6 are understood", async () => {
    const args = ["--n", "5", "--r", "2", "--w", "3", "--at", "0, 10 ms,2 s", "--seed", "9"];
    const more = [
      "--visibility",
      ".99",
      "--method",
      "count",
      "--trials",
      "2e6",
      "--confidence",
      "0.9",
    ];
    expect((await asked(...args, ...more)).question).toEqual({
      ...{ n: 5, r: 2, w: 3, latency: "wan", atMs: [0, 10, 2000], visibility: 0.99 },
      ...{ method: "count", trials: 2e6, seed: 9, confidence: 0.9 },
    });
  });

  test("defaults", async () => {
    expect((await asked()).question).toEqual({
      ...{ n: 3, r: 1, w: 1, latency: "wan", atMs: [0], visibility: 0.999 },
      ...{ method: "exact", trials: 1e5, seed: 1, confidence: 0.95 },
    });
    expect((await asked("--method", "count")).question.trials).toBe(1e6);
  });

  test("--json prints one line of JSON", async () => {
    const { out } = await asked("--json");
    expect(out.split("\n")).toHaveLength(2);
    expect(out).toBe(`${stalenessJson(fakeAnswer((await asked()).question))}\n`);
  });

  test("a latency is read from a JSON file", async () => {
    const file = join(scratch, "mine.json");
    const leg = { kind: "exponential", meanMs: 1 };
    const legs = { w: leg, a: leg, r: leg, s: leg };
    writeFileSync(file, JSON.stringify({ kind: "identical", name: "mine", legs }));
    const { latency } = (await asked("--latency", file)).question;
    expect(latency).toMatchObject({ kind: "identical", name: "mine" });
  });

  test("the JSON has the fields of the documentation, and null where there is no bound", () => {
    const latency = {
      ...{ p50: 0.5, p99: 9.9, p999: 99 },
      low: { p50: 0.5, p99: 9.5, p999: 90 },
      high: { p50: 0.5, p99: 10.3, p999: null },
    };
    expect(JSON.parse(stalenessJson(fakeAnswer(question)))).toEqual({
      ...{ n: 3, r: 1, w: 1, latency: "fake", method: "count", trials: 1000, seed: 7 },
      stale: [
        { atMs: 0, estimate: 0.125, low: 0.12, high: 0.13 },
        { atMs: 10, estimate: 0.125, low: 0.12, high: 0.13 },
      ],
      visibility: { probability: 0.999, ms: 52.15, low: 51.9, high: 52.4 },
      readLatencyMs: latency,
      writeLatencyMs: latency,
    });
  });

  test("the table shows every quantity with its interval", () => {
    expect(stalenessText(fakeAnswer(question)).split("\n")).toEqual([
      "fake, N=3 R=1 W=1; method count, 1000 trials, seed 7",
      "",
      "                                 estimate  95 % interval",
      "stale reads, 0 ms after commit      0.125  [0.120, 0.130]",
      "stale reads, 10 ms after commit     0.125  [0.120, 0.130]",
      "99.9 % of reads fresh after      52.15 ms  [51.90, 52.40] ms",
      "read latency, 50 %                 0.5 ms  exact",
      "read latency, 99 %                9.90 ms  [9.50, 10.30] ms",
      "read latency, 99.9 %              99.0 ms  [90.0, ∞) ms",
      "write latency, 50 %                0.5 ms  exact",
      "write latency, 99 %               9.90 ms  [9.50, 10.30] ms",
      "write latency, 99.9 %             99.0 ms  [90.0, ∞) ms",
    ]);
  });
});

describe("the built command", () => {
  // Exact values: Bailis et al., PVLDB 5(8), 2012, table 3 evaluated in datasets/pbs_*_exact.csv.
  test("answers the question of the paper", () => {
    const { status, out, err } = quorumlab(
      ...["staleness", "--latency", "lnkd-disk", "--n", "3", "--r", "1", "--w", "1"],
      ...["--at", "0,10,50", "--visibility", "0.999", "--json"],
    );
    expect({ status, err }).toEqual({ status: 0, err: "" });
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual([
      ...["n", "r", "w", "latency", "method", "trials", "seed", "stale", "visibility"],
      ...["readLatencyMs", "writeLatencyMs"],
    ]);
    // 1e5 trials of the exact method have a relative standard error far below 1 %.
    expect(answer.stale.map((point: { atMs: number }) => point.atMs)).toEqual([0, 10, 50]);
    expect(answer.stale[0].estimate / 0.563398).toBeCloseTo(1, 2);
    expect(answer.stale[1].estimate / 0.0737768).toBeCloseTo(1, 2);
    expect(answer.visibility.ms / 52.15).toBeCloseTo(1, 2);
    expect(answer.visibility.low).toBeLessThan(answer.visibility.ms);
    // Table 4 prints .66 and 10.99 ms at 99.9 %, from 50,000 trials.
    expect(Math.abs(answer.readLatencyMs.p999 - 0.66)).toBeLessThan(0.02);
    expect(Math.abs(answer.writeLatencyMs.p999 - 10.99)).toBeLessThan(0.2);
  });

  test("same seed, same bytes; another seed, others", () => {
    const run = (seed: string) =>
      quorumlab("staleness", "--latency", "ymmr", "--json", "--seed", seed);
    expect(run("5").out).toBe(run("5").out);
    expect(run("5").out).not.toBe(run("6").out);
  });

  test("--workers gives the same bytes", () => {
    // 3e6 trials are three pieces of work, so that two threads have something to share.
    const run = (workers: string) =>
      quorumlab(
        ...["staleness", "--latency", "lnkd-disk", "--at", "0,10", "--method", "count"],
        ...["--trials", "3e6", "--workers", workers, "--json"],
      );
    const one = run("1");
    expect(one.status).toBe(0);
    expect(JSON.parse(one.out)).toMatchObject({ method: "count", trials: 3e6 });
    expect(run("2")).toEqual(one);
  });

  test.each([
    ["no command", [], "quorumlab: need a command (quorumlab --help lists them)"],
    [
      "an unknown command",
      ["stalenes"],
      "quorumlab: unknown command 'stalenes' (Did you mean staleness?)",
    ],
    [
      "help for an unknown command",
      ["help", "stalenes"],
      "quorumlab: unknown command 'stalenes' (Did you mean staleness?)",
    ],
    [
      "an unknown option",
      ["staleness", "--latency", "wan", "--sed", "1"],
      "quorumlab: unknown option '--sed' (Did you mean --seed?)",
    ],
    ["no latency", ["staleness"], "quorumlab: required option '--latency <name>' not specified"],
    ["an unknown latency", ["staleness", "--latency", "disk"], "lnkd-ssd, lnkd-disk, ymmr"],
    [
      "no number",
      ["staleness", "--latency", "ymmr", "--n", "x"],
      'quorumlab: staleness: need --n to be a number, got "x"',
    ],
    [
      "an empty number",
      ["staleness", "--latency", "ymmr", "--seed", ""],
      'need --seed to be a number, got ""',
    ],
    [
      "R > N",
      ["staleness", "--latency", "ymmr", "--r", "4"],
      "quorumlab: staleness: need r to be an integer in [1, 3], got 4",
    ],
    [
      "a negative time",
      ["staleness", "--latency", "ymmr", "--at", "-1"],
      "need --at to be a duration",
    ],
    [
      "a gap in the times",
      ["staleness", "--latency", "ymmr", "--at", "1,,2"],
      "need --at to be a duration",
    ],
    [
      "no trials",
      ["staleness", "--latency", "ymmr", "--trials", "0"],
      "need trials to be an integer in [1, 200000000], got 0",
    ],
    ["a wrong method", ["staleness", "--latency", "ymmr", "--method", "guess"], '"exact", "count"'],
    ["a wrong probability", ["staleness", "--latency", "ymmr", "--visibility", "1"], "visibility"],
    [
      "a missing file",
      ["staleness", "--latency", "no.json"],
      "need --latency to be a readable file (ENOENT)",
    ],
    ["a missing value", ["staleness", "--latency"], "argument missing"],
    ["one argument too many", ["staleness", "--latency", "ymmr", "x"], "too many arguments"],
  ])("refuses %s in one line, with exit code 2", (_, args, message) => {
    const { status, out, err } = quorumlab(...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(/^quorumlab: [^\n]+\n$/);
    expect(err).toContain(message);
  });

  test("a file that is no JSON, or no latency, is refused in one line", () => {
    const file = join(scratch, "broken.json");
    for (const text of ["{", '{ "kind": "identical" }', "[]"]) {
      writeFileSync(file, text);
      const { status, err } = quorumlab("staleness", "--latency", file);
      expect(status).toBe(2);
      expect(err).toMatch(/^quorumlab: [^\n]+\n$/);
    }
  });

  test("version and help", () => {
    const file = resolve(import.meta.dirname, "../package.json");
    const { version } = JSON.parse(readFileSync(file, "utf8"));
    expect(quorumlab("--version")).toEqual({ status: 0, out: `${version}\n`, err: "" });
    const all = quorumlab("--help").out;
    for (const name of ["staleness", "report", "repl", "doctor"]) {
      expect(all).toMatch(new RegExp(`^ {2}${name} `, "m"));
      expect(quorumlab(name, "--help").out).toContain(`Usage: quorumlab ${name}`);
    }
    expect(all).toContain("Examples:");
    expect(quorumlab("help", "staleness").out).toBe(quorumlab("staleness", "--help").out);
    expect(quorumlab("staleness", "--help").out).toContain("lnkd-ssd, lnkd-disk, ymmr");
  });

  /** URLs of all modules that a run of a program loads, one a line. */
  const modulesOf = (...args: string[]): string => {
    const hooks = `import { registerHooks } from "node:module"; registerHooks({
      load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`;
    const hook = `data:text/javascript,${encodeURIComponent(hooks)}`;
    return spawnSync(process.execPath, ["--import", hook, ...args], { encoding: "utf8" }).stderr;
  };

  test("the library loads without what only reports, durations and drawing need", () => {
    const library = modulesOf(main.replace("cli/main.js", "index.js"));
    expect(library).toContain("dist/notebook/reportNotebook.js");
    expect(library).not.toMatch(/markdown-it|temml|tex2typst|typst-ts|mathjs|vega-lite|tslab/);
  });

  test("several workers are threads, one worker is none", () => {
    const question = ["staleness", "--latency", "wan", "--method", "count", "--trials", "1e5"];
    expect(modulesOf(main, ...question, "--workers", "2")).toContain("dist/sweeps/workers.js");
    expect(modulesOf(main, ...question, "--workers", "1")).not.toContain("dist/sweeps/workers.js");
  });

  test("a command loads only what it needs: neither mathjs nor charts nor the compiler", () => {
    const loaded = (...args: string[]): string => modulesOf(main, ...args);
    const version = loaded("--version");
    expect(version).toContain("dist/cli/program.js");
    expect(version).not.toMatch(/dist\/(core|quorum|sweeps|charts|notebook)/);
    const staleness = loaded("staleness", "--latency", "wan", "--at", "1", "--trials", "10");
    expect(staleness).toContain("dist/quorum/staleness.js");
    expect(staleness).not.toMatch(/mathjs|vega|tslab|dist\/(charts|notebook)/);
    expect(loaded("staleness", "--latency", "wan", "--at", "1 ms", "--trials", "10")).toMatch(
      /mathjs/,
    );
  });
});
