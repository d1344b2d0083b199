// The counting kernel in plain TypeScript: the same draws, tables and operations, written to be read.
import { distributionFromJson } from "../../lib/core/distributions/registry.ts";
import { type QuantileTable, quantileTable, tableLayout } from "../../lib/core/quantileTable.ts";
import { RandomStream } from "../../lib/core/random.ts";
import { type CountPlan, chunkTrials } from "../../lib/quorum/countPlan.ts";
import { kernelStreams } from "../../lib/quorum/kernel/kernel.ts";

const blockTrials = 128;

const bits = new DataView(new ArrayBuffer(8));

/** Exponent of a positive double, and its fraction moved to [1, 2). */
function split(x: number): { exponent: number; t: number } {
  bits.setFloat64(0, x);
  const exponent = ((bits.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return { exponent, t: x / 2 ** exponent };
}

/** The value of a table for a 32-bit draw. */
export function tableValue(table: QuantileTable, word: number, nextDeep: () => number): number {
  const { cells, pieces, deep } = table;
  const { cellsPerOctave, exponentMin, exponentMax, exponentRefined, refinedMin } = tableLayout;
  const x = (word | 0) + 0.5;
  const side = x < 0 ? 1 : 0;
  let { exponent, t } = split(Math.abs(x));
  let range: ArrayLike<number>;
  if (exponent < exponentRefined) {
    ({ exponent, t } = split(Math.abs(x) - 0.5 + (nextDeep() + 0.5) / 2 ** 32));
    range = deep.subarray(2 * (side * (exponentRefined - refinedMin) + exponent - refinedMin));
  } else {
    const octave = side * (exponentMax - exponentMin + 1) + exponent - exponentMin;
    const cell = octave * cellsPerOctave + Math.floor((t - 1) * cellsPerOctave);
    const [c0, c1, c2, c3] = cells.subarray(4 * cell) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (!Number.isNaN(c0)) return ((c3 * t + c2) * t + c1) * t + c0;
    range = [c1, c2];
  }
  const [first, count] = [range[0]!, range[1]!];
  let piece = first;
  while (piece + 1 < first + count && pieces[5 * (piece + 1)]! <= t) piece++;
  const [c0, c1, c2, c3] = [1, 2, 3, 4].map((i) => pieces[5 * piece + i]!) as [
    number,
    number,
    number,
    number,
  ];
  return ((c3 * t + c2) * t + c1) * t + c0;
}

/** The four legs of all replicas in one trial, delays between sites included. */
export type TrialLegs = readonly { w: number; a: number; r: number; s: number }[];

/** The trials of one chunk, in their order. */
export function twinTrials(plan: CountPlan, chunk: number): TrialLegs[] {
  const { lanes, deep } = kernelStreams(plan.seed, chunk);
  const streams = lanes.map((state) => new RandomStream(state));
  const deepStream = new RandomStream(deep);
  const nextDeep = () => deepStream.nextUint32();
  const tables = plan.distributions.map((spec) => quantileTable(distributionFromJson(spec)));
  const column = () => Array.from({ length: blockTrials }, (_, i) => streams[i % 4]!.nextUint32());
  const trials = Math.min(chunkTrials, plan.trials - chunk * chunkTrials);
  const all: TrialLegs[] = [];
  while (all.length < trials) {
    const sites = plan.oneWayMs.length > 1 ? [column(), column()] : [];
    const writer = sites[0]?.map((word) => siteOf(plan.writers, word));
    const reader = sites[1]?.map((word) => siteOf(plan.readers, word));
    const legs = plan.legs.map((indices) =>
      indices.map((index) => column().map((word) => tableValue(tables[index]!, word, nextDeep))),
    );
    for (let i = 0; i < blockTrials; i++) {
      const write = plan.oneWayMs[writer?.[i] ?? 0]!;
      const read = plan.oneWayMs[reader?.[i] ?? 0]!;
      all.push(
        legs.map(([w, a, r, s], j) => ({
          w: w![i]! + write[j]!,
          a: a![i]! + write[j]!,
          r: r![i]! + read[j]!,
          s: s![i]! + read[j]!,
        })),
      );
    }
  }
  return all.slice(0, trials);
}

function siteOf(probabilities: readonly number[], word: number): number {
  let sum = 0;
  const last = probabilities.length - 1;
  const found = probabilities.findIndex((probability) => {
    sum += probability;
    return word < Math.round(sum * 2 ** 32);
  });
  return found < 0 ? last : found;
}

/** What one trial comes to. */
export interface TrialOutcome {
  readonly freshAfterMs: number;
  readonly readMs: number;
  readonly writeMs: number;
}

/** The definition: which replies the read uses, and when each of them has the write. */
export function outcome(legs: TrialLegs, { r, w }: { r: number; w: number }): TrialOutcome {
  const ascending = (x: number, y: number) => x - y;
  const writeMs = legs.map((leg) => leg.w + leg.a).sort(ascending)[w - 1]!;
  // Sorting is stable: of equally fast replies those of the first replicas come first.
  const replies = legs.map((leg) => ({ at: leg.r + leg.s, lead: leg.w - leg.r }));
  const used = replies.sort((x, y) => x.at - y.at).slice(0, r);
  const freshAfterMs = Math.min(...used.map(({ lead }) => lead)) - writeMs;
  return { freshAfterMs, readMs: used[r - 1]!.at, writeMs };
}
