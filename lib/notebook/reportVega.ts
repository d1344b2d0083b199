import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./environment.ts";

/** Builds for browsers, in the order in which each finds the one before it. */
const browserBuilds = [
  ["vega", "build/vega.min.js"],
  ["vega-lite", "build/vega-lite.min.js"],
  ["vega-embed", "build/vega-embed.min.js"],
] as const;

/** The drawing library as script elements to be put into a page: it then needs no network. */
export function inlineVega(): string {
  const scripts = browserBuilds.map(([name, file]) => {
    const folder = packageFolder(name);
    if (folder === undefined) throw new Error(`the package ${name} is missing: run npm ci`);
    const source = readFileSync(join(folder, file), "utf8");
    return `<script>${withoutEndTag(source.replace(/\n\/\/# sourceMappingURL=.*/, ""))}</script>`;
  });
  return scripts.join("\n");
}

/** Inside a script element the letters of its end tag would end it, even in a string. */
function withoutEndTag(script: string): string {
  return script.replace(/<\/(script)/gi, "<\\/$1");
}
