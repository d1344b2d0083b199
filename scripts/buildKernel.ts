// Compiles the counting kernel to WebAssembly and writes it as a TypeScript module.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "./run.ts";

const source = "lib/quorum/kernel/wars.as.ts";
const target = "lib/quorum/kernel/wars.generated.ts";

const folder = mkdtempSync(join(tmpdir(), "quorumlab-kernel-"));
try {
  const binary = join(folder, "wars.wasm");
  const options = ["-O3", "--converge", "--noAssert", "--enable", "simd"];
  const bare = ["--runtime", "stub", "--use", "abort="];
  runNode("node_modules/assemblyscript/bin/asc.js", [source, "-o", binary, ...options, ...bare]);
  const base64 = readFileSync(binary).toString("base64");
  const lines = base64.match(/.{1,90}/g) ?? [];
  writeFileSync(
    target,
    [
      `// Written by scripts/buildKernel.ts from ${source}.`,
      "/** The counting kernel as a WebAssembly module, in base64. */",
      "export const warsKernelBase64: string =",
      `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
      "",
    ].join("\n"),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
