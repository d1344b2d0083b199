/**
 * Abscissae and weights of the 15-point Kronrod rule on [-1, 1], and of the 7-point Gauss rule inside
 * it (0 where it has no point); the positive half, the middle last.
 *
 * @see Piessens et al., QUADPACK, 1983, table of QK15
 */
const nodes = [
  [0.9914553711208126, 0.022935322010529224, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.20778495500789848, 0.20443294007529889, 0],
  [0, 0.20948214108472782, 0.4179591836734694],
] as const;

/** Error, relative to the whole integral, at which a panel is accepted. */
const tolerance = 1e-11;
const panelsMax = 600;

interface Panel {
  readonly from: number;
  readonly to: number;
}

/**
 * Integral of a function, by adaptive Gauss-Kronrod quadrature (7 and 15 points).
 *
 * Panels are halved until the two rules differ by 1e-11 of the whole; at most 600 panels, so that a
 * function with many jumps costs a bounded time and loses digits instead.
 *
 * @param f integrand, of one sign
 * @param cuts ends of the range and points between them where `f` is not smooth, ascending
 */
export function integrate(f: (x: number) => number, cuts: readonly number[]): number {
  const panels: Panel[] = [];
  for (let i = 1; i < cuts.length; i++) panels.push({ from: cuts[i - 1]!, to: cuts[i]! });
  const first = panels.map((panel) => kronrod(f, panel));
  let estimate = first.reduce((sum, { value }) => sum + value, 0);
  const open = panels.map((panel, index) => ({ panel, ...first[index]! }));
  let total = 0;
  let panelsUsed = open.length;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { panel, value, error } = next;
    const middle = (panel.from + panel.to) / 2;
    const accepted = error <= tolerance * Math.abs(estimate) || panelsUsed >= panelsMax;
    if (accepted || middle <= panel.from || middle >= panel.to) {
      total += value;
      continue;
    }
    const halves = [
      { from: panel.from, to: middle },
      { from: middle, to: panel.to },
    ].map((half) => ({ panel: half, ...kronrod(f, half) }));
    estimate += halves[0]!.value + halves[1]!.value - value;
    panelsUsed++;
    open.push(...halves);
  }
  return total;
}

function kronrod(f: (x: number) => number, { from, to }: Panel): { value: number; error: number } {
  const centre = (from + to) / 2;
  const half = (to - from) / 2;
  let fine = 0;
  let coarse = 0;
  for (const [node, weight, gaussWeight] of nodes) {
    const sum = node === 0 ? f(centre) : f(centre - half * node) + f(centre + half * node);
    fine += weight * sum;
    coarse += gaussWeight * sum;
  }
  return { value: fine * half, error: Math.abs(fine - coarse) * half };
}
