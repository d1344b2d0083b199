import { type LogHistogram, logBins, logHistogram } from "../../core/logHistogram.ts";
import { type RandomState, randomStream } from "../../core/random.ts";
import type { Comparator } from "./comparatorNetwork.ts";
import {
  histogramBytes,
  type KernelInput,
  type KernelMemory,
  kernelFields,
  layOutMemory,
  lowerTailBytes,
} from "./kernelMemory.ts";
import { warsKernelBase64 } from "./wars.generated.ts";

/** What was counted since the last reset. */
export interface KernelCounts {
  /** Stale reads at each time; empty where all pairs were counted. */
  readonly stale: readonly number[];
  /** `[time][r - 1][w - 1]`: stale reads of every pair; or empty. */
  readonly pairs: readonly (readonly (readonly number[])[])[];
  /** Histograms of T*, of which `fresh` are known not to be positive, of read and write latency. */
  histograms(fresh: number): readonly [LogHistogram, LogHistogram, LogHistogram];
}

/** The kernel with tables and parameters in its memory. */
export interface Kernel {
  /** Sets all counts to zero. */
  reset(): void;
  /** Draws trials from the given streams and counts them; at most 2^32 - 1 until the next reset. */
  run(streams: KernelStreams, trials: number): void;
  /** Reads the counts. */
  read(): KernelCounts;
}

/** States of the four streams that the kernel draws from side by side, and of the one for details. */
export interface KernelStreams {
  readonly lanes: readonly RandomState[];
  readonly deep: RandomState;
}

/** Streams of one chunk of trials, all derived from (seed, purpose, chunk). */
export function kernelStreams(seed: number, chunk: number): KernelStreams {
  const state = (purpose: string) => randomStream({ seed, purpose, entity: chunk }).state();
  return {
    lanes: [0, 1, 2, 3].map((lane) => state(`wars lane ${lane}`)),
    deep: state("wars deep"),
  };
}

/** What a kernel was loaded for. */
export interface KernelKey {
  readonly plan: object;
  readonly pairs: "one" | "all";
}

/** The one instance, as each reserves gigabytes of addresses; and what is in its memory. */
let instance: KernelExports | undefined;
let loaded: { readonly key: KernelKey; readonly kernel: Kernel } | undefined;

/** What is used of the engine's interface, which the types of Node lack. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  run(trials: number, allPairs: boolean): void;
}

/**
 * The kernel for a plan. Valid until the next call with another plan; a plan that is asked for again
 * is not loaded again.
 */
export function loadKernel(key: KernelKey, input: () => KernelInput): Kernel {
  if (loaded?.key.plan === key.plan && loaded.key.pairs === key.pairs) return loaded.kernel;
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(kernelBytes()))
    .exports as KernelExports;
  loaded = { key, kernel: load(instance, input()) };
  return loaded.kernel;
}

function load({ memory, run }: KernelExports, input: KernelInput): Kernel {
  const layout = layOutMemory(input);
  const missing = layout.size - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
  const { buffer } = memory;
  const view = new DataView(buffer);
  writeInput(view, input, layout);
  return {
    reset: () => void new Uint8Array(buffer).fill(0, layout.countsStart, layout.countsEnd),
    run(streams, trials) {
      writeStreams(view, layout, streams);
      run(trials, input.quorums === "all");
    },
    read: () => readCounts(buffer, input, layout),
  };
}

function kernelBytes(): Uint8Array {
  return Uint8Array.from(atob(warsKernelBase64), (character) => character.charCodeAt(0));
}

function writeInput(view: DataView, input: KernelInput, layout: KernelMemory): void {
  const { fields } = layout;
  kernelFields.forEach((name, i) => {
    view.setInt32(4 * i, fields[name], true);
  });
  writeNetwork(view, fields.writeNet, layout.writeNetwork);
  writeNetwork(view, fields.readNet, layout.readNetwork);
  input.legTables.flat().forEach((table, i) => {
    view.setInt32(fields.tables + 4 * i, layout.tables[table]!.cells, true);
  });
  writeDoubles(view, fields.delays, input.oneWayMs.flat());
  input.siteLimits.flat().forEach((limit, i) => {
    view.setUint32(fields.siteLimits + 4 * i, limit, true);
  });
  const never = Array.from({ length: fields.timesSize - input.timesMs.length }, () => Infinity);
  writeDoubles(view, fields.times, [...input.timesMs, ...never]);
  input.tables.forEach(({ cells, pieces, deep }, i) => {
    const at = layout.tables[i]!;
    writeDoubles(view, at.cells, cells.subarray(0, cells.length / 2));
    writeDoubles(view, at.cells + lowerTailBytes, cells.subarray(cells.length / 2));
    writeDoubles(view, at.cells + 8, [at.pieces, at.deep]);
    writeDoubles(view, at.pieces, pieces);
    writeDoubles(view, at.deep, deep);
  });
}

function writeNetwork(view: DataView, at: number, network: readonly Comparator[]): void {
  network.forEach(({ low, high }, i) => {
    view.setInt32(at + 8 * i, 16 * low, true);
    view.setInt32(at + 8 * i + 4, 16 * high, true);
  });
}

function writeDoubles(view: DataView, at: number, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) view.setFloat64(at + 8 * i, values[i]!, true);
}

/** Words a of all lanes, then words b, c and the counters. */
function writeStreams(view: DataView, { fields }: KernelMemory, streams: KernelStreams): void {
  const words = ["a", "b", "c", "counter"] as const;
  words.forEach((word, i) => {
    streams.lanes.forEach((state, lane) => {
      view.setUint32(fields.lanes + 16 * i + 4 * lane, state[word], true);
    });
    view.setUint32(fields.deep + 4 * i, streams.deep[word], true);
  });
}

function readCounts(buffer: ArrayBuffer, input: KernelInput, layout: KernelMemory): KernelCounts {
  const { fields } = layout;
  const bins = (i: number) =>
    new Uint32Array(buffer, fields.histograms + i * histogramBytes, logBins.count);
  const all = input.quorums === "all";
  // Entry c counts trials whose T* is above exactly c times.
  const above = [...new Uint32Array(buffer, fields.timeCounts, input.timesMs.length + 1)];
  return {
    stale: all ? [] : suffixSums(above).slice(1),
    pairs: all ? readPairs(buffer, input, fields.pairCounts) : [],
    histograms: (fresh) => [
      logHistogram(bins(0), fresh),
      logHistogram(bins(1)),
      logHistogram(bins(2)),
    ],
  };
}

function readPairs(
  buffer: ArrayBuffer,
  { timesMs, legTables }: KernelInput,
  start: number,
): number[][][] {
  const n = legTables.length;
  return timesMs.map((_, time) =>
    legTables.map((_, r) => {
      // Entry c counts trials that are stale for exactly the c smallest W.
      const at = start + 4 * (time * n + r) * (n + 1);
      return suffixSums([...new Uint32Array(buffer, at, n + 1)]).slice(1);
    }),
  );
}

/** Entry i is the sum of the entries from i on. */
function suffixSums(values: readonly number[]): number[] {
  const sums = [...values];
  for (let i = sums.length - 2; i >= 0; i--) sums[i]! += sums[i + 1]!;
  return sums;
}
