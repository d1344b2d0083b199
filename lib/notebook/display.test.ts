import { createRequire } from "node:module";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { galleryCharts } from "../../test/galleryCharts.ts";
import { Chart } from "../charts/chart.ts";
import { exactEstimate } from "../core/estimate.ts";
import { proportion } from "../core/proportion.ts";
import { Table } from "../core/table.ts";
import { display } from "./display.ts";
import { drawPicture } from "./drawPicture.ts";
import { progressDisplay } from "./progressDisplay.ts";
import { waitForPicture } from "./waitForPicture.ts";

const charts = galleryCharts();
const chart = charts.line!;
const table = new Table({
  columns: [{ name: "p", kind: "estimate" }],
  rows: [{ p: proportion({ hits: 1, trials: 10 }) }],
});

type Output =
  | { kind: "stream"; name: string; text: string }
  | {
      kind: "display";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      id?: string;
      update: boolean;
    };

interface Handler {
  handleExecute(
    request: { code: string },
    stream: (name: string, text: string) => void,
    display: (
      message: {
        data: Record<string, unknown>;
        metadata: Record<string, unknown>;
        transient?: { display_id: string };
      },
      update?: boolean,
    ) => void,
  ): Promise<{ status: string }>;
}

const load = createRequire(import.meta.url);
const kernel = load("tslab/dist/jupyter.js") as { lastWriteDisplayData: unknown };
const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
let handler: Handler & { close(): void };

beforeAll(() => {
  const { createConverter } = load("tslab/dist/converter.js");
  const { createExecutor } = load("tslab/dist/executor.js");
  const { JupyterHandlerImpl } = load("tslab/dist/jupyter.js");
  const node = createConverter({ isJS: false, isBrowser: false });
  // tslab prints with the console of its process; that of the test runner goes elsewhere.
  const print = (...words: unknown[]): void => {
    const text = words.map((word) => (typeof word === "string" ? word : inspect(word))).join(" ");
    process.stdout.write(`${text}\n`);
  };
  const executor = createExecutor(
    import.meta.dirname,
    { node, close: () => node.close() },
    { log: print, error: print },
  );
  handler = new JupyterHandlerImpl(executor, false);
  Object.assign(globalThis, { shown: { chart, table, display, progressDisplay, charts } });
});

afterEach(() => {
  Object.assign(process.stdout, { write: writes.stdout });
  Object.assign(process.stderr, { write: writes.stderr });
  kernel.lastWriteDisplayData = null;
});

afterAll(() => handler.close());

async function runCell(code: string): Promise<Output[]> {
  const outputs: Output[] = [];
  const { status } = await handler.handleExecute(
    { code },
    (name, text) => outputs.push({ kind: "stream", name, text }),
    ({ data, metadata, transient }, update = false) =>
      outputs.push({
        kind: "display",
        data,
        metadata,
        update,
        ...(transient && { id: transient.display_id }),
      }),
  );
  expect(status).toBe("ok");
  return outputs;
}

const cell = (code: string): string =>
  `const { chart, table, display, progressDisplay, charts } = (globalThis as any).shown;\n${code}`;

