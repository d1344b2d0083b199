/** Source of independent uniform draws: what a sampler needs to know of a random stream. */
export interface UniformSource {
  /** Next draw, an integer in [0, 2^32). */
  nextUint32(): number;
  /** Next draw, a double strictly inside (0, 1). */
  nextUniform(): number;
}
