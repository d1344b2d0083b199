// Thread that draws charts while the main thread waits: see waitForPicture.ts.
import { workerData } from "node:worker_threads";
import { drawPicture } from "./drawPicture.ts";
import type { PictureReply, PictureRequest, PictureWorkerData } from "./waitForPicture.ts";

const { port, signal } = workerData as PictureWorkerData;
const drawn = new Int32Array(signal);

port.on("message", async (request: PictureRequest) => {
  port.postMessage(await reply(request));
  Atomics.store(drawn, 0, request.id);
  Atomics.notify(drawn, 0);
});

async function reply({ id, spec, scale }: PictureRequest): Promise<PictureReply> {
  try {
    return { id, picture: await drawPicture(spec, scale) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
