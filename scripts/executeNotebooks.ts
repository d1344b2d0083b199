// Runs notebooks in place and rewrites notebooks/README.md: npm run notebooks [-- file ...]
// Outputs are committed; test/notebooks.test.ts proves that they are what the cells give.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { notebookIndex, notebookThumbnail } from "../lib/notebook/reportIndex.ts";
import { formatNotebook, parseNotebook } from "../lib/notebook/runFormat.ts";
import { runNotebook } from "../lib/notebook/runNotebook.ts";

const folder = resolve(import.meta.dirname, "..", "notebooks");
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort()
  .map((name) => join(folder, name));
const chosen = process.argv.length > 2 ? process.argv.slice(2).map((file) => resolve(file)) : all;

try {
  for (const file of chosen) {
    const name = basename(file);
    const { notebook, durationMs } = await runNotebook(file, {
      onProgress: ({ cell, cellCount }) => console.error(`${name}: cell ${cell} of ${cellCount}`),
    });
    const text = formatNotebook(notebook);
    const changed = text !== readFileSync(file, "utf8");
    if (changed) writeFileSync(file, text);
    console.log(
      `${name}: ${changed ? "written" : "unchanged"}, ${(durationMs / 1000).toFixed(1)} s`,
    );
  }
  await writeIndex();
} catch (error) {
  console.error(`notebooks: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function writeIndex(): Promise<void> {
  const notebooks = all.map((file) => ({
    name: basename(file),
    notebook: parseNotebook(readFileSync(file, "utf8"), file),
  }));
  for (const { name, notebook } of notebooks) {
    const thumbnail = await notebookThumbnail(notebook);
    if (!thumbnail) continue;
    mkdirSync(join(folder, "thumbnails"), { recursive: true });
    writeFileSync(join(folder, "thumbnails", name.replace(/ipynb$/, "png")), thumbnail);
  }
  writeFileSync(join(folder, "README.md"), notebookIndex(notebooks));
}
