/**
 * Staleness with exponential messages as an exact fraction: an oracle that shares nothing with the
 * library. Memoryless messages make WARS a Markov chain that only moves forward, so that the
 * probability of each end follows from its successors' by rational arithmetic.
 */

/** A fraction in lowest terms, denominator > 0. */
export type Fraction = readonly [numerator: bigint, denominator: bigint];

/** Rates of the four messages of one replica, integers, 1/ms. */
export interface ExponentialRates {
  readonly w: bigint;
  readonly a: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

export interface OracleQuestion {
  readonly replicas: readonly ExponentialRates[];
  readonly r: number;
  readonly w: number;
}

/** P(stale) for a read that starts at the commit, as a fraction. */
export function staleAtCommit(question: OracleQuestion): Fraction {
  return [...commitPatterns(question)].reduce<Fraction>(
    (sum, [pattern, probability]) => add(sum, times(probability, staleFrom(question, pattern))),
    [0n, 1n],
  );
}

/** P(stale) at time `t` after the commit: each missing write stays away with probability e^(-rate t). */
export function staleLater(question: OracleQuestion, t: number): number {
  const n = question.replicas.length;
  let total = 0;
  for (const [pattern, probability] of commitPatterns(question)) {
    for (let later = pattern; later < 1 << n; later++) {
      if ((later & pattern) !== pattern) continue;
      const moves = question.replicas.map(({ w }, j) => {
        if ((pattern >> j) & 1) return 1;
        const stays = Math.exp(-Number(w) * t);
        return (later >> j) & 1 ? 1 - stays : stays;
      });
      const reached = moves.reduce((product, move) => product * move, toNumber(probability));
      total += reached * toNumber(staleFrom(question, later));
    }
  }
  return total;
}

export function toNumber([numerator, denominator]: Fraction): number {
  return Number((numerator * 10n ** 30n) / denominator) / 1e30;
}

/** Which replicas have the write when the w-th acknowledgement comes (a bit each), with probability. */
function commitPatterns({ replicas, w }: OracleQuestion): Map<number, Fraction> {
  const patterns = new Map<number, Fraction>();
  // Stage of each replica: 0 write on its way, 1 acknowledgement on its way, 2 acknowledged.
  let frontier = new Map<string, Fraction>([["0".repeat(replicas.length), [1n, 1n]]]);
  while (frontier.size > 0) {
    const next = new Map<string, Fraction>();
    for (const [state, probability] of frontier) {
      const stages = [...state].map(Number);
      if (stages.filter((stage) => stage === 2).length === w) {
        const pattern = stages.reduce((bits, stage, j) => bits | (stage > 0 ? 1 << j : 0), 0);
        accumulate(patterns, pattern, probability);
        continue;
      }
      const rates = stages.map((stage, j) => [replicas[j]!.w, replicas[j]!.a, 0n][stage]!);
      const total = rates.reduce((sum, rate) => sum + rate, 0n);
      rates.forEach((rate, j) => {
        if (rate === 0n) return;
        const moved = stages.with(j, stages[j]! + 1).join("");
        accumulate(next, moved, times(probability, reduce(rate, total)));
      });
    }
    frontier = next;
  }
  return patterns;
}

// What a read has met at a replica: nothing yet, a fresh copy, a stale copy, or replied (stale).
type ReadStage = "asking" | "fresh" | "stale" | "replied";

/** P(stale) for a read that starts when the replicas of `pattern` have the write. */
function staleFrom({ replicas, r }: OracleQuestion, pattern: number): Fraction {
  const known = new Map<string, Fraction>();
  const visit = (has: number, stages: readonly ReadStage[]): Fraction => {
    if (stages.filter((stage) => stage === "replied").length === r) return [1n, 1n];
    const key = `${has} ${stages.join()}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const moves: [bigint, Fraction][] = [];
    stages.forEach((stage, j) => {
      const { w, r: request, s } = replicas[j]!;
      const hasIt = ((has >> j) & 1) === 1;
      const to = (next: ReadStage) => visit(has, stages.with(j, next));
      if (stage === "asking") {
        moves.push([request, to(hasIt ? "fresh" : "stale")]);
        if (!hasIt) moves.push([w, visit(has | (1 << j), stages)]);
      }
      if (stage === "stale") moves.push([s, to("replied")]);
      if (stage === "fresh") moves.push([s, [0n, 1n]]);
    });
    const total = moves.reduce((sum, [rate]) => sum + rate, 0n);
    const mean = moves.reduce<Fraction>(
      (sum, [rate, end]) => add(sum, times(reduce(rate, total), end)),
      [0n, 1n],
    );
    known.set(key, mean);
    return mean;
  };
  return visit(pattern, Array<ReadStage>(replicas.length).fill("asking"));
}

function accumulate<Key>(map: Map<Key, Fraction>, key: Key, probability: Fraction): void {
  map.set(key, add(map.get(key) ?? [0n, 1n], probability));
}

function add([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return reduce(a * d + c * b, b * d);
}

function times([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return reduce(a * c, b * d);
}

function reduce(numerator: bigint, denominator: bigint): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return [numerator / a, denominator / a];
}
