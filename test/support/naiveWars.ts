import { randomStream } from "../../lib/core/random.ts";
import type { WarsModel } from "../../lib/quorum/wars.ts";

export interface NaiveTrials {
  readonly r: number;
  readonly w: number;
  readonly atMs: number;
  readonly trials: number;
  readonly seed: number;
}

/** Share of stale reads among trials, straight from the definition of WARS: slow, obvious. */
export function naiveStale(model: WarsModel, { r, w, atMs, trials, seed }: NaiveTrials): number {
  const random = randomStream({ seed, purpose: "naive", entity: 0 });
  const pick = (shares: readonly number[]): number => {
    const u = random.nextUniform();
    let sum = 0;
    for (const [site, share] of shares.entries()) {
      sum += share;
      if (u < sum) return site;
    }
    return shares.length - 1;
  };
  let stale = 0;
  for (let trial = 0; trial < trials; trial++) {
    const writer = model.oneWayMs[pick(model.writers)]!;
    const reader = model.oneWayMs[pick(model.readers)]!;
    const messages = model.replicas.map((legs, j) => {
      const written = legs.w.sample(random) + writer[j]!;
      const acknowledged = written + legs.a.sample(random) + writer[j]!;
      const asked = legs.r.sample(random) + reader[j]!;
      const replied = asked + legs.s.sample(random) + reader[j]!;
      return { written, acknowledged, asked, replied };
    });
    const commit = messages.map((m) => m.acknowledged).sort((a, b) => a - b)[w - 1]!;
    const first = messages.sort((a, b) => a.replied - b.replied).slice(0, r);
    if (first.every((m) => commit + atMs + m.asked < m.written)) stale++;
  }
  return stale / trials;
}
