import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

/** The part of tslab's module `dist/jupyter.js` that sends outputs of the running cell. */
interface KernelModule {
  readonly lastWriteDisplayData?: ((message: object, update: boolean) => void) | null;
}

/**
 * A function that shows HTML as one output of the running cell and replaces it when called again;
 * nothing outside a tslab kernel.
 *
 * It writes through the kernel's own copy of tslab: any other copy knows no cell. Its outputs carry
 * `quorumlab.progress` in their metadata, by which a comparison of notebooks can leave them out.
 */
export function kernelDisplay(): ((html: string) => void) | undefined {
  const write = runningKernel()?.lastWriteDisplayData;
  if (!write) return undefined;
  const transient = { display_id: randomUUID() };
  const metadata = { quorumlab: { progress: true } };
  let update = false;
  return (html) => {
    write({ data: { "text/html": html }, metadata, transient }, update);
    update = true;
  };
}

/** The loaded copy of tslab that is running a cell, if there is one. */
function runningKernel(): KernelModule | undefined {
  const { cache } = createRequire(import.meta.url);
  return Object.entries(cache)
    .filter(([path]) => /[/\\]tslab[/\\]dist[/\\]jupyter\.js$/.test(path))
    .map(([, module]) => module?.exports as KernelModule)
    .find((exports) => Boolean(exports?.lastWriteDisplayData));
}
