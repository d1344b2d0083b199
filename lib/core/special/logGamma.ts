/**
 * Natural logarithm of the gamma function.
 *
 * Taylor series around 1 and 2, where the logarithm is zero and differences would lose all digits;
 * the recurrence between; Stirling's series from 8 on. Relative error below 1e-14 everywhere.
 *
 * @param x in (0, Infinity]; other values give `NaN`
 * @see NIST Digital Library of Mathematical Functions, 5.5.1, 5.7.3 and 5.11.1
 * @example
 * logGamma(0.5); // => 0.572364942924...
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x < 0.5) return logGamma1p(x) - Math.log(x);
  if (x < 1.5) return logGamma1p(x - 1);
  if (x <= 2.5) return logGamma2p(x - 2);
  if (x < 8) return logGammaByRecurrence(x);
  if (x === Infinity) return Infinity;
  return (x - 0.5) * (Math.log(x) - 1) + (halfLogTwoPi - 0.5) + stirlingSeries(x);
}

/** Logarithm of gamma(1 + z) for z in [-0.5, 0.5], accurate in relative terms near z = 0. */
export function logGamma1p(z: number): number {
  return logGamma2p(z) - Math.log1p(z);
}

/**
 * What Stirling's formula leaves out: logGamma(x) - (x - 1/2) log x + x - log(2 pi) / 2.
 *
 * @param x in (0, Infinity)
 * @see Loader, Fast and Accurate Computation of Binomial Probabilities, 2000
 */
export function stirlingError(x: number): number {
  if (x >= 8) return stirlingSeries(x);
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - halfLogTwoPi;
}

const halfLogTwoPi = 0.9189385332046728;

/** 1 - Euler's constant. */
const oneMinusEuler = 0.42278433509846713;

/** Riemann's zeta(k) - 1 for k = 2, 3, ..., 31 (computed with mpmath, 40 digits). */
const zetaMinusOne: readonly number[] = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  0.00006124813505870483, 0.00003058823630702049, 0.00001528225940865187, 0.000007637197637899763,
  0.00000381729326499984, 0.000001908212716553939, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8, 7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9,
  9.313274324196682e-10, 4.656629065033784e-10,
];

/** Logarithm of gamma(2 + z) for z in [-0.5, 0.5]: DLMF 5.7.3. The first term left out is 1e-19. */
function logGamma2p(z: number): number {
  let sum = 0;
  for (let i = zetaMinusOne.length - 1; i >= 0; i--) {
    sum = zetaMinusOne[i]! / (i + 2) - z * sum;
  }
  return z * (oneMinusEuler + z * sum);
}

/** From (2.5, 8) down to (1.5, 2.5], where the logarithm is above -0.13. */
function logGammaByRecurrence(x: number): number {
  let product = 1;
  let rest = x;
  while (rest > 2.5) {
    rest -= 1;
    product *= rest;
  }
  return Math.log(product) + logGamma2p(rest - 2);
}

/** B(2n) / (2n (2n - 1)) for n = 1, 2, ..., 9: DLMF 5.11.1. */
const stirlingCoefficients: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
];

function stirlingSeries(x: number): number {
  const inverseSquare = 1 / x / x;
  let sum = 0;
  for (let i = stirlingCoefficients.length - 1; i >= 0; i--) {
    sum = stirlingCoefficients[i]! + inverseSquare * sum;
  }
  return sum / x;
}
