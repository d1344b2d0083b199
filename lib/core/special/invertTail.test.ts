import fc from "fast-check";
import { expect, test } from "vitest";
import { invertTail, quantilesFromTails, type TailInversion } from "./invertTail.ts";

/** The obvious version: halve until nothing lies between. */
function bisect({ side, tail, level, floor }: TailInversion, top: number): number {
  const reached = (x: number) => (side === "lower" ? tail(x) >= level : tail(x) <= level);
  if (reached(floor)) return floor;
  let low = floor;
  let high = top;
  for (;;) {
    const x = low + (high - low) / 2;
    if (x === low || x === high) return high;
    if (reached(x)) high = x;
    else low = x;
  }
}

const exponentialTail = { tail: (x: number) => Math.exp(-x), density: (x: number) => Math.exp(-x) };
const level = fc.double({ min: 1e-300, max: 0.999, noNaN: true });
const start = fc.double({ min: 0, max: 1000, noNaN: true });

test("agrees with plain bisection to the last bit, from any first guess", () => {
  fc.assert(
    fc.property(level, start, (s, guess) => {
      const bounds = { low: 0, high: Infinity, start: guess, floor: 0 };
      const problem: TailInversion = { ...exponentialTail, ...bounds, side: "upper", level: s };
      expect(invertTail(problem)).toBe(bisect(problem, 1000));
    }),
  );
});

test("finds jumps exactly, without or with a misleading density", () => {
  // Half of the probability at 3, the rest exponential.
  const tail = (x: number) => (x < 3 ? 0.5 : 0) + 0.5 * Math.exp(-x);
  for (const density of [() => 0, (x: number) => 0.5 * Math.exp(-x)]) {
    for (const s of [0.9, 0.5, 0.3, 0.03, 0.02]) {
      const bounds = { low: 0, high: 50, start: 0.1, floor: 0 };
      const problem: TailInversion = { ...bounds, side: "upper", tail, density, level: s };
      expect(invertTail(problem)).toBe(bisect(problem, 50));
    }
  }
  const atJump: TailInversion = {
    ...{ low: 0, high: 50, start: 1, floor: 0 },
    ...{ side: "upper", tail, density: () => 0, level: 0.3 },
  };
  expect(invertTail(atJump)).toBe(3);
});

test("bounds that are off by rounding do no harm", () => {
  const wrong: TailInversion = {
    ...exponentialTail,
    ...{ side: "upper", level: 0.5, low: 0.69, high: 0.6931471805599452, start: 0.69, floor: 0 },
  };
  expect(invertTail(wrong)).toBe(bisect(wrong, 1));
  expect(invertTail({ ...wrong, low: 0.7, high: 0.8, start: 0.7 })).toBe(bisect(wrong, 1));
});

test("a first guess out of bounds, or none, is ignored", () => {
  for (const guess of [Number.NaN, -5, 1e9]) {
    const bounds = { low: 0, high: 1000, start: guess, floor: 0 };
    const problem: TailInversion = { ...exponentialTail, ...bounds, side: "upper", level: 0.3 };
    expect(invertTail(problem)).toBe(bisect(problem, 1000));
  }
});

test("the floor is the answer where the level is reached at once", () => {
  const problem: TailInversion = {
    ...exponentialTail,
    ...{ side: "upper", level: 0.5, low: 2, high: 9, start: 5, floor: 2 },
  };
  expect(invertTail(problem)).toBe(2);
});

test("two tails make one quantile function that does not fall where they meet", () => {
  const solvers = quantilesFromTails(
    (p) => (p === 0.5 ? 1 + 2 ** -52 : p),
    (s) => (s < 0.5 ? 1 : 2),
  );
  expect(solvers.quantile(0.5)).toBe(1 + 2 ** -52);
  expect(solvers.quantile(0.6)).toBe(1 + 2 ** -52);
  expect(solvers.upperQuantile(0.75)).toBe(0.25);
});
