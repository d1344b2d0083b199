import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { interruptible } from "./interrupt.ts";

const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** A program that says `ready` when some rows are done, and what came of the sweep at its end. */
const program = (work: string) => `
  import { interruptible } from ${urlOf("./interrupt.ts")};
  import { sweep } from ${urlOf("../sweeps/sweep.ts")};
  const say = (text) => process.stdout.write(text + "\\n");
  process.on("SIGINT", () => { say("other handler"); process.exit(3); });
  ${work}`;

const longSweep = (workers: number) => `
  const table = await interruptible((signal) => sweep({
    measure: "circle",
    measuresFrom: ${urlOf("../../test/fixtures/sweepMeasures.ts")},
    over: { radius: Array.from({ length: 10_000 }, (_, i) => (i + 1) / 10_000) },
    base: { points: { perChunk: 20_000 } },
    seed: 1, workers: ${workers}, signal,
    onProgress: ({ rowsDone }) => { if (rowsDone >= 2) say("ready"); },
  }));
  say(JSON.stringify({ complete: table.complete, rows: table.rows.length, listeners: process.listenerCount("SIGINT") }));
  setTimeout(() => {}, 60_000); // alive until the signal comes
  process.kill(process.pid, "SIGINT");`;

/** Runs a program, sends it SIGINT at each "ready" asked for, and returns its lines and exit code. */
async function interrupted(source: string, times: number) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  let sent = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const ready = text.split("ready\n").length - 1;
    if (sent < times && ready > sent) {
      sent += 1;
      child.kill("SIGINT");
    }
  });
  const [code] = await once(child, "close");
  return { lines: text.split("\n").filter((line) => line !== "" && line !== "ready"), code };
}

test.each([0, 2])("a real SIGINT keeps the finished rows (workers: %i)", async (workers) => {
  const { lines, code } = await interrupted(program(longSweep(workers)), 1);
  const { complete, rows, listeners } = JSON.parse(lines[0]!);
  expect(complete).toBe(false);
  expect(rows).toBeGreaterThanOrEqual(2);
  expect(rows).toBeLessThan(10_000);
  // Afterwards the handler that was there before is back, and it alone.
  expect([listeners, lines[1], code]).toEqual([1, "other handler", 3]);
});

test("a second interrupt goes to the handler that was there before", async () => {
  const stuck = `
    await interruptible(async (signal) => {
      signal.addEventListener("abort", () => say("ready"));
      say("ready");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const { lines, code } = await interrupted(program(stuck), 2);
  expect([lines, code]).toEqual([["other handler"], 3]);
});

test("an interrupt still stops a sweep when one beside it has ended", async () => {
  const two = `
    const wait = interruptible((signal) => new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve("stopped"));
      setTimeout(resolve, 60_000);
    }));
    await interruptible(async () => {});
    say("ready");
    say(await wait);
    process.exit(0);`;
  const { lines, code } = await interrupted(program(two), 1);
  expect([lines, code]).toEqual([["stopped"], 0]);
});

test("two sweeps at once share one handler, and both stop", async () => {
  const two = `
    const wait = () => interruptible(async (signal) => {
      await new Promise((resolve) => { signal.addEventListener("abort", resolve); setTimeout(resolve, 60_000); });
      return signal.aborted;
    });
    const both = Promise.all([wait(), wait()]);
    setImmediate(() => setImmediate(() => say("ready")));
    say(JSON.stringify(await both));
    say(String(process.listenerCount("SIGINT")));
    process.exit(0);`;
  const { lines, code } = await interrupted(program(two), 1);
  expect([lines, code]).toEqual([["[true,true]", "1"], 0]);
});

test("a handler for one signal only stays one", () => {
  const once = () => {};
  process.once("SIGINT", once);
  const before = process.rawListeners("SIGINT");
  return interruptible(async () => {}).then(() => {
    expect(process.rawListeners("SIGINT")).toEqual(before);
    process.off("SIGINT", once);
  });
});
