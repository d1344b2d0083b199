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
