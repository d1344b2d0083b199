import { expect, test } from "vitest";
import { distributionFromJson } from "./registry.ts";

/** One distribution with figures of a second implementation. */
interface Reference {
  readonly spec: unknown;
  readonly mean: number;
  /** x, P(X > x). */
  readonly survival: readonly (readonly [number, number])[];
  /** s, the x with P(X > x) = s. */
  readonly upperQuantile: readonly (readonly [number, number])[];
}

// Computed with mpmath 1.3, 60 digits, from the textbook formulas and mpmath's erfc, gammainc and
// gamma, of the doubles given; quantiles of gamma and mixture by 230 bisections.
const references: readonly Reference[] = [
  {
    spec: { kind: "exponential", meanMs: 5.0 },
    mean: 5.0,
    survival: [
      [0.001, 0.9998000199986667],
      [3.3, 0.5168513344916993],
      [80.0, 1.1253517471925912e-7],
      [3000.0, 2.6503965530043108e-261],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 4.656612875245797e-9],
      [0.9, 0.5268025782891314],
      [0.5, 3.4657359027997265],
      [0.1, 11.512925464970229],
      [0.001, 34.538776394910684],
      [1e-7, 80.5904782547916],
      [1e-16, 184.20680743952366],
      [1e-40, 460.51701859880916],
      [1e-150, 1726.9388197455344],
      [1e-300, 3453.8776394910683],
    ],
  },
  {
    spec: { kind: "exponential", ratePerMs: 1.66 },
    mean: 0.6024096385542169,
    survival: [
      [0.3, 0.6077449349024902],
      [400.0, 4.2507348559810195e-289],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 5.610376958127466e-10],
      [0.9, 0.06347019015531703],
      [0.5, 0.41755854250599117],
      [0.1, 1.387099453610871],
      [0.001, 4.161298360832613],
      [1e-7, 9.709696175276097],
      [1e-16, 22.193591257773935],
      [1e-40, 55.483978144434836],
      [1e-150, 208.06491804163065],
      [1e-300, 416.1298360832613],
    ],
  },
  {
    spec: { kind: "shiftedExponential", shiftMs: 2.0, meanMs: 3.0 },
    mean: 5.0,
    survival: [
      [2.1, 0.9672161004820059],
      [9.0, 0.09697196786440507],
      [1500.0, 1.3876779995505006e-217],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 2.0000000027939677],
      [0.9, 2.316081546973479],
      [0.5, 4.079441541679836],
      [0.1, 8.907755278982137],
      [0.001, 22.72326583694641],
      [1e-7, 50.35428695287496],
      [1e-16, 112.52408446371419],
      [1e-40, 278.3102111592855],
      [1e-150, 1038.1632918473206],
      [1e-300, 2074.326583694641],
    ],
  },
  {
    spec: { kind: "uniform", minMs: 150.0, maxMs: 300.0 },
    mean: 225.0,
    survival: [
      [150.5, 0.9966666666666667],
      [299.5, 0.003333333333333333],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 150.0000001396984],
      [0.9, 165.0],
      [0.5, 225.0],
      [0.1, 285.0],
      [0.001, 299.85],
      [1e-7, 299.999985],
      [1e-16, 300.0],
      [1e-40, 300.0],
      [1e-150, 300.0],
      [1e-300, 300.0],
    ],
  },
  {
    spec: { kind: "pareto", minMs: 0.235, alpha: 10.0 },
    mean: 0.2611111111111111,
    survival: [
      [0.23500001, 0.9999995744681838],
      [0.3, 0.08698934795517752],
      [10000000000.0, 5.136634007405275e-107],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 0.23500000002188606],
      [0.9, 0.23748906153277344],
      [0.5, 0.2518667636960289],
      [0.1, 0.2958474717716293],
      [0.001, 0.4688866440176867],
      [1e-7, 1.1777899990240899],
      [1e-16, 9.355518508007185],
      [1e-40, 2350.0],
      [1e-150, 235000000000000],
      [1e-300, 2.3499999999999997e29],
    ],
  },
  {
    spec: { kind: "pareto", minMs: 3.0, alpha: 1.5 },
    mean: 9.0,
    survival: [
      [5.0, 0.46475800154489005],
      [1e150, 5.196152422706632e-225],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 3.000000001862645],
      [0.9, 3.2182979486854326],
      [0.5, 4.762203155904598],
      [0.1, 13.924766500838336],
      [0.001, 300.0],
      [1e-7, 139247.66500838337],
      [1e-16, 139247665008.38336],
      [1e-40, 1.3924766500838337e27],
      [1e-150, 3e100],
      [1e-300, 3e200],
    ],
  },
  {
    spec: { kind: "weibull", scaleMs: 2.0, shape: 0.5 },
    mean: 4.0,
    survival: [
      [1e-6, 0.9992931431598983],
      [3.0, 0.29383265587807295],
      [500000.0, 7.124576406741286e-218],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 1.7347234775923942e-18],
      [0.9, 0.022201676519366113],
      [0.5, 0.9609060278364029],
      [0.1, 10.603796220956797],
      [0.001, 95.43416598861117],
      [1e-7, 519.586014826883],
      [1e-16, 2714.57183256494],
      [1e-40, 16966.073953530875],
      [1e-150, 238585.4149715279],
      [1e-300, 954341.6598861116],
    ],
  },
  {
    spec: { kind: "weibull", scaleMs: 2.0, shape: 3.0 },
    mean: 1.7859590231384983,
    survival: [
      [0.1, 0.9998750078121745],
      [2.0, 0.36787944117144233],
      [15.0, 6.053624060118734e-184],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 0.001953125000303165],
      [0.9, 0.9446174371393258],
      [0.5, 1.7699940890010355],
      [0.1, 2.6410009569073702],
      [0.001, 3.8089824952811093],
      [1e-7, 5.0520530841998275],
      [1e-16, 6.654905396800197],
      [1e-40, 9.032096222923487],
      [1e-150, 14.032411490385465],
      [1e-300, 17.679730617523337],
    ],
  },
  {
    spec: { kind: "logNormal", medianMs: 2.0, sigma: 0.5 },
    mean: 2.2662969061336526,
    survival: [
      [0.01, 1.0],
      [1.9, 0.5408544563579575],
      [10.0, 0.0006434710129138759],
      [100000000.0, 1.2116819645815452e-275],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 0.09910953739109028],
      [0.9, 1.0537670365920728],
      [0.5, 2.0],
      [0.1, 3.7959054146694213],
      [0.001, 9.37703236201792],
      [1e-7, 26.91855892697785],
      [1e-16, 122.0204054611094],
      [1e-40, 1554.0316014473458],
      [1e-150, 940933.527557269],
      [1e-300, 221668887.84175175],
    ],
  },
  {
    spec: { kind: "gamma", shape: 0.3, scaleMs: 4.0 },
    mean: 1.2,
    survival: [
      [0.001, 0.9074584709411129],
      [2.0, 0.18618819532560732],
      [2000.0, 3.068842808415553e-220],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 2.2001958884108824e-30],
      [0.9, 0.0012948984872937297],
      [0.5, 0.2925245434678076],
      [0.1, 3.5392430934409753],
      [0.001, 18.47574417116534],
      [1e-7, 52.67686303886014],
      [1e-16, 133.08806315741174],
      [1e-40, 351.46673396242767],
      [1e-150, 1360.8368957756877],
      [1e-300, 2740.4320264899306],
    ],
  },
  {
    spec: { kind: "gamma", shape: 7.5, scaleMs: 0.4 },
    mean: 3.0,
    survival: [
      [0.5, 0.9998727746123365],
      [3.1, 0.41603630555724813],
      [200.0, 1.3477289817709042e-203],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 0.09174910512082997],
      [0.9, 1.709351248340909],
      [0.5, 2.8677719021913295],
      [0.1, 4.461425916315738],
      [0.001, 7.539459643670766],
      [1e-7, 12.465182113651476],
      [1e-16, 22.21602439614961],
      [1e-40, 46.19859523656448],
      [1e-150, 150.56814541043033],
      [1e-300, 290.42793766209104],
    ],
  },
  {
    spec: { kind: "truncatedNormal", meanMs: 1.0, sdMs: 2.0 },
    mean: 2.018320867674067,
    survival: [
      [0.01, 0.997451023551946],
      [1.5, 0.5803549676112517],
      [40.0, 7.938414278552108e-85],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 3.6582676590604357e-9],
      [0.9, 0.37686061341657223],
      [0.5, 1.793742350179089],
      [0.1, 3.9643593568818143],
      [0.001, 7.39638266471768],
      [1e-7, 11.53500443244467],
      [1e-16, 17.532406859953973],
      [1e-40, 27.676913829897583],
      [1e-150, 53.274120487583595],
      [1e-300, 75.11409314637993],
    ],
  },
  {
    spec: { kind: "truncatedNormal", meanMs: -20.0, sdMs: 2.0, minMs: 1.0, maxMs: 3.0 },
    mean: 1.1871375499442876,
    survival: [
      [1.1, 0.5880583137558998],
      [2.0, 0.004408636480941778],
      [2.999, 8.872161203279757e-8],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 1.000000000175825],
      [0.9, 1.019881814116219],
      [0.5, 1.1304606006166742],
      [0.1, 1.4303536805525023],
      [0.001, 2.263895542817351],
      [1e-7, 2.998873289842358],
      [1e-16, 2.99999999999887],
      [1e-40, 3.0],
      [1e-150, 3.0],
      [1e-300, 3.0],
    ],
  },
  {
    spec: { kind: "truncatedNormal", meanMs: 10.0, sdMs: 3.0, minMs: 9.0, maxMs: 9.01 },
    mean: 9.005000921295936,
    survival: [
      [9.001, 0.9000498092991068],
      [9.0099, 0.010005464499915488],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 9.000000000009319],
      [0.9, 9.00100049831353],
      [0.5, 9.005001381943414],
      [0.1, 9.009000496686856],
      [0.001, 9.009990005510993],
      [1e-7, 9.009999999000552],
      [1e-16, 9.01],
      [1e-40, 9.01],
      [1e-150, 9.01],
      [1e-300, 9.01],
    ],
  },
  {
    spec: {
      kind: "mixture",
      parts: [
        { weight: 0.9122, distribution: { kind: "pareto", minMs: 0.235, alpha: 10.0 } },
        { weight: 0.0878, distribution: { kind: "exponential", ratePerMs: 1.66 } },
      ],
    },
    mean: 0.2910771218206158,
    survival: [
      [0.1, 0.9865706593618293],
      [0.3, 0.13271168848915157],
      [5.0, 0.000021819777468059125],
      [100.0, 4.685637541555092e-27],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 6.3899510082807055e-9],
      [0.9, 0.23692461528363798],
      [0.5, 0.2526431551794472],
      [0.1, 0.3154707929070389],
      [0.001, 2.695820195032674],
      [1e-7, 8.244217997498666],
      [1e-16, 20.728305871382833],
      [1e-40, 2328.5033605991503],
      [1e-150, 232850336059915.03],
      [1e-300, 2.3285033605991502e29],
    ],
  },
  {
    spec: {
      kind: "mixture",
      parts: [
        { weight: 0.38, distribution: { kind: "pareto", minMs: 1.05, alpha: 1.51 } },
        { weight: 0.62, distribution: { kind: "exponential", ratePerMs: 0.183 } },
      ],
    },
    mean: 4.569331083252973,
    survival: [
      [0.5, 0.945788016014247],
      [20.0, 0.020392534439725354],
      [1000000.0, 3.56270151300314e-10],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 8.208378065529383e-9],
      [0.9, 0.9611511828615528],
      [0.5, 2.462381072771521],
      [0.1, 10.638593259073652],
      [0.001, 54.678424681398596],
      [1e-7, 23914.53163263291],
      [1e-16, 21823619462.733215],
      [1e-40, 1.709883475932812e26],
      [1e-150, 1.2040614017880164e99],
      [1e-300, 2.620577325336906e198],
    ],
  },
  {
    spec: { kind: "shifted", byMs: 7.5, distribution: { kind: "gamma", shape: 7.5, scaleMs: 0.4 } },
    mean: 10.5,
    survival: [
      [8.0, 0.9998727746123365],
      [30.0, 5.3313556295198197e-17],
    ],
    upperQuantile: [
      [1 - 2 ** -30, 7.59174910512083],
      [0.9, 9.209351248340909],
      [0.5, 10.36777190219133],
      [0.1, 11.961425916315738],
      [0.001, 15.039459643670765],
      [1e-7, 19.965182113651476],
      [1e-16, 29.71602439614961],
      [1e-40, 53.69859523656448],
      [1e-150, 158.06814541043033],
      [1e-300, 297.92793766209104],
    ],
  },
];

