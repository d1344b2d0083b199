import { Command } from "commander";

const examples = `
Everything that quorumlab exports is in scope, with types; await works at the top level; Tab completes.
help() lists the exports, help(staleness) explains one, .help lists the commands of the prompt.

Input that is no terminal is evaluated line by line:
  $ echo 'loadRoundTrips("gcp-2019").regions.length' | quorumlab repl

QUORUMLAB_REPL_HISTORY names the history file; if it is empty, no history is kept.`;

/** The command `quorumlab repl`. */
export function replCommand(): Command {
  return new Command("repl")
    .description("TypeScript prompt with the library loaded; checks types as a notebook does.")
    .addHelpText("after", examples)
    .action(async () => {
      const { runPrompt } = await import("./replPrompt.ts");
      await runPrompt(process.stdin, process.stdout);
    });
}
