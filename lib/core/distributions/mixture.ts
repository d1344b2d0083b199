import type { Distribution } from "../distribution.ts";
import { needList, needNumber, needRecord, refuse } from "../need.ts";
import { quantilesFromTails } from "../special/invertTail.ts";
import { defineDistribution, shortNumber } from "./define.ts";
import type { DistributionFamily } from "./family.ts";
import { mixtureBreakpoints } from "./mixtureBreakpoints.ts";
import { lowerQuantile, type MixtureTails, upperQuantile } from "./mixtureQuantiles.ts";

/** One part of a mixture. */
export interface MixturePart {
  /** Probability that a value is drawn from this part, in [0, 1]. */
  readonly weight: number;
  readonly distribution: Distribution;
}

/** Weights may add up to 1 with this error, as printed ones do; they are then scaled. */
const weightTolerance = 1e-9;

/**
 * A value from one of several distributions, chosen with given probabilities.
 *
 * Quantiles are found by Newton's method inside a bracket, on the logarithm of the tail, down to
 * neighbouring doubles.
 *
 * @param parts weights in [0, 1], which must add up to 1, and the distributions
 * @throws {RangeError} if there is no part, or the weights are out of range or do not add up to 1
 * @see Bailis et al., Probabilistically Bounded Staleness, PVLDB 5(8), 2012, table 3: production
 * latencies fitted by a Pareto body and an exponential tail
 * @example
 * const body = pareto({ minMs: 0.235, alpha: 10 });
 * const tail = exponential({ ratePerMs: 1.66 });
 * mixture([{ weight: 0.9122, distribution: body }, { weight: 0.0878, distribution: tail }]).mean; // => 0.2910771...
 */
export function mixture(parts: readonly MixturePart[]): Distribution {
  const checked = needParts(parts);
  const used = scaled(checked);
  const weights = used.map(({ weight }) => weight);
  const distributions = used.map(({ distribution }) => distribution);
  const cdf = weighted(
    weights,
    distributions.map((d) => d.cdf),
  );
  const survival = weighted(
    weights,
    distributions.map((d) => d.survival),
  );
  const hasDensity = distributions.every((d) => d.pdf !== undefined);
  // Where a part has atoms, the density of the others still guides the search for quantiles.
  const density = weighted(
    weights,
    distributions.map((d) => d.pdf ?? (() => 0)),
  );
  const low = Math.min(...distributions.map((d) => d.support[0]));
  const high = Math.max(...distributions.map((d) => d.support[1]));
  const tails: MixtureTails = { parts: used, cdf, survival, density, floor: low };
  return defineDistribution({
    spec: {
      kind: "mixture",
      parts: checked.map(({ weight, distribution }) => ({
        weight,
        distribution: distribution.spec,
      })),
    },
    text: `mixture(${checked.map(describe).join(" + ")})`,
    mean: used.reduce((sum, { weight, distribution }) => sum + weight * distribution.mean, 0),
    support: [low, high],
    breakpoints: mixtureBreakpoints({ parts: used, survival, support: [low, high] }),
    ...(hasDensity && { pdf: density }),
    // Scaled weights may add up to one unit in the last place above 1.
    cdf: (x) => Math.min(1, cdf(x)),
    survival: (x) => Math.min(1, survival(x)),
    ...quantilesFromTails(
      (p) => lowerQuantile(tails, p),
      (s) => upperQuantile(tails, s),
    ),
  });
}

/** The mixture in the registry. */
export const mixtureFamily: DistributionFamily = {
  kind: "mixture",
  parameters: ["parts"],
  summary: "a value from one of several distributions, chosen with given weights",
  read: ({ parts }, nested) => {
    const read = needList("mixture", "parts", parts).map((part, i) => {
      const { weight, distribution } = needRecord("mixture", `parts[${i}]`, part);
      const path = `parts[${i}].distribution`;
      return { weight: weight as number, distribution: nested(distribution, path) };
    });
    return mixture(read);
  },
};

function needParts(parts: readonly MixturePart[]): readonly MixturePart[] {
  const list = needList("mixture", "parts", parts).map((part, i) => {
    const { weight, distribution } = needRecord("mixture", `parts[${i}]`, part);
    needNumber("mixture", `parts[${i}].weight`, weight, { min: 0, max: 1 });
    if (typeof (distribution as Distribution | undefined)?.upperQuantile !== "function") {
      refuse("mixture", `parts[${i}].distribution`, "a distribution", distribution);
    }
    return { weight, distribution } as MixturePart;
  });
  const total = totalWeight(list);
  if (Math.abs(total - 1) > weightTolerance) {
    refuse("mixture", "the sum of the weights", "1", total);
  }
  return list;
}

const totalWeight = (parts: readonly MixturePart[]): number =>
  parts.reduce((total, { weight }) => total + weight, 0);

function scaled(parts: readonly MixturePart[]): readonly MixturePart[] {
  const total = totalWeight(parts);
  return parts
    .filter(({ weight }) => weight > 0)
    .map(({ weight, distribution }) => ({ weight: weight / total, distribution }));
}

/** The weighted sum of functions of the parts. */
function weighted(
  weights: readonly number[],
  functions: readonly ((x: number) => number)[],
): (x: number) => number {
  return (x) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * functions[i]!(x);
    return sum;
  };
}

function describe({ weight, distribution }: MixturePart): string {
  return `${shortNumber(weight * 100)} % ${distribution}`;
}
