/** Work that an interrupt stops, and the handlers that it displaced. */
const running = new Set<AbortController>();
let displaced: ((signal: "SIGINT") => void)[] = [];

/**
 * Runs work that Ctrl-C, or Jupyter's stop button, stops in an orderly way: the signal is aborted and
 * the work decides what to return. Without this, Ctrl-C ends the process, and Jupyter gives the cell
 * up, with the variables that it would have defined.
 *
 * A second interrupt goes where it would have gone without us.
 *
 * @param work is started in the next turn of the event loop: a handler that is registered while the
 *   kernel still runs the synchronous part of a cell kills the kernel with the first interrupt
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  await new Promise((resolve) => setImmediate(resolve));
  const controller = new AbortController();
  if (running.size === 0) takeOver();
  running.add(controller);
  try {
    return await work(controller.signal);
  } finally {
    running.delete(controller);
    if (running.size === 0) giveBack();
  }
}

function onInterrupt(): void {
  const waiting = [...running].filter(({ signal }) => !signal.aborted);
  for (const controller of waiting) controller.abort();
  if (waiting.length > 0) return;
  giveBack();
  process.kill(process.pid, "SIGINT");
}

/** Ours first, so that at no moment there is no handler, which would end the process. */
function takeOver(): void {
  // As they were registered: a listener for one signal stays one.
  displaced = process.rawListeners("SIGINT") as typeof displaced;
  process.on("SIGINT", onInterrupt);
  for (const listener of displaced) process.off("SIGINT", listener);
}

function giveBack(): void {
  for (const listener of displaced) process.on("SIGINT", listener);
  displaced = [];
  process.off("SIGINT", onInterrupt);
}
