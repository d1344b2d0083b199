import type { InspectOptions } from "node:util";
import { Chart } from "../charts/chart.ts";
import { Table } from "../core/table.ts";
import { chartBundle, tableBundle } from "./bundles.ts";
import { type DisplayBundle, kernelDisplay } from "./kernel.ts";
import { startPictureThread } from "./waitForPicture.ts";

/**
 * Shows a chart or a table here: in a notebook cell as a figure, elsewhere as text. The last expression
 * of a cell shows itself; this is for charts in the middle of one, or in a loop.
 */
export function display(shown: Chart | Table): void {
  if (!showInCell(shown)) console.log(shown.toString());
}

/** Sends the bundle to the cell that runs; false outside of Jupyter. */
function showInCell(shown: Chart | Table): boolean {
  const write = kernelDisplay();
  write?.(bundleOf(shown));
  return write !== undefined;
}

function bundleOf(shown: Chart | Table): DisplayBundle {
  return shown instanceof Chart ? chartBundle(shown) : tableBundle(shown);
}

const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as typeof inspect;

/**
 * What `console.log` does with a chart or a table. tslab prints the last expression of a cell that way,
 * so this is what makes both show themselves.
 *
 * Charts and tables belong to layers that know no Jupyter, so the method comes onto their classes here,
 * once, when the package is loaded. It decides at each call where it runs: nothing is switched, and the
 * same objects print as text in a terminal.
 */
function inspectShown(this: Chart | Table, depth: number, options: InspectOptions): string {
  if (!showInCell(this)) {
    const { breakLength } = options;
    if (this instanceof Chart || breakLength === undefined) return this.toString();
    return this.toString({ width: breakLength });
  }
  const isAlone = depth === options.depth;
  if (isAlone) dropNextLineEnd();
  return isAlone ? "" : `[${this instanceof Chart ? this.title : "table"}]`;
}

for (const shown of [Chart, Table]) {
  Object.defineProperty(shown.prototype, inspect, {
    value: inspectShown,
    configurable: true,
    writable: true,
  });
}

/**
 * `console.log` ends what it prints with a line end, which would stand as an empty text under the
 * figure. Swallows it if it comes alone, within the same call.
 */
function dropNextLineEnd(): void {
  const { stdout } = process;
  const write = stdout.write;
  const restore = (): void => {
    if (stdout.write === swallowing) stdout.write = write;
  };
  const swallowing = ((...args: Parameters<typeof write>): boolean => {
    restore();
    return args[0] === "\n" || write.apply(stdout, args);
  }) as typeof write;
  stdout.write = swallowing;
  queueMicrotask(restore);
}

// In a notebook the first chart should not wait for Vega to load: it does so while cells are compiled.
if (kernelDisplay()) startPictureThread();
