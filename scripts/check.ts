// Everything that must hold before a change is committed; `npm test` is this script.
import { reporters, run, runNode } from "./run.ts";

runNode("scripts/build.ts");
run("node_modules/.bin/biome", ["check", "--error-on-warnings", "."]);
runNode("node_modules/typescript/bin/tsc", ["-p", "tsconfig.json"]);
runNode("node_modules/vitest/vitest.mjs", ["run", ...reporters()]);
