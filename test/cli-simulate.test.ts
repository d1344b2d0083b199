import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { runCommand } from "../lib/cli/program.ts";
import { runProgress } from "../lib/cli/simulateProgress.ts";
import { aligned } from "../lib/cli/simulateText.ts";
import { historyFromLines } from "../lib/scenarios/historyLines.ts";
import { metricDefinitions } from "../lib/scenarios/metrics/metricDefinitions.ts";
import { runScenario } from "../lib/scenarios/runScenario.ts";
import { simulate } from "../lib/scenarios/simulate.ts";

const scratch = mkdtempSync(join(tmpdir(), "quorumlab-simulate-"));
afterAll(() => rmSync(scratch, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
});

/** Runs a command line in this process. */
async function quorumlab(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const into = (name: "out" | "err") => (text: string | Uint8Array) => {
    texts[name] += text;
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(into("out"));
  const err = vi.spyOn(process.stderr, "write").mockImplementation(into("err"));
  try {
    return { status: await runCommand(args), ...texts };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

function file(name: string, content: unknown): string {
  const path = join(scratch, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const isolate = {
  kind: "cut",
  links: {
    kind: "isolate",
    nodes: [{ kind: "leader" }],
    others: [{ kind: "role", role: "replica" }],
  },
  lastsMs: "400 ms",
};

/** The leader is cut off from the replicas for a while, and goes on. */
const split = {
  $schema: "./scenario.schema.json",
  name: "split",
  protocol: { options: { failover: { kind: "election", timeout: { minMs: 100, maxMs: 200 } } } },
  clientOptions: { reads: { kind: "any" } },
  faults: [{ what: isolate, when: { kind: "at", atMs: "0.3 s" } }],
  ...{ durationMs: "1 s", settleMs: "1 s" },
  workload: { mix: { read: 1, write: 1 }, keys: { kind: "uniform", count: 3 } },
};
const splitFile = file("split.json", split);

describe("quorumlab simulate", () => {
  test("--json has exactly the fields of the documentation, and what simulate() says", async () => {
    const args = ["--json", "--runs", "4", "--seed", "9", "--confidence", "0.9"];
    const { status, out, err } = await quorumlab("simulate", splitFile, ...args);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out.split("\n")).toHaveLength(2);
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual(["seed", "runs", "metrics"]);
    expect({ seed: answer.seed, runs: answer.runs }).toEqual({ seed: 9, runs: 4 });
    expect(Object.keys(answer.metrics)).toEqual(metricDefinitions.map(({ name }) => name));
    const { $schema: _, ...scenario } = split;
    const { metrics } = simulate(scenario, { runs: 4, seed: 9, confidence: 0.9 });
    for (const [name, shown] of Object.entries(answer.metrics)) {
      const { estimate, unit } = metrics[name]!;
      const finite = (value: number | undefined) => (Number.isFinite(value) ? value : null);
      expect(shown, name).toEqual({
        estimate: finite(estimate?.value),
        low: finite(estimate?.low),
        high: finite(estimate?.high),
        trials: estimate?.trials ?? 0,
        unit,
      });
    }
    expect(answer.metrics.lostAcknowledgedWrites.estimate).toBeGreaterThan(1);
    expect(answer.metrics.monotonicReadAcrossDevicesViolationRate.estimate).toBeNull();
  });

  test("the table shows the metrics asked for, in that order", async () => {
    const names = "unavailableMs, staleReadRate,monotonicReadAcrossDevicesViolationRate";
    const { out } = await quorumlab("simulate", splitFile, "--runs", "3", "--metrics", names);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("split; 3 runs, seed 1");
    expect(lines[2]).toMatch(/^ +estimate {2}95 % interval +trials$/);
    expect(lines[3]).toMatch(/^unavailableMs +[\d.]+ ms {2}\[[\d.]+, [\d.∞]+[\])] ms +3$/);
    expect(lines[4]).toMatch(/^staleReadRate +[\d.]+ {2}\[[\d.]+, [\d.]+\] +3$/);
    expect(lines[5]).toMatch(/^monotonicReadAcrossDevicesViolationRate +not measured$/);
  });

  test("nothing seen in all runs has a note on its bound; one run is no runs", async () => {
    const args = ["simulate", splitFile, "--runs", "1", "--metrics"];
    const { out } = await quorumlab(...args, "duplicatePrimaryKeys");
    expect(out).toMatch(/^split; 1 run, seed 1\n/);
    expect(out).toMatch(/\n\nzero in all runs: the bound counts each run as one trial; more .*\n$/);
    for (const metric of ["throughputPerS", "readAgeMsP50"]) {
      expect((await quorumlab(...args, metric)).out).not.toContain("zero in all runs");
    }
  });

  test("warns of faults that begin after the end, on standard error", async () => {
    const at = (atMs: unknown, more: object = {}) => ({
      ...{ what: isolate, when: { kind: "at", atMs } },
      ...more,
    });
    const every = { what: isolate, when: { kind: "every", everyMs: "2 s" } };
    const faults = [
      at("1 h", { name: "late" }),
      at([100, "1 h"]),
      at("1 h", { disabled: true }),
      every,
    ];
    const scenario = file("late.json", { ...split, faults });
    const { status, err } = await quorumlab("simulate", scenario, "--runs", "1", "--json");
    expect(status).toBe(0);
    const lines = err.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^warning: faults\[0\] \("late"\) never strikes: it begins at .*, the run/,
    );
    expect(lines[1]).toMatch(
      /^warning: faults\[3\] never strikes: it begins at 2 s, the run ends at 1 s$/,
    );
  });

  test("any number of workers gives the same bytes", async () => {
    const run = (workers: string) =>
      quorumlab("simulate", splitFile, "--runs", "150", "--json", "--workers", workers);
    expect((await run("2")).out).toBe((await run("1")).out);
  });

  test("--set changes the scenario: values are JSON or texts, a new kind brings its defaults", async () => {
    const lost = async (...settings: string[]): Promise<number> => {
      const sets = settings.flatMap((setting) => ["--set", setting]);
      const { out, err } = await quorumlab("simulate", splitFile, "--runs", "5", "--json", ...sets);
      expect(err).toBe("");
      return JSON.parse(out).metrics.lostAcknowledgedWrites.estimate;
    };
    expect(await lost()).toBeGreaterThan(1);
    expect(await lost("protocol.options.acknowledgement.kind=majority")).toBe(0);
    expect(await lost("faults=[]")).toBe(0);
    expect(await lost("faults[0].disabled=true")).toBe(0);
    const phi = [
      "protocol.options.failover.kind=manual",
      "protocol.options.failover.detector.kind=phi",
    ];
    expect(await lost(...phi, "protocol.options.failover.detector.threshold=5")).toBe(0);
    const kinds = ["protocol.options.failover.kind=lease", "protocol.options.failover.ttlMs=40 s"];
    expect(await lost(...kinds, "protocol.options.failover.loopMs=20000")).toBe(0);
  });

  test("a preset is a scenario", async () => {
    const sets = ["warmUpMs=0", "durationMs=2 s", "settleMs=1 s"].flatMap((set) => ["--set", set]);
    const { status, out } = await quorumlab(
      "simulate",
      "preset:etcd",
      ...sets,
      "--runs",
      "2",
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(out).metrics.throughputPerS.estimate).toBeGreaterThan(50);
  });

  test("--list-metrics explains each metric", async () => {
    const { status, out } = await quorumlab("simulate", "--list-metrics");
    expect(status).toBe(0);
    for (const { name, meaning } of metricDefinitions) {
      expect(out).toMatch(new RegExp(`^${name}( \\(.+\\))?$`, "m"));
      expect(out).toContain(meaning);
    }
  });

  test("--trace and --history show the run in which the worst happened", async () => {
    const trace = join(scratch, "run.html");
    const history = join(scratch, "run.jsonl");
    const files = ["--trace", trace, "--history", history];
    const { status, err } = await quorumlab("simulate", splitFile, "--runs", "3", ...files);
    expect(status).toBe(0);
    const seed = /^.*run\.html.*: run (\d), run seed (\d+)\nreplay: .+ --run-seed \2\n$/.exec(
      err,
    )![2]!;
    const page = readFileSync(trace, "utf8");
    // Whole pages do not belong into messages of tests.
    const says = (part: string): boolean => page.includes(part);
    expect(says("an acknowledged write is lost")).toBe(true);
    expect(says(`split, run 0, run seed ${seed}`)).toBe(true);
    const text = page.slice(page.lastIndexOf("<pre"), page.lastIndexOf("</pre>"));
    expect(text).toMatch(/replica-1 +leads +\{partition: 0, epoch: 1/);
    expect(text).toMatch(/replica-1 -&gt; replica-2 +CUT/);
    expect(text).toMatch(/client-1 +asks +w k\d=\d+/);
    expect(text).toMatch(/replica-[23] +leads +\{partition: 0, epoch: 2/);
    expect(text.split("\n").length).toBeLessThan(250);
    expect(page.trimEnd().endsWith("</html>")).toBe(true);
    expect(/<script[^>]+src=|<link[^>]+href=/.test(page)).toBe(false);
    const operations = historyFromLines(readFileSync(history, "utf8").split("\n"));
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.some(({ kind, outcome }) => kind === "write" && outcome === "ok")).toBe(true);
    expect(readdirSync(scratch).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("a run in which nothing went wrong can be looked at too", async () => {
    const trace = join(scratch, "quiet.html");
    const args = ["--runs", "2", "--set", "durationMs=200", "--set", "settleMs=100"];
    const scenario = file("quiet.json", {});
    expect((await quorumlab("simulate", scenario, ...args, "--trace", trace)).status).toBe(0);
    expect(readFileSync(trace, "utf8").includes("Nothing went wrong")).toBe(true);
  });

  test("--witness shows the smallest run in which something goes wrong", async () => {
    const page = join(scratch, "witness.html");
    const args = ["simulate", splitFile, "--witness", "lostAcknowledgedWrites", "--runs", "9"];
    const { status, out } = await quorumlab(...args, "--trace", page);
    expect(status).toBe(0);
    expect(out).toMatch(/^split; 9 runs, seed 1: in run \d an acknowledged write is lost\.\n/);
    expect(out).toMatch(/to [12] operation\(s\) and 1 fault\(s\), run seed \d+:\n\n/);
    expect(out).toMatch(/client-1 asks: w k\d=0\n/);
    expect(out).toMatch(
      /So an acknowledged write is lost: lostAcknowledgedWrites \d writes\.\n\nTo replay it:\n/,
    );
    const drawn = readFileSync(page, "utf8");
    expect(drawn.includes("Witness: an acknowledged write is lost")).toBe(true);
    const { outcome, witness } = JSON.parse((await quorumlab(...args, "--json")).out);
    expect(outcome).toBe("lostAcknowledgedWrites");
    const again = runScenario(witness.scenario, witness.seed);
    expect(JSON.parse(JSON.stringify(again.history))).toEqual(witness.history);
  }, 20_000);

  test("--run-seed does the printed run again: same operations, and only its metrics", async () => {
    const [first, again] = [join(scratch, "first.jsonl"), join(scratch, "again.jsonl")];
    const set = 'workload.keys={"kind":"uniform","count":2}';
    const args = ["simulate", splitFile, "--set", set];
    const { err } = await quorumlab(...args, "--runs", "3", "--history", first);
    const seed = / run seed (\d+)\n/.exec(err)![1]!;
    expect(err).toContain(
      `replay: quorumlab simulate ${splitFile} --set '${set}' --run-seed ${seed}\n`,
    );
    const replay = await quorumlab(...args, "--run-seed", seed, "--history", again);
    expect(replay.err).toBe(`${again}: run seed ${seed}\n`);
    expect(replay.out).toMatch(new RegExp(`^split; run seed ${seed}\n`));
    expect(readFileSync(again, "utf8")).toBe(readFileSync(first, "utf8"));
    const answer = JSON.parse((await quorumlab(...args, "--run-seed", seed, "--json")).out);
    expect(Object.keys(answer)).toEqual(["runSeed", "runs", "metrics"]);
    expect({ ...answer, metrics: 0 }).toEqual({ runSeed: Number(seed), runs: 1, metrics: 0 });
    expect(answer.metrics.lostAcknowledgedWrites.estimate).toBeGreaterThan(0);
  });

  test("the commands that a witness prints replay it", async () => {
    const args = ["simulate", splitFile, "--witness", "lostAcknowledgedWrites", "--runs", "9"];
    const { out } = await quorumlab(...args);
    const commands = out.slice(out.indexOf("To replay it:")).trimEnd().split("\n").slice(1);
    expect(commands).toHaveLength(2);
    const words = (command: string) => command.trim().split(" > ")[0]!.split(" ").slice(1);
    const saved = file("witness.json", (await quorumlab(...words(commands[0]!))).out);
    const replay = words(commands[1]!).map((word) => (word === "witness.json" ? saved : word));
    const answer = JSON.parse((await quorumlab(...replay, "--json")).out);
    expect(answer.metrics.lostAcknowledgedWrites.estimate).toBeGreaterThan(0);
  }, 20_000);

  test("--witness says so if nothing went wrong", async () => {
    const args = ["simulate", splitFile, "--witness", "duplicatePrimaryKeys", "--runs", "3"];
    expect((await quorumlab(...args)).out).toBe(
      "split; 3 runs, seed 1: in none of them a primary key is handed out twice.\n",
    );
    expect(JSON.parse((await quorumlab(...args, "--json")).out)).toEqual({
      ...{ outcome: "duplicatePrimaryKeys", witness: null },
    });
  });

  test.each([
    ["no scenario", [], 'need scenario to be a file or preset:NAME, got "nothing"'],
    [
      "a missing file",
      ["no.json"],
      "need scenario to be preset:NAME or a readable file of JSON (ENOENT)",
    ],
    ["a preset without the word", ["etcd"], '(ENOENT) (did you mean "preset:etcd"?), got "etcd"'],
    [
      "a preset without the word, with a slip and a fault",
      ["patrony/isolation"],
      '(did you mean "preset:patroni/isolation"?)',
    ],
    [
      "a preset with too much behind it",
      ["preset:etcd/isolation/x"],
      "etcd/crash or etcd/isolation",
    ],
    ["an unknown preset", ["preset:patron"], "patroni"],
    ["a file that is no JSON", [file("broken.json", "{")], "a file of JSON"],
    ["a file that is no object", [file("list.json", "[]")], "need the scenario to be an object"],
    [
      "an unknown field",
      [file("typo.json", { protocl: {} })],
      '(did you mean "protocol"?), got "protocl"',
    ],
    [
      "a value out of range, with its path",
      [file("range.json", { network: { loss: { kind: "independent", probability: 2 } } })],
      "need network.loss.probability to be a number in [0, 1], got 2",
    ],
    ["a setting without value", [splitFile, "--set", "durationMs"], "need --set to be path=value"],
    [
      "a setting of nothing",
      [splitFile, "--set", "protocol.optins.waitPoint=x"],
      'did you mean "options"?',
    ],
    [
      "an unknown metric",
      [splitFile, "--metrics", "staleReadRat"],
      'did you mean "staleReadRate"?',
    ],
    ["no runs", [splitFile, "--runs", "0"], "need runs to be an integer in [1, 1000000000], got 0"],
    ["runs that are none", [splitFile, "--runs", "many"], 'need --runs to be a number, got "many"'],
    ["a wrong confidence", [splitFile, "--confidence", "95"], "need confidence"],
    ["no workers", [splitFile, "--workers", "0"], "need --workers"],
    ["a trace that is no page", [splitFile, "--trace", "x.png"], "ends in .html"],
    [
      "a file in a folder that is not there",
      [splitFile, "--history", join(scratch, "no/x.jsonl")],
      "a folder that exists",
    ],
    ["an unknown outcome", [splitFile, "--witness", "splitBrain"], 'did you mean "splitBrainMs"?'],
    [
      "a run that is none",
      [splitFile, "--run-seed", "-1"],
      "need --run-seed to be an integer >= 0",
    ],
    ["one run that is many", [splitFile, "--run-seed", "1", "--runs", "2"], "cannot be used with"],
    ["one run of two seeds", [splitFile, "--run-seed", "1", "--seed", "2"], "cannot be used with"],
    [
      "the answer of a search that found none as a scenario",
      [file("none.json", { outcome: "staleReadRate", witness: null })],
      "a file in which a witness was found",
    ],
    ["the scenario as output", [splitFile, "--history", splitFile], "than the scenario"],
    ["an unknown option", [splitFile, "--run", "3"], "(Did you mean --runs?)"],
    ["one argument too many", [splitFile, "x"], "too many arguments"],
  ])("refuses %s in one line, with exit code 2, before any work", async (_, args, message) => {
    const { status, out, err } = await quorumlab("simulate", ...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(/^quorumlab: [^\n]+\n$/);
    expect(err).toContain(message);
  });

  test.each(["1", "2"])(
    "Ctrl+C ends %s worker(s) with exit code 130 and writes nothing",
    async (workers) => {
      const page = join(scratch, "never.html");
      const others = process.listenerCount("SIGINT");
      // As soon as the command listens: before, the signal ends the process, as it should.
      const timer = setInterval(() => {
        if (process.listenerCount("SIGINT") > others) process.listeners("SIGINT").at(-1)!("SIGINT");
      }, 20);
      const args = ["--runs", "1e6", "--trace", page, "--workers", workers];
      const { status, out } = await quorumlab("simulate", splitFile, ...args);
      clearInterval(timer);
      expect({ status, out }).toEqual({ status: 130, out: "" });
      expect(process.listenerCount("SIGINT")).toBe(others);
      expect(readdirSync(scratch).filter((name) => name.startsWith("never"))).toEqual([]);
    },
  );
});

describe("quorumlab schema", () => {
  test("prints the JSON Schema of a scenario", async () => {
    const { status, out } = await quorumlab("schema", "scenario");
    expect(status).toBe(0);
    const schema = JSON.parse(out);
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(Object.keys(schema.properties)).toContain("protocol");
    expect(schema.properties.durationMs.default).toBe(60_000);
  });

  test("refuses other words", async () => {
    const { status, err } = await quorumlab("schema", "sweep");
    expect(status).toBe(2);
    expect(err).toBe('quorumlab: schema: need what to be one of "scenario", got "sweep"\n');
  });
});

test("progress is a line at a terminal, from 0.4 s on, and nothing elsewhere", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    for (const isTTY of [true, false]) {
      let text = "";
      const write = (part: string) => {
        text += part;
        return true;
      };
      const progress = runProgress(80, { isTTY, write } as unknown as NodeJS.WriteStream);
      vi.advanceTimersByTime(300);
      progress.show(0.1);
      expect(text).toBe("");
      vi.advanceTimersByTime(700);
      progress.show(0.25);
      progress.show(0.26);
      const line = "\r\x1b[K20 of 80 runs, about 3 s left";
      expect(text).toBe(isTTY ? line : "");
      progress.end();
      expect(text).toBe(isTTY ? `${line}\r\x1b[K` : "");
    }
  } finally {
    vi.useRealTimers();
  }
});

test("columns line up", () => {
  expect(
    aligned([
      ["", "b", "c", "d"],
      ["long", "10", "[1, 2]", "300"],
    ]),
  ).toEqual(["       b  c         d", "long  10  [1, 2]  300"]);
});
