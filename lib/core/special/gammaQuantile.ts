import { gammaTerm, incompleteGamma } from "./incompleteGamma.ts";
import { invertTail } from "./invertTail.ts";
import { logGamma } from "./logGamma.ts";
import { normalUpperQuantile } from "./normal.ts";

/**
 * Inverse of the regularised incomplete gamma functions: the x with P(a, x) = `lower`, or with
 * Q(a, x) = `upper`.
 *
 * Newton's method on the logarithm of the tail, inside a bracket. A result below the smallest double is
 * that double.
 *
 * @param a shape, in [0.001, 1e6]
 * @param level probability, in (0, 1), of the tail that is given; best the smaller of the two
 * @example
 * gammaQuantile(1, { upper: 0.5 }); // => 0.69314718...
 */
export function gammaQuantile(
  a: number,
  level: { readonly lower: number } | { readonly upper: number },
): number {
  const bounds = {
    density: (x: number) => (x > 0 ? (a / x) * gammaTerm(a, x) : 0),
    ...{ low: 0, high: Infinity, floor: 0 },
  };
  return "upper" in level
    ? invertTail({
        ...bounds,
        side: "upper",
        tail: (x) => incompleteGamma(a, x).upper,
        level: level.upper,
        start: guessUpper(a, level.upper),
      })
    : invertTail({
        ...bounds,
        side: "lower",
        tail: (x) => incompleteGamma(a, x).lower,
        level: level.lower,
        start: guessLower(a, level.lower),
      });
}

/** Wilson and Hilferty: the cube root of a gamma variable is nearly normal. */
function wilsonHilferty(a: number, z: number): number {
  const root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  return root > 0 ? a * root ** 3 : 0;
}

/** First term of the series: P = x^a / gamma(a + 1) for small x. */
function guessLower(a: number, p: number): number {
  const byPower = Math.exp((Math.log(p) + logGamma(a + 1)) / a);
  const byNormal = wilsonHilferty(a, -normalUpperQuantile(p));
  return byPower < 0.2 * (a + 1) || byNormal === 0 ? byPower : byNormal;
}

/** For small shapes Q = exp(-x) x^(a-1) / gamma(a) for large x; elsewhere as above. */
function guessUpper(a: number, s: number): number {
  if (s > 0.5) return guessLower(a, 1 - s);
  const byNormal = wilsonHilferty(a, normalUpperQuantile(s));
  if (a >= 1) return byNormal;
  const x = -Math.log(s) - logGamma(a);
  return x > 1 ? x + (a - 1) * Math.log(x) : Math.max(guessLower(a, 1 - s), Number.MIN_VALUE);
}
