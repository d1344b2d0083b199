import type { Distribution } from "../distribution.ts";
import { needOneOf, needRecord, refuse } from "../need.ts";
import { constantFamily } from "./constant.ts";
import { empiricalFromPercentilesFamily } from "./empiricalFromPercentiles.ts";
import { empiricalFromSamplesFamily } from "./empiricalFromSamples.ts";
import { exponentialFamily } from "./exponential.ts";
import type { DistributionFamily } from "./family.ts";
import { gammaFamily } from "./gamma.ts";
import { logNormalFamily } from "./logNormal.ts";
import { mixtureFamily } from "./mixture.ts";
import { paretoFamily } from "./pareto.ts";
import { shiftedFamily } from "./shifted.ts";
import { shiftedExponentialFamily } from "./shiftedExponential.ts";
import { truncatedNormalFamily } from "./truncatedNormal.ts";
import { uniformFamily } from "./uniform.ts";
import { weibullFamily } from "./weibull.ts";

/** All families of distributions: what `distributionFromJson` reads and the documentation lists. */
export const distributionFamilies: readonly DistributionFamily[] = [
  constantFamily,
  uniformFamily,
  exponentialFamily,
  shiftedExponentialFamily,
  truncatedNormalFamily,
  logNormalFamily,
  weibullFamily,
  gammaFamily,
  paretoFamily,
  empiricalFromSamplesFamily,
  empiricalFromPercentilesFamily,
  mixtureFamily,
  shiftedFamily,
];

/**
 * A distribution from its plain data: what `toJSON` gave, or a JSON file says.
 *
 * Durations may also be texts with a unit. Reading back what `toJSON` gave is exact.
 *
 * @param value an object with the `kind` of a family and its parameters
 * @throws {RangeError} if the kind is unknown (the error lists the kinds), or a parameter is unknown,
 * missing or out of range
 * @example
 * distributionFromJson({ kind: "exponential", meanMs: "5 ms" }).mean; // => 5
 */
export function distributionFromJson(value: unknown): Distribution {
  return readAt(value, "");
}

const where = "distributionFromJson";

/** Reads the distribution at a place inside the data, which errors name. */
function readAt(value: unknown, path: string): Distribution {
  const { kind, ...parameters } = needRecord(where, path || "value", value);
  const prefix = path && `${path}.`;
  const kinds = distributionFamilies.map((family) => family.kind);
  const name = needOneOf(where, `${prefix}kind`, kind, kinds);
  const family = distributionFamilies.find((candidate) => candidate.kind === name)!;
  const unknown = Object.keys(parameters).find((key) => !family.parameters.includes(key));
  if (unknown !== undefined) {
    const accepted = family.parameters.join(", ");
    refuse(where, `${prefix}parameters of ${name}`, `among ${accepted}`, unknown);
  }
  return family.read(parameters, (nested, at) => readAt(nested, prefix + at));
}
