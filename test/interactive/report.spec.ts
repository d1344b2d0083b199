import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { neutrals } from "../../lib/charts/palette.ts";
import { reportNotebook } from "../../lib/notebook/reportNotebook.ts";
import { chartCount, notebooks, screenshotFolder, startBrowser, workFolder } from "./setting.ts";

let browser: Browser;

beforeAll(async () => {
  mkdirSync(screenshotFolder, { recursive: true });
  browser = await startBrowser();
});

afterAll(() => browser?.close());

interface OpenedReport {
  readonly page: Page;
  /** Everything that went wrong in the page, or that it asked the network for. */
  readonly complaints: string[];
}

/** Opens a file with the network off; whatever the page asks for beyond itself is written down. */
async function openOffline(file: string, colorScheme: "light" | "dark"): Promise<OpenedReport> {
  const viewport = { width: 1400, height: 1000 };
  const context = await browser.newContext({ offline: true, viewport, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  const url = pathToFileURL(file).href;
  page.on("request", (request) => {
    const isInside = request.url() === url || /^(data|blob):/.test(request.url());
    if (!isInside) complaints.push(`asked for ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** Colours on which the charts of a page are drawn, as `rgb(r, g, b)`. */
async function grounds(page: Page): Promise<string[]> {
  const colours = await page
    .locator("figure svg.marks")
    .evaluateAll((all) =>
      all.map((svg) => (svg as unknown as StyledElement).style.backgroundColor),
    );
  return [...new Set(colours)];
}

/** What the test asks of an element; the types of the browser are not those of Node. */
interface StyledElement {
  readonly style: { readonly backgroundColor: string };
}

/** A colour as browsers write it. */
function rgb(hex: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${parts.join(", ")})`;
}

function sliderPlaces(page: Page): Promise<string[]> {
  const sliders = page.locator('figure input[type="range"]');
  return sliders.evaluateAll((all) =>
    all.map((each) => (each as unknown as { value: string }).value),
  );
}

test.each(notebooks)("the report of %s works offline", async (notebook) => {
  const name = basename(notebook, ".ipynb");
  const { folder, run } = await reportNotebook(notebook, { out: workFolder, formats: ["html"] });
  const count = chartCount(run.notebook);
  expect(count).toBeGreaterThan(0);

  const { page, complaints } = await openOffline(join(folder, `${name}.html`), "light");
  const charts = page.locator("figure .vega-embed svg.marks");
  await expect.poll(() => charts.count(), { timeout: 20_000 }).toBe(count);
  await expect.poll(() => page.locator('[data-drawn="true"]').count()).toBe(count);
  for (const chart of await charts.all()) {
    expect(
      await chart.locator('[role="graphics-object"] path, [class*="mark-"] path').count(),
    ).toBeGreaterThan(0);
  }
  await page.screenshot({
    path: join(screenshotFolder, `report-${name}-light.png`),
    fullPage: true,
  });

  const sliders = page.locator('figure:has(input[type="range"])');
  if (notebook === notebooks[0]) expect(await sliders.count()).toBe(1);
  for (const figure of await sliders.all()) {
    const chart = figure.locator("svg.marks");
    const before = await chart.innerHTML();
    const slider = figure.locator('input[type="range"]').first();
    await slider.focus();
    await page.keyboard.press("End");
    await expect.poll(() => chart.innerHTML()).not.toBe(before);
  }

  expect(await grounds(page)).toEqual([rgb(neutrals.light.background)]);
  const places = await sliderPlaces(page);
  await page.locator("#theme").click();
  await expect.poll(() => grounds(page)).toEqual([rgb(neutrals.dark.background)]);
  expect(await sliderPlaces(page), "sliders stay where they were put").toEqual(places);
  await page.screenshot({
    path: join(screenshotFolder, `report-${name}-dark.png`),
    fullPage: true,
  });
  await page.locator("#fold").click();
  expect(await page.locator("details.code:not([open])").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("without scripts a report still shows its charts, as still pictures", async () => {
  const notebook = notebooks[0]!;
  const { folder } = await reportNotebook(notebook, { out: workFolder, formats: ["html"] });
  const context = await browser.newContext({ offline: true, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, "small-essay.html")).href);
  const picture = page.locator("figure img");
  expect((await picture.boundingBox())?.width).toBeGreaterThan(200);
  expect(await picture.getAttribute("alt")).toMatch("falls geometrically");
  await context.close();
});
