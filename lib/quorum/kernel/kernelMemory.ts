import { logBins } from "../../core/logHistogram.ts";
import { type QuantileTable, tableLayout } from "../../core/quantileTable.ts";
import { type Comparator, selectionNetwork, sortingNetwork } from "./comparatorNetwork.ts";

/** Trials that the kernel draws together. */
export const blockTrials = 128;

/** What a kernel counts, checked and made concrete. */
export interface KernelInput {
  /** Sizes of the quorums; `"all"` counts every pair (R, W) at every time, without histograms. */
  readonly quorums: { readonly r: number; readonly w: number } | "all";
  /** Different tables, and for each replica the indices of those of its legs W, A, R, S. */
  readonly tables: readonly QuantileTable[];
  readonly legTables: readonly (readonly number[])[];
  /** Delay from site (row) to replica (column), ms. */
  readonly oneWayMs: readonly (readonly number[])[];
  /** Writers, readers: an operation's site is the first whose limit is above a 32-bit word. */
  readonly siteLimits: readonly [readonly number[], readonly number[]];
  /** Times, ms, ascending. */
  readonly timesMs: readonly number[];
}

/** What the kernel is told, a 32-bit integer each, from address 0 on; same list in wars.as.ts. */
export const kernelFields = [
  "n",
  "sites",
  "readRank",
  "writeRank",
  "lanes",
  "deep",
  "tables",
  "delays",
  "siteLimits",
  "columns",
  "writeKeys",
  "readKeys",
  "leads",
  "scratch",
  "writeNet",
  "writeNetEnd",
  "readNet",
  "readNetEnd",
  "times",
  "timesSize",
  "timeCounts",
  "histograms",
  "pairCounts",
  "timesCount",
] as const;

/** Bytes of one histogram, rounded up to whole vectors. */
export const histogramBytes: number = Math.ceil((logBins.count * 4) / 16) * 16;

const tailBytes =
  (tableLayout.exponentMax - tableLayout.exponentMin + 1) *
  tableLayout.cellsPerOctave *
  tableLayout.cellSize *
  8;

/** The sign bit of a draw selects the tail: it adds this to the address of a cell. */
const lowerTailOffset = 2 ** 22;

/** Where everything is in a kernel's memory, in bytes. */
export interface KernelMemory {
  /** Values of `kernelFields`. */
  readonly fields: Readonly<Record<(typeof kernelFields)[number], number>>;
  readonly writeNetwork: readonly Comparator[];
  readonly readNetwork: readonly Comparator[];
  /** Cells of each table, its pieces and its list of refined octaves. */
  readonly tables: readonly {
    readonly cells: number;
    readonly pieces: number;
    readonly deep: number;
  }[];
  /** All counts lie between these. */
  readonly countsStart: number;
  readonly countsEnd: number;
  /** Bytes of memory needed. */
  readonly size: number;
}

/** Lays out the memory for an input. */
export function layOutMemory(input: KernelInput): KernelMemory {
  const { quorums, tables, legTables, oneWayMs, timesMs } = input;
  const n = legTables.length;
  const sites = oneWayMs.length;
  const all = quorums === "all";
  const writeNetwork = all ? sortingNetwork(n) : selectionNetwork(n, quorums.w);
  const readNetwork = all ? [] : selectionNetwork(n, quorums.r);
  const timesSize = 2 ** Math.ceil(Math.log2(timesMs.length + 1));
  const keys = (blockTrials / 2) * n * 16;
  let end = 0;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 16) * 16;
    return start;
  };
  take(kernelFields.length * 4);
  const writeNet = take(writeNetwork.length * 8);
  const readNet = take(readNetwork.length * 8);
  const fields = {
    n,
    sites,
    readRank: all ? 1 : quorums.r,
    writeRank: all ? 1 : quorums.w,
    lanes: take(64),
    deep: take(16),
    tables: take(n * 16),
    delays: take(sites * n * 8),
    siteLimits: take(2 * sites * 4),
    columns: take(6 * blockTrials * 8),
    writeKeys: take(keys),
    readKeys: take(keys),
    leads: take(keys),
    scratch: take(n * 16),
    writeNet,
    writeNetEnd: writeNet + writeNetwork.length * 8,
    readNet,
    readNetEnd: readNet + readNetwork.length * 8,
    times: take(timesSize * 8),
    timesSize,
    timesCount: timesMs.length,
    timeCounts: take(timesSize * 4),
    histograms: take(all ? 0 : 3 * histogramBytes),
    pairCounts: take(all ? timesMs.length * n * (n + 1) * 4 : 0),
  };
  const countsEnd = end;
  const lists = tables.map(({ pieces, deep }) => ({
    pieces: take(pieces.byteLength),
    deep: take(deep.byteLength),
  }));
  const cells = placeTables(tables.length, end);
  return {
    fields,
    writeNetwork,
    readNetwork,
    tables: lists.map((list, i) => ({ ...list, cells: cells.starts[i]! })),
    countsStart: fields.timeCounts,
    countsEnd,
    size: cells.end,
  };
}

/** Upper tails side by side, lower tails 4 MiB after them, so 64 tables in 8 MiB. */
function placeTables(count: number, start: number): { starts: number[]; end: number } {
  const perGroup = lowerTailOffset / tailBytes;
  const starts = Array.from({ length: count }, (_, i) => {
    const group = Math.floor(i / perGroup);
    return start + group * 2 * lowerTailOffset + (i % perGroup) * tailBytes;
  });
  return { starts, end: starts.at(-1)! + lowerTailOffset + tailBytes };
}

/** Second half of a table's cells, the lower tail, stands this many bytes after the first. */
export const lowerTailBytes: number = lowerTailOffset;
