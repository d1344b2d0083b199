import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { barChart } from "../charts/barChart.ts";
import { chartPage } from "./chartPage.ts";
import { saveChart } from "./saveChart.ts";

const folder = mkdtempSync(join(tmpdir(), "quorumlab-charts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const chart = barChart({
  title: "Commas, quotes & </script><!-- tags stay text",
  rows: [{ store: "</script>", reads: 3 }],
  category: { column: "store", title: "Store" },
  value: { column: "reads", title: "Reads" },
});

test("a chart is saved in the form that the name of the file asks for", async () => {
  const file = (name: string): string => join(folder, "deep/er", name);
  expect(await saveChart(chart, file("c.json"))).toBe(file("c.json"));
  expect(JSON.parse(readFileSync(file("c.json"), "utf8"))).toEqual(chart.spec);
  await saveChart(chart, file("c.svg"));
  expect(readFileSync(file("c.svg"), "utf8")).toMatch(/^<svg .*Commas.*<\/svg>$/s);
  await saveChart(chart, file("c.png"));
  expect(readFileSync(file("c.png")).subarray(1, 4).toString()).toBe("PNG");
  await saveChart(chart, file("c.html"));
  expect(readFileSync(file("c.html"), "utf8")).toBe(chartPage([chart]));
  await expect(saveChart(chart, file("c.gif"))).rejects.toThrow(
    /^saveChart: need file to be a name that ends in .html, .svg, .png or .json, got ".*c.gif"$/,
  );
});

test("a page loads nothing from elsewhere, and no text of a chart can end its script", () => {
  const page = chartPage([chart]);
  const markup = page.replace(/<script>.*?<\/script>/gs, "");
  expect(markup).not.toMatch(/<script|<link|src=|href=|url\(/);
  // Scripts of the libraries and one of ours, each ended once.
  expect(page.match(/<script>/g)).toHaveLength(4);
  expect(page.match(/<\/script>/gi)).toHaveLength(4);
  expect(page).toContain(
    "<title>Commas, quotes &amp; &lt;/script&gt;&lt;!-- tags stay text</title>",
  );
  expect(page).not.toContain("<!-- tags");
});
