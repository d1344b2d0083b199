import type { Distribution } from "../core/distribution.ts";
import type { UniformSource } from "../core/random.ts";
import { mixtureParts } from "./mixtureParts.ts";

/** Draws one value, from exactly one uniform. */
export type Sampler = (random: UniformSource) => number;

/** Smallest level that a part is asked for: below the uniforms' own smallest. */
const levelMin = 2 ** -54;

/**
 * A sampler of a distribution that does not search: mixtures draw from one of their parts.
 *
 * The uniform picks the part, and its place within the part's share is the uniform that the part is
 * drawn with: the distribution is exactly that of the mixture, for one uniform a draw. Inversion of a
 * mixture would be monotone in the uniform, but has no closed form: measured forty times slower.
 */
export function compositionSampler(distribution: Distribution): Sampler {
  const parts = mixtureParts(distribution);
  if (parts.length === 1) return (random) => distribution.sample(random);
  const weights = Float64Array.from(parts, ({ weight }) => weight);
  const draws = parts.map((part) => (level: number) => part.distribution.upperQuantile(level));
  const last = weights.length - 1;
  return (random) => {
    let level = random.nextUniform();
    let part = 0;
    while (part < last && level >= weights[part]!) level -= weights[part++]!;
    return draws[part]!(Math.min(1, Math.max(levelMin, level / weights[part]!)));
  };
}
