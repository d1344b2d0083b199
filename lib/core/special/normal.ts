/** Density of the standard normal distribution at z. */
export function normalDensity(z: number): number {
  return inverseRootTwoPi * expMinusHalfSquare(Math.abs(z));
}

/**
 * P(Z > z) of the standard normal distribution, with a relative error of a few units in the last
 * place down to the smallest normal double (z = 37.5).
 *
 * Rational approximations in three ranges of |z|.
 *
 * @param z any number
 * @returns probability, in [0, 1]
 * @see Cody, Rational Chebyshev Approximations for the Error Function, Math. Comp. 23, 1969; Cody,
 * Algorithm 715, ACM TOMS 19, 1993 (ANORM)
 * @example
 * normalSurvival(1.96); // => 0.0249978951...
 */
export function normalSurvival(z: number): number {
  const y = Math.abs(z);
  if (y <= 0.67448975) return 0.5 - z * centralRatio(z * z);
  const tail = expMinusHalfSquare(y) * (y <= Math.sqrt(32) ? middleRatio(y) : farRatio(y));
  return z > 0 ? tail : 1 - tail;
}

/**
 * The z with P(Z > z) = s, with a relative error of a few units in the last place.
 *
 * @param s in (0, 1)
 * @see Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied
 * Statistics 37, 1988 (PPND16)
 * @example
 * normalUpperQuantile(0.025); // => 1.9599639845...
 */
export function normalUpperQuantile(s: number): number {
  const q = 0.5 - s;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(wichuraA, r)) / polynomial(wichuraB, r);
  }
  const root = Math.sqrt(-Math.log(Math.min(s, 1 - s)));
  const near = root <= 5;
  const r = near ? root - 1.6 : root - 5;
  const z = near
    ? polynomial(wichuraC, r) / polynomial(wichuraD, r)
    : polynomial(wichuraE, r) / polynomial(wichuraF, r);
  return s < 0.5 ? z : -z;
}

const inverseRootTwoPi = 0.3989422804014327;

/** exp(-y^2 / 2) for y >= 0: the square is split, so that its rounding does not grow with y. */
function expMinusHalfSquare(y: number): number {
  if (y > 40) return 0;
  const head = Math.trunc(y * 16) / 16;
  return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (y - head) * (y + head));
}

/** Horner's scheme, constant first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

/** P(0 < Z < z) / z as a function of z^2. */
function centralRatio(square: number): number {
  return polynomial(codyA, square) / polynomial(codyB, square);
}

/** P(Z > y) exp(y^2 / 2) in the middle range. */
function middleRatio(y: number): number {
  return polynomial(codyC, y) / polynomial(codyD, y);
}

/** P(Z > y) exp(y^2 / 2) in the far range. */
function farRatio(y: number): number {
  const inverse = 1 / (y * y);
  const correction = (inverse * polynomial(codyP, inverse)) / polynomial(codyQ, inverse);
  return (inverseRootTwoPi - correction) / y;
}

// Coefficients of Cody's ANORM, constant term first.
const codyA: readonly number[] = [
  18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837,
  0.06568233791820745,
];
const codyB: readonly number[] = [
  45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1,
];
const codyC: readonly number[] = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002,
  93.50665613217785, 8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
];
const codyD: readonly number[] = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761,
  1519.3775994075547, 235.387901782625, 22.266688044328117, 1,
];
const codyP: readonly number[] = [
  0.000029112874951168793, 0.0014216191932278934, 0.022235277870649807, 0.12740116116024736,
  0.215898534057957, 0.023073441764940174,
];
const codyQ: readonly number[] = [
  0.00007297515550839662, 0.0037823963320275824, 0.06598813786892856, 0.4682382124808651,
  1.284260096144911, 1,
];

// Coefficients of Wichura's PPND16, constant term first.
const wichuraA: readonly number[] = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const wichuraB: readonly number[] = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const wichuraC: readonly number[] = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const wichuraD: readonly number[] = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const wichuraE: readonly number[] = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const wichuraF: readonly number[] = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];
