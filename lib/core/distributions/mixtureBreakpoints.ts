import type { Distribution } from "../distribution.ts";

interface Mixed {
  readonly parts: readonly { readonly distribution: Distribution }[];
  readonly survival: (x: number) => number;
  readonly support: readonly [number, number];
}

/** With more of them a table sampler gains nothing. */
const maxBreakpoints = 1000;

/** Levels that differ less, in relative terms, are one level, computed twice. */
const sameLevel = 1e-12;

/** A jump of the survival function between neighbouring doubles that is not just a density. */
const smallestAtom = 1e-13;

/**
 * Survival levels at which a mixture's quantile function is not smooth: those that its parts reach at
 * the ends of their supports and at their own breakpoints, on both sides of an atom there.
 */
export function mixtureBreakpoints({
  parts,
  survival,
  support,
}: Mixed): readonly number[] | "everywhere" {
  const values: number[] = [];
  for (const { distribution } of parts) {
    if (distribution.breakpoints === "everywhere") return "everywhere";
    values.push(...distribution.support, ...distribution.breakpoints.flatMap(ends(distribution)));
  }
  const levels = values
    .filter((x) => x >= support[0] && x < Infinity)
    .flatMap((x) => {
      const [at, before] = [survival(x), survival(below(x))];
      return before - at > smallestAtom ? [before, at] : [at];
    })
    .filter((level) => level > 0 && level < 1 - sameLevel)
    .sort((a, b) => b - a);
  const distinct = levels.filter((level, i) => i === 0 || levels[i - 1]! > level * (1 + sameLevel));
  return distinct.length > maxBreakpoints ? "everywhere" : distinct;
}

/** Values on both sides of a jump of a part's quantile function. */
const ends = (distribution: Distribution) => (level: number) => [
  distribution.upperQuantile(level),
  distribution.upperQuantile(level * (1 - 2 ** -50)),
];

/** The double below a positive one: the survival there is P(X >= x). */
const below = (x: number): number => x - Math.max(x * (2 ** -53 * 1.01), Number.MIN_VALUE);
