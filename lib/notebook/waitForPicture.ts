import { extname } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { ChartSpec } from "../charts/chart.ts";
import type { Picture } from "./drawPicture.ts";

/** What the thread starts with. */
export interface PictureWorkerData {
  readonly port: MessagePort;
  /** One 32-bit integer: 1 once a reply was posted. */
  readonly signal: SharedArrayBuffer;
}

/** A chart to draw. */
export interface PictureRequest {
  readonly id: number;
  readonly spec: ChartSpec;
  readonly scale: number;
}

/** The drawing, or why there is none. */
export type PictureReply =
  | { readonly id: number; readonly picture: Picture }
  | { readonly id: number; readonly error: string };

interface PictureThread {
  readonly port: MessagePort;
  readonly drawn: Int32Array;
  requests: number;
}

/** The one thread of this process, once started. */
let thread: PictureThread | undefined;

/** Longest wait for one picture, ms: a machine under heavy load still draws in a tenth of it. */
const patienceMs = 30_000;

/**
 * Draws a chart and waits for it.
 *
 * tslab prints the last expression of a cell synchronously, but Vega draws asynchronously; a chart sent
 * later would land in another cell. So a thread draws while this one sleeps. It does not keep the
 * process alive.
 *
 * @throws {Error} if the chart cannot be drawn
 */
export function waitForPicture(spec: ChartSpec, scale: number): Picture {
  const { port, drawn } = startPictureThread();
  const id = ++thread!.requests;
  Atomics.store(drawn, 0, 0);
  port.postMessage({ id, spec, scale } satisfies PictureRequest);
  Atomics.wait(drawn, 0, 0, patienceMs);
  // A reply that came after its wait had ended may still lie there.
  for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) {
    const reply = message.message as PictureReply;
    if (reply.id !== id) continue;
    if ("picture" in reply) return reply.picture;
    throw new Error(`drawing the chart failed: ${reply.error}`);
  }
  throw new Error(`drawing the chart took more than ${patienceMs / 1000} s`);
}

/** Starts the thread ahead of the first chart, so that loading Vega takes place beside other work. */
export function startPictureThread(): PictureThread {
  if (thread) return thread;
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const workerData: PictureWorkerData = { port: port2, signal };
  // The same extension as this file: `.ts` from sources, `.js` once built.
  const file = new URL(`./pictureWorker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData, transferList: [port2], execArgv: [] });
  worker.unref();
  thread = { port: port1, drawn: new Int32Array(signal), requests: 0 };
  return thread;
}
