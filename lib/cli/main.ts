#!/usr/bin/env node
import { runCommand } from "./program.ts";

// A reader that has seen enough (`quorumlab ... | head -1`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await runCommand(process.argv.slice(2));
