import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type REPLServer, Recoverable, start } from "node:repl";
import type { ReadStream, WriteStream } from "node:tty";
import { type ReplSession, replSession } from "./replSession.ts";

/** Runs the prompt until its input ends: with line editing at a terminal, else line by line. */
export async function runPrompt(input: ReadStream, output: WriteStream): Promise<void> {
  const write = (text: string): void => void output.write(text);
  if (input.isTTY) write("quorumlab: loading the library and its types ...");
  const session = await replSession({ colors: output.isTTY === true, write });
  try {
    await (input.isTTY ? atTerminal(session, input, output) : lineByLine(session, input));
  } finally {
    session.close();
  }
  // Someone who leaves the prompt does not wait for the timers that were started at it.
  if (input.isTTY) process.exit(0);
}

/** Evaluates each piece of the input as soon as it is complete; `.exit` ends it. */
async function lineByLine(session: ReplSession, input: NodeJS.ReadableStream): Promise<void> {
  let pending = "";
  for await (const line of createInterface({ input })) {
    if (pending === "" && line.trim() === ".exit") return;
    pending += `${line}\n`;
    if (!session.isComplete(pending)) continue;
    await session.evaluate(pending);
    pending = "";
  }
  await session.evaluate(pending);
}

/** Node's own prompt in front of the session: line editing, history, search, `.editor`, `.load`. */
async function atTerminal(
  session: ReplSession,
  input: ReadStream,
  output: WriteStream,
): Promise<void> {
  output.write(`\r\x1b[K${session.names.length} exports of quorumlab are in scope; `);
  output.write("help() lists them, Tab completes, Ctrl+D leaves.\n");
  let pending = "";
  const server = start({
    ...{ prompt: "> ", input, output, useGlobal: true, ignoreUndefined: true, preview: false },
    completer: (line: string) => completions(session, pending, line),
    eval: (source, _context, _file, done) => {
      pending = session.isComplete(source) ? "" : source;
      if (pending !== "") return done(new Recoverable(new SyntaxError("more to come")), undefined);
      void interruptible(session, input, source).then(() => done(null, undefined));
    },
  });
  server.on("SIGINT", () => {
    pending = "";
  });
  oneLineAtATime(server);
  server.setupHistory(historyFile(), () => undefined);
  await new Promise<void>((resolve) => server.once("exit", resolve));
}

/** Tab on an empty line shows the library, not the hundreds of globals. */
function completions(session: ReplSession, pending: string, line: string): [string[], string] {
  if (line.trim() === "") return [[...session.names], line];
  if (pending === "" && line.startsWith(".")) {
    const commands = [".break", ".clear", ".editor", ".exit", ".help", ".load", ".save"];
    return [commands.filter((command) => command.startsWith(line)), line];
  }
  try {
    return session.complete(`${pending}${line}`);
  } catch {
    // The compiler may stumble over text that is half typed; the prompt must not.
    return [[], line];
  }
}

/**
 * During the run Ctrl+C is a signal, which stops loops and ends waits; during the check of types before it
 * Ctrl+C stays a key, which has to wait.
 */
async function interruptible(
  session: ReplSession,
  input: ReadStream,
  source: string,
): Promise<void> {
  const interrupt = (): void => session.interrupt();
  const run = session.evaluate(source, () => void input.setRawMode(false));
  // From here on the code waits for something, if it has not ended.
  process.on("SIGINT", interrupt);
  try {
    await run;
  } finally {
    process.off("SIGINT", interrupt);
    input.setRawMode(true);
  }
}

/** Lines pasted together wait for each other: an evaluation may await something. */
function oneLineAtATime(server: REPLServer): void {
  const [onLine] = server.listeners("line") as ((line: string) => void)[];
  const evaluate = server.eval;
  const waiting: string[] = [];
  let busy = false;
  let closed = false;
  const next = (): void => {
    while (!busy && waiting.length > 0) onLine!.call(server, waiting.shift()!);
  };
  // A prompt that is already closed must not be drawn again.
  const settle = (done: () => void): void => {
    busy = false;
    if (!closed) done();
    next();
  };
  Object.assign(server, {
    eval(source: string, context: never, file: string, done: (...args: never[]) => void) {
      busy = true;
      evaluate.call(server, source, context, file, ((...args: never[]) =>
        settle(() => done(...args))) as never);
    },
  });
  server.removeAllListeners("line");
  server.on("line", (line: string) => {
    waiting.push(line);
    next();
  });
  server.on("close", () => {
    closed = true;
  });
}

function historyFile(): string {
  return process.env.QUORUMLAB_REPL_HISTORY ?? join(homedir(), ".quorumlab_repl_history");
}
