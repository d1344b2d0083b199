import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawFigures } from "../../lib/notebook/reportFigure.ts";
import { runNotebook } from "../../lib/notebook/runNotebook.ts";
import { type LabServer, startLab } from "./labServer.ts";
import { chartCount, copyOf, notebooks, screenshotFolder, startBrowser } from "./setting.ts";

/** Longest wait for all cells of a notebook, in ms: limit of a notebook and the start of a kernel. */
const runTimeoutMs = 180_000;

let browser: Browser;
let lab: LabServer;
const copies = notebooks.map((notebook) => copyOf(notebook, "lab"));

beforeAll(async () => {
  mkdirSync(screenshotFolder, { recursive: true });
  lab = await startLab(dirname(copies[0]!));
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

async function openInLab(notebook: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  await page.goto(lab.urlOf(basename(notebook)), { waitUntil: "domcontentloaded" });
  await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: 60_000 });
  await page.getByText("TypeScript | Idle").first().waitFor({ timeout: 60_000 });
  return page;
}

async function runAll(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
}

/** Prompts of all code cells, `[1]:`, `[*]:` or `[ ]:`. */
function prompts(page: Page): Promise<string[]> {
  return page.locator(".jp-CodeCell .jp-InputArea-prompt").allInnerTexts();
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

test.each(copies)("a browser runs %s in JupyterLab", async (copy) => {
  const { notebook } = await runNotebook(copy);
  const codeCount = notebook.cells.filter((cell) => cell.cell_type === "code").length;
  const page = await openInLab(copy);
  await runAll(page);
  const finished = Array.from({ length: codeCount }, (_, index) => `[${index + 1}]:`);
  await expect.poll(() => prompts(page), { timeout: runTimeoutMs }).toEqual(finished);

  const charts = page.locator(
    ".jp-OutputArea-output :is(.vega-embed) :is(svg.marks, canvas.marks)",
  );
  await expect.poll(() => charts.count(), { timeout: 30_000 }).toBe(chartCount(notebook));
  // JupyterLab draws with Vega-Lite 5: a mark that it places elsewhere makes the drawing larger.
  const sizes = [...(await drawFigures(notebook)).values()].map(({ svg }) => sizeOf(svg));
  for (const [index, chart] of (await charts.all()).entries()) {
    const box = (await chart.boundingBox())!;
    for (const side of ["width", "height"] as const) {
      const ratio = box[side] / sizes[index]![side];
      expect(ratio, `${side} of chart ${index + 1}, over ours`).toBeGreaterThan(0.8);
      expect(ratio, `${side} of chart ${index + 1}, over ours`).toBeLessThan(1.25);
    }
  }
  const errors =
    '[data-mime-type*="stderr"], [data-mime-type*="error"], .jp-RenderedText.jp-mod-error';
  expect(await page.locator(`.jp-OutputArea-output:is(${errors})`).allInnerTexts()).toEqual([]);

  const name = basename(copy, ".ipynb");
  await page.screenshot({ path: join(screenshotFolder, `jupyterlab-${name}-top.png`) });
  await charts.first().scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshotFolder, `jupyterlab-${name}-chart.png`) });
  await page.close();
});
