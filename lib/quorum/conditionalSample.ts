import type { Distribution } from "../core/distribution.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { compositionSampler, type Sampler } from "./compositionSampler.ts";
import { fastSurvival } from "./fastSurvival.ts";
import type { QuorumSizes } from "./question.ts";
import { sitePicker } from "./sitePicker.ts";
import { Smallest } from "./smallest.ts";
import type { WarsLegName, WarsLegs, WarsModel } from "./wars.ts";

/**
 * Random trials from which the staleness at every time follows: all latencies but the write messages
 * to the replicas that answer the read.
 *
 * Trial i is stale at time t with the conditional probability
 * prod over k < r of lateOf[writeOf[i r + k]](t + offsetsMs[i r + k]).
 */
export interface ConditionalSample {
  /** Number of independent trials. */
  readonly trials: number;
  /** Replies that a read waits for. */
  readonly r: number;
  /** Time from commit plus t to the moment a write message had to arrive by; r numbers a trial, ms. */
  readonly offsetsMs: Float64Array;
  /** Which of `writes` the replica's write message follows; r indices a trial. */
  readonly writeOf: Uint8Array;
  /** The different distributions of write messages. */
  readonly writes: readonly Distribution[];
  /** Their survival functions, P(W > x ms). */
  readonly lateOf: readonly ((ms: number) => number)[];
  /** No offset can be smaller than this, whatever the draws, ms. */
  readonly offsetMsMin: number;
}

/** How much to draw, and from which streams. */
export interface SampleSize {
  /** Number of trials, integer >= 1. */
  readonly trials: number;
  /** Seed of all streams, integer in [0, 2^53). */
  readonly seed: number;
}

/**
 * Draws the trials of the exact conditional estimator of staleness.
 *
 * A read is stale if each of its r replies comes from a replica j that the read request reached before
 * the write: commit + t + R_j < W_j. Such a replica has not acknowledged by the commit, so that the
 * commit is the w-th smallest W + A among the *other* n - r replicas, which is independent of W_j: given
 * everything else, replica j is late with probability P(W_j > commit + t + R_j), exactly, for t >= 0.
 * Needs r + w <= n; otherwise a read is never stale.
 *
 * A delay between the writer's site and replica j is part of W_j, one between the reader's site and
 * replica j of R_j; both go into the offset. Each replica draws from its own stream, always four draws
 * a trial, so that trials with other sizes or other replicas share what they have in common.
 */
export function conditionalSample(
  model: WarsModel,
  { r, w }: Pick<QuorumSizes, "r" | "w">,
  { trials, seed }: SampleSize,
): ConditionalSample {
  const { n, oneWayMs } = model;
  const writes = [...new Set(model.replicas.map((legs) => legs.w))];
  const writeOfReplica = model.replicas.map((legs) => writes.indexOf(legs.w));
  const replicas = samplers(model.replicas);
  const streams = replicas.map((_, entity) => randomStream({ seed, purpose: "wars", entity }));
  const pickSites = sitePicker(model, seed);
  const offsetsMs = new Float64Array(trials * r);
  const writeOf = new Uint8Array(trials * r);
  const requestMs = new Float64Array(n);
  const first = new Smallest(r);
  const acknowledged = new Smallest(w);
  const hasReplied = new Uint8Array(n);
  for (let trial = 0; trial < trials; trial++) {
    const sites = pickSites();
    const toReader = oneWayMs[sites.reader]!;
    const toWriter = oneWayMs[sites.writer]!;
    first.clear();
    for (let j = 0; j < n; j++) {
      const stream = streams[j]!;
      const request = toReader[j]! + replicas[j]!.r(stream);
      requestMs[j] = request;
      first.add(request + toReader[j]! + replicas[j]!.s(stream), j);
    }
    hasReplied.fill(0);
    for (let k = 0; k < r; k++) hasReplied[first.owners[k]!] = 1;
    acknowledged.clear();
    for (let j = 0; j < n; j++) {
      const stream = streams[j]!;
      if (hasReplied[j] === 1) skipTwo(stream);
      else {
        const write = replicas[j]!.w(stream);
        acknowledged.add(write + replicas[j]!.a(stream) + 2 * toWriter[j]!, j);
      }
    }
    const commit = acknowledged.values[w - 1]!;
    for (let k = 0; k < r; k++) {
      const j = first.owners[k]!;
      offsetsMs[trial * r + k] = commit + requestMs[j]! - toWriter[j]!;
      writeOf[trial * r + k] = writeOfReplica[j]!;
    }
  }
  const lateOf = writes.map(fastSurvival);
  return { trials, r, offsetsMs, writeOf, writes, lateOf, offsetMsMin: smallestOffset(model) };
}

/** Samplers of all legs, one for each different distribution. */
function samplers(replicas: readonly WarsLegs[]): Record<WarsLegName, Sampler>[] {
  const known = new Map<Distribution, Sampler>();
  const samplerOf = (leg: Distribution): Sampler => {
    const sampler = known.get(leg) ?? compositionSampler(leg);
    known.set(leg, sampler);
    return sampler;
  };
  return replicas.map((legs) => ({
    w: samplerOf(legs.w),
    a: samplerOf(legs.a),
    r: samplerOf(legs.r),
    s: samplerOf(legs.s),
  }));
}

function skipTwo(stream: RandomStream): void {
  stream.nextUniform();
  stream.nextUniform();
}

/** Smallest commit and read request that any draw can give, less the longest way of the write. */
function smallestOffset({ replicas, oneWayMs, writers, readers }: WarsModel): number {
  const possible = (shares: readonly number[]): readonly (readonly number[])[] =>
    oneWayMs.filter((_, site) => shares[site]! > 0);
  const low = (pick: (row: readonly number[], j: number) => number, rows: readonly number[][]) =>
    Math.min(...rows.flatMap((row) => replicas.map((_, j) => pick(row, j))));
  const reads = possible(readers) as number[][];
  const writes = possible(writers) as number[][];
  const request = low((row, j) => row[j]! + replicas[j]!.r.support[0], reads);
  const commit = low((row, j) => {
    const ways = replicas.map((_, other) => row[other]!);
    return replicas[j]!.w.support[0] + replicas[j]!.a.support[0] + 2 * row[j]! - Math.max(...ways);
  }, writes);
  return request + commit;
}
