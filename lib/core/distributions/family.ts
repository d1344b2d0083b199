import type { Distribution } from "../distribution.ts";

/** A family of distributions, as the registry lists it. */
export interface DistributionFamily {
  /** Name of the family: the `kind` of its plain data. */
  readonly kind: string;
  /** Parameters of its constructor, which are the other fields of its plain data. */
  readonly parameters: readonly string[];
  /** One line for the documentation. */
  readonly summary: string;
  /** Makes a distribution from plain data; `nested` reads a distribution inside it. */
  read(
    parameters: Record<string, unknown>,
    nested: (value: unknown, path: string) => Distribution,
  ): Distribution;
}

/** A family whose plain data are the parameters of its constructor. */
export function plainFamily<Parameters>(family: {
  readonly kind: string;
  readonly parameters: readonly (Parameters extends unknown ? keyof Parameters & string : never)[];
  readonly summary: string;
  readonly make: (parameters: Parameters) => Distribution;
}): DistributionFamily {
  const { make, ...listed } = family;
  // The constructor checks every parameter: that is what makes the data of this type.
  return { ...listed, read: (parameters) => make(parameters as unknown as Parameters) };
}
