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
  /** One 32-bit integer: the number of the request that was answered last. */
  readonly signal: SharedArrayBuffer;
}

/** A chart to draw. */
export interface PictureRequest {
  readonly id: number;
  readonly spec: ChartSpec;
  readonly scale: number;
}

/** A chart to draw, and how long to wait for it. */
export interface PictureWish {
  readonly spec: ChartSpec;
  readonly scale: number;
  /** Longest wait, ms; 30 s if left out. */
  readonly patienceMs?: number;
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
const longestWaitMs = 30_000;

/**
 * Draws a chart and waits for it.
 *
 * tslab prints the last expression of a cell synchronously, but Vega draws asynchronously; a chart sent
 * later would land in another cell. So a thread draws while this one sleeps. It does not keep the
 * process alive.
 *
 * @throws {Error} if the chart cannot be drawn, or not within `patienceMs`
 */
export function waitForPicture({ spec, scale, patienceMs = longestWaitMs }: PictureWish): Picture {
  const { port, drawn } = startPictureThread();
  const id = ++thread!.requests;
  port.postMessage({ id, spec, scale } satisfies PictureRequest);
  waitForReply(drawn, id, patienceMs);
  // A reply that came after its wait had ended may still lie there.
  for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) {
    const reply = message.message as PictureReply;
    if (reply.id !== id) continue;
    if ("picture" in reply) return reply.picture;
    throw new Error(`drawing the chart failed: ${reply.error}`);
  }
  throw new Error(`drawing the chart took more than ${patienceMs / 1000} s`);
}

/** Sleeps until the reply to this request was posted; an earlier one that was late wakes it in vain. */
function waitForReply(drawn: Int32Array, id: number, patienceMs: number): void {
  const endMs = performance.now() + patienceMs;
  for (let last = Atomics.load(drawn, 0); last !== id; last = Atomics.load(drawn, 0)) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0 || Atomics.wait(drawn, 0, last, leftMs) === "timed-out") return;
  }
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
  // A thread that died is replaced at the next chart, instead of being waited for.
  worker.once("error", () => {
    thread = undefined;
  });
  thread = { port: port1, drawn: new Int32Array(signal), requests: 0 };
  return thread;
}