test("a chart as the last expression shows itself and prints nothing", async () => {
  const outputs = await runCell(cell("chart"));
  expect(outputs).toHaveLength(1);
  const [shown] = outputs as [Output & { kind: "display" }];
  expect(Object.keys(shown.data)).toEqual([
    "application/vnd.vegalite.v5+json",
    "image/png",
    "text/plain",
  ]);
  expect(JSON.stringify(shown.data["application/vnd.vegalite.v5+json"])).toBe(
    JSON.stringify(chart.spec),
  );
  const png = Buffer.from(shown.data["image/png"] as string, "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  const { width } = shown.metadata["image/png"] as { width: number };
  expect(Math.abs(png.readUInt32BE(16) - width)).toBeLessThan(2);
  expect(shown.data["text/plain"]).toContain(chart.altText);
});

test("a table as the last expression shows HTML and text", async () => {
  const outputs = await runCell(cell("table"));
  expect(outputs).toEqual([
    {
      kind: "display",
      update: false,
      metadata: {},
      data: {
        "text/html": table.toHtml(),
        "text/plain": table.toString(),
        "application/vnd.quorumlab.table+json": JSON.parse(
          JSON.stringify({ columns: table.columns, rows: table.rows, complete: true }),
        ),
      },
    },
  ]);
});

test("displays and text come out in the order of the cell", async () => {
  const outputs = await runCell(
    cell(
      `process.stdout.write("a"); display(chart); process.stdout.write("b"); display(table); void process.stdout.write("\\n");`,
    ),
  );
  const order = outputs.map((output) =>
    output.kind === "stream" ? output.text : Object.keys(output.data)[0],
  );
  expect(order).toEqual(["a", "application/vnd.vegalite.v5+json", "b", "text/html", "\n"]);
});

test("charts in a list are shown, and the list is printed with their titles", async () => {
  const outputs = await runCell(cell("[chart, charts.pareto]"));
  expect(outputs.map((output) => output.kind)).toEqual(["display", "display", "stream"]);
  expect(outputs[2]).toMatchObject({ text: expect.stringContaining(`[${chart.title}]`) });
});

test("a line end that belongs to something else is not lost", async () => {
  const outputs = await runCell(cell("await null; process.stdout.write('x'); chart"));
  expect(outputs.map((output) => output.kind)).toEqual(["stream", "display"]);
});

test("progress is replaced in place, marked as volatile, also from a later cell", async () => {
  const [first, second] = await runCell(
    cell(
      `const bar = progressDisplay(); (globalThis as any).bar = bar; bar.update({ text: "1", html: "<b>1</b>" }); bar.update({ text: "2", html: "<b>2</b>" }); bar.close();`,
    ),
  );
  expect(first).toMatchObject({ update: false, metadata: { quorumlab: { volatile: true } } });
  expect(second).toMatchObject({
    update: true,
    data: { "text/html": "<b>2</b>", "text/plain": "2" },
  });
  expect((second as { id: string }).id).toBe((first as { id: string }).id);
  // The writer of the first cell is bound to it: the second cell sees nothing.
  expect(await runCell(`(globalThis as any).bar.update({ text: "3", html: "" })`)).toEqual([]);
});

test("outside of Jupyter charts and tables print as text", () => {
  expect(inspect(chart)).toBe(chart.toString());
  expect(inspect(chart)).toContain("saveChart");
  expect(inspect(table)).toBe(table.toString());
  const columns = ["a quantity", "another quantity"].map(
    (name) => ({ name, kind: "estimate" }) as const,
  );
  const wide = new Table({
    columns: [{ name: "r", kind: "parameter" }, ...columns],
    rows: [{ r: 1, "a quantity": exactEstimate(1), "another quantity": exactEstimate(2) }],
  });
  expect(inspect(wide, { breakLength: 15 })).toBe(wide.toString({ width: 15 }));
  expect(inspect(wide, { breakLength: 15 })).not.toBe(wide.toString());
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  display(table);
  expect(log).toHaveBeenCalledWith(table.toString());
  log.mockRestore();
});

test("progress in a terminal rewrites its line, and is silent in a file", () => {
  const written: string[] = [];
  const bar = progressDisplay({ isTTY: true, write: (text) => written.push(text) });
  bar.update({ text: "one", html: "" });
  bar.update({ text: "two", html: "" });
  bar.close();
  bar.close();
  expect(written).toEqual(["\r\u001b[Kone", "\r\u001b[Ktwo", "\n"]);
  const file = progressDisplay({ write: () => expect.unreachable() });
  file.update({ text: "one", html: "" });
  file.close();
});

test("a chart that cannot be drawn says why", async () => {
  const broken = new Chart({ spec: { mark: "lime" }, title: "t", altText: "a", rowCount: 0 });
  kernel.lastWriteDisplayData = () => expect.unreachable();
  expect(() => display(broken)).toThrow("drawing the chart failed");
  // The thread survives it.
  const bundles: unknown[] = [];
  kernel.lastWriteDisplayData = (bundle: unknown) => bundles.push(bundle);
  display(chart);
  expect(bundles).toHaveLength(1);
});

test("a picture that came too late is not taken for the next one", async () => {
  const request = { spec: chart.spec, scale: 1 };
  expect(() => waitForPicture({ ...request, patienceMs: 0 })).toThrow("took more than 0 s");
  const bar = await drawPicture(charts.bar!.spec, 1);
  expect(waitForPicture({ ...request, spec: charts.bar!.spec }).widthPx).toBe(bar.widthPx);
  expect((await drawPicture(chart.spec, 1)).widthPx).not.toBe(bar.widthPx);
});
