import { randomStream } from "../core/random.ts";
import type { WarsModel } from "./wars.ts";

/** Coordinator sites at which the two operations of a trial start. */
export interface Sites {
  readonly reader: number;
  readonly writer: number;
}

/**
 * Draws the sites at which the operations of a trial start, from a stream of their own.
 *
 * The object returned is always the same one, and changes with the next draw.
 */
export function sitePicker(model: WarsModel, seed: number): () => Sites {
  const { writers, readers } = model;
  const sites: { reader: number; writer: number } = { reader: 0, writer: 0 };
  if (writers.length === 1) return () => sites;
  const stream = randomStream({ seed, purpose: "wars sites", entity: 0 });
  return () => {
    sites.writer = pick(writers, stream.nextUniform());
    sites.reader = pick(readers, stream.nextUniform());
    return sites;
  };
}

/** The index at which the cumulative probability first exceeds `u`. */
function pick(probabilities: readonly number[], u: number): number {
  let rest = u;
  let last = 0;
  for (let index = 0; index < probabilities.length; index++) {
    const probability = probabilities[index]!;
    if (probability === 0) continue;
    if (rest < probability) return index;
    rest -= probability;
    last = index;
  }
  return last;
}
