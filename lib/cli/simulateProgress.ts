/** A line at a terminal that says how far the runs have come; nothing elsewhere. */
export interface RunProgress {
  /** @param share of the work that is done, in [0, 1] */
  show(share: number): void;
  /** Removes the line. */
  end(): void;
}

/** Work that takes less shows nothing, and a state stays at least so long, in ms. */
const rhythm = { firstMs: 400, everyMs: 200 };

/** Progress of so many runs, on standard error. */
export function runProgress(
  runs: number,
  stream: NodeJS.WriteStream = process.stderr,
): RunProgress {
  const startMs = performance.now();
  let nextMs = rhythm.firstMs;
  let isShown = false;
  return {
    show(share) {
      const elapsedMs = performance.now() - startMs;
      if (stream.isTTY !== true || elapsedMs < nextMs) return;
      nextMs = elapsedMs + rhythm.everyMs;
      isShown = true;
      const leftS = share > 0 ? Math.ceil((elapsedMs * (1 - share)) / share / 1000) : Infinity;
      const left = Number.isFinite(leftS) ? `, about ${leftS} s left` : "";
      stream.write(
        `\r\x1b[K${Math.floor(share * runs)} of ${runs} ${runs === 1 ? "run" : "runs"}${left}`,
      );
    },
    end() {
      if (isShown) stream.write("\r\x1b[K");
    },
  };
}
