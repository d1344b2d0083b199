import { expect, test } from "vitest";
import { type SweepProgress, withEta } from "../sweeps/progress.ts";
import { kernelDisplay } from "./kernelDisplay.ts";
import { htmlProgress, type ProgressReporter, terminalProgress } from "./progress.ts";
import { progressHtml, progressLine } from "./progressText.ts";

const at = (done: number, elapsedMs: number): SweepProgress =>
  withEta({ done, total: 80, rowsDone: Math.floor(done / 8), rowsTotal: 10, elapsedMs });

test("the time left is in proportion to what is done", () => {
  expect(at(0, 5).etaMs).toBe(Infinity);
  expect(at(20, 1000).etaMs).toBe(3000);
  expect(at(80, 1000).etaMs).toBe(0);
});

test("a line says what is done, how long it took and how long it will take", () => {
  const line = (done: number, elapsedMs: number, ended = false) =>
    progressLine({ progress: at(done, elapsedMs), ended });
  expect(line(0, 0)).toBe(`${"░".repeat(20)} 0 of 10 rows, 0 %, 1 s`);
  expect(line(20, 4321)).toBe("█████░░░░░░░░░░░░░░░ 2 of 10 rows, 25 %, 4.3 s, about 13 s left");
  expect(line(79, 300_000)).toContain("98 %, 5 min, about 3.8 s left");
  expect(line(80, 61_000, true)).toBe(`${"█".repeat(20)} 10 of 10 rows in 61 s`);
  expect(line(20, 4321, true)).toBe("█████░░░░░░░░░░░░░░░ stopped after 4.3 s: 2 of 10 rows");
});

test("as HTML the browser draws the bar", () => {
  const html = progressHtml({ progress: at(20, 4321), ended: false });
  expect(html).toContain(
    '<progress max="80" value="20" aria-label="sweep"></progress> 2 of 10 rows',
  );
});

/** Ten minutes of progress, in steps of 50 ms. */
function play(reporter: ProgressReporter, untilMs: number): void {
  for (let ms = 0; ms <= untilMs; ms += 50) reporter.update(at((80 * ms) / 600_000, ms));
}

function recorder(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  return { written, reporter: terminalProgress(stream) };
}

test("a terminal gets one line, overwritten ten times a second and cut to its width", () => {
  const { written, reporter } = recorder(true);
  play(reporter, 1000);
  // 400, 500, ..., 1000 ms.
  expect(written).toHaveLength(7);
  expect(written.every((text) => text.startsWith("\r\u001b[K") && !text.includes("\n"))).toBe(true);
  expect(Math.max(...written.map((text) => text.length))).toBeLessThan(40 + 4);
  reporter.end();
  expect(written.at(-1)).toMatch(/stopped.*\n$/);
});

test("a file gets a line every ten seconds", () => {
  const { written, reporter } = recorder(false);
  play(reporter, 60_000);
  expect(written).toHaveLength(6);
  expect(written.every((text) => /^[^\r]*\n$/.test(text))).toBe(true);
});

test("work that is done at once shows nothing", () => {
  for (const isTTY of [true, false]) {
    const { written, reporter } = recorder(isTTY);
    play(reporter, 350);
    reporter.end();
    expect(written).toEqual([]);
  }
  const shown: string[] = [];
  const reporter = htmlProgress((html) => shown.push(html));
  play(reporter, 350);
  reporter.end();
  expect(shown).toEqual([]);
  play(reporter, 1000);
  expect(shown).toHaveLength(4);
});

test("outside a kernel there is no cell to show HTML in", () => {
  expect(kernelDisplay()).toBeUndefined();
});