// The exponent of a probability of 1e-300 is 690, whose rounding alone is worth 8e-14.
const tolerance = 1e-13;

test.each(references)("$spec agrees with mpmath down to 1e-300", (reference) => {
  const distribution = distributionFromJson(reference.spec);
  const error = (computed: number, exact: number) => Math.abs(computed / exact - 1);
  expect(error(distribution.mean, reference.mean)).toBeLessThan(tolerance);
  for (const [x, survival] of reference.survival) {
    expect(error(distribution.survival(x), survival), `survival(${x})`).toBeLessThan(tolerance);
    expect(Math.abs(distribution.cdf(x) - (1 - survival))).toBeLessThan(tolerance);
  }
  for (const [s, x] of reference.upperQuantile) {
    expect(error(distribution.upperQuantile(s), x), `upperQuantile(${s})`).toBeLessThan(tolerance);
    // The complement of a level near 1/2 or above is exact: the same value by the other function.
    if (s >= 0.1) expect(error(distribution.quantile(1 - s), x)).toBeLessThan(1e-12);
  }
});

// P(X <= x) just above the lower end of the support; mpmath, 90 digits, 1 - P(X > x).
const lowerTails: readonly { spec: unknown; x: number; cdf: number }[] = [
  { spec: { kind: "exponential", meanMs: 5.0 }, x: 1e-20, cdf: 2e-21 },
  {
    spec: { kind: "shiftedExponential", shiftMs: 2.0, meanMs: 3.0 },
    x: 2.000000001,
    cdf: 3.3333336085790143e-10,
  },
  {
    spec: { kind: "uniform", minMs: 150.0, maxMs: 300.0 },
    x: 150.0000001,
    cdf: 6.666666270878825e-10,
  },
  {
    spec: { kind: "pareto", minMs: 0.235, alpha: 10.0 },
    x: 0.23500000001,
    cdf: 4.2553195000269297e-10,
  },
  { spec: { kind: "pareto", minMs: 0.235, alpha: 10.0 }, x: 0.24, cdf: 0.18984856498262362 },
  { spec: { kind: "weibull", scaleMs: 2.0, shape: 0.5 }, x: 1e-40, cdf: 7.071067811865475e-21 },
  { spec: { kind: "logNormal", medianMs: 2.0, sigma: 0.5 }, x: 0.01, cdf: 1.5444811642264515e-26 },
  { spec: { kind: "gamma", shape: 0.3, scaleMs: 4.0 }, x: 1e-30, cdf: 7.351259022738001e-10 },
  { spec: { kind: "gamma", shape: 7.5, scaleMs: 0.4 }, x: 1e-8, cdf: 6.8763184223072146e-62 },
  {
    spec: { kind: "truncatedNormal", meanMs: 1.0, sdMs: 2.0 },
    x: 1e-9,
    cdf: 2.545802169503393e-10,
  },
  {
    spec: { kind: "truncatedNormal", meanMs: -20.0, sdMs: 2.0, minMs: 1.0, maxMs: 3.0 },
    x: 1.0000001,
    cdf: 5.296871466935393e-7,
  },
  {
    spec: { kind: "truncatedNormal", meanMs: 10.0, sdMs: 3.0, minMs: 9.0, maxMs: 9.01 },
    x: 9.0000001,
    cdf: 0.000009994463981412113,
  },
  {
    spec: {
      kind: "mixture",
      parts: [
        { weight: 0.9122, distribution: { kind: "pareto", minMs: 0.235, alpha: 10.0 } },
        { weight: 0.0878, distribution: { kind: "exponential", ratePerMs: 1.66 } },
      ],
    },
    x: 1e-12,
    cdf: 1.4574799999987902e-13,
  },
];

test.each(lowerTails)("$spec: the lower tail at $x is accurate in relative terms", (reference) => {
  const { cdf, quantile } = distributionFromJson(reference.spec);
  expect(Math.abs(cdf(reference.x) / reference.cdf - 1)).toBeLessThan(tolerance);
  expect(Math.abs(quantile(reference.cdf) / reference.x - 1)).toBeLessThan(tolerance);
});

test("the comparison sees an error in the twelfth digit", () => {
  const { upperQuantile } = distributionFromJson({ kind: "exponential", meanMs: 5 * (1 + 1e-12) });
  expect(Math.abs(upperQuantile(0.5) / references[0]!.upperQuantile[2]![1] - 1)).toBeGreaterThan(
    tolerance,
  );
});
