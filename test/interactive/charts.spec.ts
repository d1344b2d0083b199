import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { neutrals } from "../../lib/charts/palette.ts";
import { chartPage } from "../../lib/notebook/chartPage.ts";
import { galleryCharts } from "../galleryCharts.ts";
import { screenshotFolder, startBrowser, workFolder } from "./setting.ts";

const charts = Object.values(galleryCharts());
const file = join(workFolder, "charts.html");
let browser: Browser;

beforeAll(async () => {
  mkdirSync(screenshotFolder, { recursive: true });
  mkdirSync(workFolder, { recursive: true });
  writeFileSync(file, chartPage(charts));
  browser = await startBrowser();
});

afterAll(() => browser?.close());

/** The page of all charts, without a network; whatever goes wrong in it is written down. */
async function openPage(
  colorScheme: "light" | "dark",
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ offline: true, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  await expect.poll(() => page.locator("svg.marks").count()).toBe(charts.length);
  return { page, complaints };
}

/** What the chart at this place says at the line that its slider moves. */
function readout(page: Page, index: number): Promise<string[]> {
  const texts = page.locator(`#chart-${index} .mark-text.role-mark text`);
  return texts.allTextContents();
}

async function moveSlider(page: Page, index: number, value: string): Promise<void> {
  await page.locator(`#chart-${index} input`).evaluate((input, wanted) => {
    (input as unknown as { value: string }).value = wanted;
    input.dispatchEvent(new Event("input"));
  }, value);
}

test.each(["light", "dark"] as const)(
  "every kind of chart is drawn by a browser, %s",
  async (theme) => {
    const { page, complaints } = await openPage(theme);
    const fill = await page
      .locator("svg.marks")
      .evaluateAll((drawn) =>
        drawn.map(
          (svg) => (svg as unknown as { style: { backgroundColor: string } }).style.backgroundColor,
        ),
      );
    const channels = [1, 3, 5].map((at) =>
      Number.parseInt(neutrals[theme].background.slice(at, at + 2), 16),
    );
    expect(new Set(fill)).toEqual(new Set([`rgb(${channels.join(", ")})`]));
    await page.screenshot({ path: join(screenshotFolder, `charts-${theme}.png`), fullPage: true });
    expect(complaints).toEqual([]);
  },
);

test("a slider moves the line and the values read there", async () => {
  const { page } = await openPage("light");
  const index = Object.keys(galleryCharts()).indexOf("line");
  expect(await readout(page, index)).toContain("at 20 ms");
  await moveSlider(page, index, "60");
  await expect.poll(() => readout(page, index)).toContain("at 60 ms");
  // 0.6 exp(-60 / 8) of 20,000 trials is 7 stale reads.
  expect((await readout(page, index)).join(" ")).toContain("R=1 W=1: 0.00035 [");
});

test("a filter shows other rows and says which", async () => {
  const { page } = await openPage("light");
  const index = Object.keys(galleryCharts()).indexOf("lineFilter");
  const lines = page.locator(`#chart-${index} .mark-line path[stroke-dasharray]`);
  const before = await lines.first().getAttribute("d");
  expect(await readout(page, index)).toContain("N = 5");
  await moveSlider(page, index, "6");
  await expect.poll(() => readout(page, index)).toContain("N = 6");
  expect(await lines.first().getAttribute("d")).not.toBe(before);
});
