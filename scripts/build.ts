// Builds dist/ from lib/. The compiler is called by path: tslab puts an older `tsc` into node_modules/.bin.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNode } from "./run.ts";

rmSync("dist", { recursive: true, force: true });
runNode("scripts/buildKernel.ts");
runNode("node_modules/typescript/bin/tsc", ["-p", "tsconfig.build.json"]);
renameImportsInDeclarations("dist");
runNode("scripts/buildHelp.ts");
chmodSync("dist/cli/main.js", 0o755);

/** The compiler leaves `.ts` in the imports of declarations, which the compiler inside tslab refuses. */
function renameImportsInDeclarations(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = join(folder, name);
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace(/(["']\.\.?\/[^"']*)\.ts(["'])/g, "$1.js$2"));
  }
}
