import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";

/** Exit codes of the command; a report that is interrupted ends with 130. */
export const exitCodes = { done: 0, failed: 1, badInput: 2 } as const;

interface CommandEntry {
  readonly summary: string;
  /** Loads the command, and with it what the command needs; the others stay on disk. */
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, CommandEntry>> = {
  staleness: {
    summary: "how often reads are stale under partial quorums, with intervals",
    load: async () => (await import("./staleness.ts")).stalenessCommand(),
  },
  simulate: {
    summary: "runs a scenario: lost writes, stale reads, downtime, with intervals",
    load: async () => (await import("./simulate.ts")).simulateCommand(),
  },
  presets: {
    summary: "real systems as scenarios, with the source of every number",
    load: async () => (await import("./presets.ts")).presetsCommand(),
  },
  schema: {
    summary: "JSON Schema of a scenario, for editors",
    load: async () => (await import("./schema.ts")).schemaCommand(),
  },
  report: {
    summary: "runs notebooks and writes reports: HTML, PDF, results, environment",
    load: async () => (await import("./report.ts")).reportCommand(),
  },
  doctor: {
    summary: "checks what notebooks, reports and tests need, and says what to do",
    load: async () => (await import("./doctor.ts")).doctorCommand(),
  },
  repl: {
    summary: "TypeScript prompt with the library loaded",
    load: async () => (await import("./repl.ts")).replCommand(),
  },
};

const examples = `
Examples:
  $ quorumlab staleness --latency lnkd-disk --n 3 --r 1 --w 1 --at 0,10,50 --visibility 0.999
  $ quorumlab staleness --latency exp:0.1,1 --at "0, 10 ms, 2 s" --json
  $ quorumlab simulate preset:patroni --runs 200
  $ quorumlab report notebooks/*.ipynb --param seed=7
  $ quorumlab repl

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`;

/**
 * Runs one command line of `quorumlab`.
 *
 * Errors go to standard error, bad input in one line, without a stack trace.
 *
 * @param args arguments behind the name of the program
 * @returns exit code: 0 done, 1 the work failed, 2 bad input
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    const program = await programFor(args[0]);
    if (args.length === 0) program.error("error: need a command (quorumlab --help lists them)");
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return report(error);
  }
}

/** The program with the command asked for; with the names of all where none of them is. */
async function programFor(name: string | undefined): Promise<Command> {
  const program = new Command("quorumlab")
    .description("Replication, quorum and transaction models: estimates with intervals.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText("after", examples);
  const wanted = Object.hasOwn(commands, name ?? "") ? [commands[name!]!] : [];
  for (const { load } of wanted) add(program, await load());
  if (wanted.length > 0) return program;
  for (const [each, { summary }] of Object.entries(commands)) {
    add(program, new Command(each).summary(summary).description(summary));
  }
  return helpOfAnyCommand(program);
}

function add(program: Command, command: Command): void {
  program.addCommand(command.copyInheritedSettings(program));
}

/** `quorumlab help staleness` shows what `quorumlab staleness --help` does. */
function helpOfAnyCommand(program: Command): Command {
  const command = new Command("help")
    .summary("help for a command")
    .argument("[command]")
    .action(async (name?: string) => {
      // A name that is none is refused as if it had been called.
      const isKnown = name === "help" || Object.hasOwn(commands, name ?? "");
      const args = name === undefined ? ["--help"] : isKnown ? [name, "--help"] : [name];
      await (await programFor(name)).parseAsync(args, { from: "user" });
    });
  add(program, command);
  return program.helpCommand(false);
}

function packageVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function report(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const text = error instanceof Error ? error.message : String(error);
  const badInput = error instanceof RangeError || error instanceof CommanderError;
  const shown = badInput ? text.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ") : text;
  process.stderr.write(`quorumlab: ${shown}\n`);
  return badInput ? exitCodes.badInput : exitCodes.failed;
}
