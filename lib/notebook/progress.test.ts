import { expect, test } from "vitest";
import { type SweepProgress, withEta } from "../sweeps/progress.ts";
import { liveProgress, loggedProgress, type ProgressReporter } from "./progress.ts";
import { progressDisplay } from "./progressDisplay.ts";
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

function terminal(columns: number) {
  const written: string[] = [];
  const display = progressDisplay({ isTTY: true, write: (text) => written.push(text) });
  return { written, reporter: liveProgress(display, columns) };
}

test("a terminal gets one line, overwritten five times a second and cut to its width", () => {
  const { written, reporter } = terminal(40);
  play(reporter, 1000);
  // 400, 600, 800 and 1000 ms.
  expect(written).toHaveLength(4);
  expect(written.every((text) => text.startsWith("\r\u001b[K") && !text.includes("\n"))).toBe(true);
  expect(Math.max(...written.map((text) => text.length))).toBe(39 + 4);
  reporter.end();
  expect(written.at(-2)).toContain("stopped");
  expect(written.at(-1)).toBe("\n");
});

test("a file gets a line every ten seconds", () => {
  const written: string[] = [];
  const reporter = loggedProgress({ write: (text) => written.push(text) });
  play(reporter, 60_000);
  expect(written).toHaveLength(6);
  expect(written.every((text) => /^[^\r]*\n$/.test(text))).toBe(true);
});

test("work that is done at once shows nothing", () => {
  const { written, reporter } = terminal(80);
  play(reporter, 350);
  reporter.end();
  expect(written).toEqual([]);
});

test("a notebook output is replaced by HTML, and closed with its last state", () => {
  const shown: string[] = [];
  const reporter = liveProgress({
    update: ({ html }) => shown.push(html),
    close: () => shown.push("closed"),
  });
  play(reporter, 600);
  reporter.end();
  expect(shown).toHaveLength(4);
  expect(shown[0]).toContain("<progress");
  expect(shown[2]).toContain("stopped after");
  expect(shown[3]).toBe("closed");
});
