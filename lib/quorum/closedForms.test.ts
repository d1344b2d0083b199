import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QuorumSizes } from "./question.ts";
import {
  exponentialStaleness,
  spreadStaleReadProbability,
  staleVersionsBound,
} from "./spreadStaleness.ts";
import { stalenessLoadBound } from "./stalenessLoadBound.ts";
import { staleMonotonicReadProbability, staleReadProbability } from "./staleReadProbability.ts";

const sizes = (max: number) =>
  fc.integer({ min: 1, max }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      r: fc.integer({ min: 1, max: n }),
      w: fc.integer({ min: 1, max: n }),
    }),
  );

/** C(n, k) as an exact integer. */
function choose(n: number, k: number): bigint {
  if (k > n) return 0n;
  let result = 1n;
  for (let i = 0; i < k; i++) result = (result * BigInt(n - i)) / BigInt(i + 1);
  return result;
}

const ratio = (a: bigint, b: bigint): number => Number((a * 10n ** 40n) / b) / 1e40;

describe("versions (eq. 1 and 2)", () => {
  test("N=100, R=W=30: 1.88434903e-6", () => {
    expect(staleReadProbability({ n: 100, r: 30, w: 30 })).toBeCloseTo(1.88434903e-6, 14);
  });

  test.each([
    [2, 0.5556, 4],
    [3, 0.7037, 4],
    [5, 0.8683, 4],
    [10, 0.98266, 5],
  ])("N=3, R=W=1: within %i versions with probability %d", (k, printed, digits) => {
    expect(1 - staleReadProbability({ n: 3, r: 1, w: 1 }, k)).toBeCloseTo(printed, digits);
  });

  test("are the ratio of exact binomials, for all sizes", () => {
    fc.assert(
      fc.property(sizes(100), fc.integer({ min: 1, max: 5 }), ({ n, r, w }, k) => {
        const exact = ratio(choose(n - w, r), choose(n, r)) ** k;
        const value = staleReadProbability({ n, r, w }, k);
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-12 * exact + 1e-38);
      }),
    );
  });

  test("are what counting all pairs of quorums gives, for n <= 5", () => {
    let cases = 0;
    for (let n = 1; n <= 5; n++) {
      const subsets = (size: number) =>
        Array.from({ length: 1 << n }, (_, bits) => bits).filter(
          (bits) => bits.toString(2).replaceAll("0", "").length === size,
        );
      for (let r = 1; r <= n; r++) {
        for (let w = 1; w <= n; w++) {
          const pairs = subsets(r).flatMap((read) => subsets(w).map((write) => read & write));
          const missed = pairs.filter((common) => common === 0).length;
          expect(staleReadProbability({ n, r, w })).toBeCloseTo(missed / pairs.length, 12);
          cases++;
        }
      }
    }
    expect(cases).toBe(1 + 4 + 9 + 16 + 25);
  });
});

describe("monotonic reads (eq. 3)", () => {
  test("without other writes are one version, with as many as reads two", () => {
    const one = { n: 3, r: 1, w: 1 };
    const rates = (writesPerS: number) => ({ writesPerS, readsPerS: 4 });
    expect(staleMonotonicReadProbability(one, rates(0))).toBeCloseTo(2 / 3, 12);
    expect(staleMonotonicReadProbability(one, rates(4))).toBeCloseTo(4 / 9, 12);
    expect(staleMonotonicReadProbability(one, rates(2))).toBeCloseTo((2 / 3) ** 1.5, 12);
  });
});

describe("spreading writes (eq. 4, corrected)", () => {
  test("is eq. 1 where the write stays, 0 where everybody has it", () => {
    fc.assert(
      fc.property(sizes(20), (quorum) => {
        const stays = Array.from({ length: quorum.n - quorum.w + 1 }, (_, i) => (i === 0 ? 1 : 0));
        const value = spreadStaleReadProbability(quorum, stays);
        expect(value).toBeCloseTo(staleReadProbability(quorum), 12);
        expect(spreadStaleReadProbability(quorum, stays.fill(1))).toBe(0);
      }),
    );
  });

  test("is the mean over the number of replicas that have the write", () => {
    // Of three replicas 1, 2, 3 have it with probability 0.2, 0.5, 0.3: 0.2 * 2/3 + 0.5 * 1/3.
    const value = spreadStaleReadProbability({ n: 3, r: 1, w: 1 }, [1, 0.8, 0.3]);
    expect(value).toBeCloseTo(0.3, 12);
  });

  test("agrees with exponential messages where reads are instantaneous", () => {
    // W ~ exp(1), all else at once, w = 1: at t after the first arrival each other replica has the
    // write with probability 1 - e^-t, so that exactly 1 + binomial(2, 1 - e^-t) of three have it.
    const stays = Math.exp(-0.7);
    const two = 1 - stays ** 2;
    const three = (1 - stays) ** 2;
    const value = spreadStaleReadProbability({ n: 3, r: 1, w: 1 }, [1, two, three]);
    expect(value).toBeCloseTo((2 / 3) * stays, 12);
    const spread = { staleAtCommit: 2 / 3, r: 1, writeRatePerMs: 1 };
    expect(exponentialStaleness(spread, 0.7)).toBeCloseTo(value, 12);
  });
});

test("<k,t> (eq. 5): the k-th power", () => {
  expect(staleVersionsBound(0.5, 3)).toBe(0.125);
});

describe("load bound (corrected)", () => {
  test("is 1/sqrt(N) for strict quorums, 0 for reads of nothing", () => {
    expect(stalenessLoadBound({ n: 9, staleProbability: 0, k: 3 })).toBeCloseTo(1 / 3, 12);
    expect(stalenessLoadBound({ n: 9, staleProbability: 1, k: 3 })).toBe(0);
  });

  test("falls with tolerance; is met by the quorums of eq. 1", () => {
    fc.assert(
      fc.property(sizes(100), fc.integer({ min: 1, max: 9 }), ({ n, r, w }, k) => {
        const staleProbability = staleReadProbability({ n, r, w }, k);
        const bound = stalenessLoadBound({ n, staleProbability, k });
        // Load of random quorums under the mix of reads and writes that suits them best.
        expect(bound).toBeLessThanOrEqual(Math.max(r, w) / n + 1e-12);
      }),
    );
  });
});

describe("refusals", () => {
  const bad: [string, () => number, string][] = [
    ["n = 0", () => staleReadProbability({ n: 0, r: 1, w: 1 }), "n"],
    ["n = 101", () => staleReadProbability({ n: 101, r: 1, w: 1 }), "n"],
    ["r > n", () => staleReadProbability({ n: 3, r: 4, w: 1 }), "r"],
    ["w = 0", () => staleReadProbability({ n: 3, r: 1, w: 0 }), "w"],
    ["w = 1.5", () => staleReadProbability({ n: 3, r: 1, w: 1.5 }), "w"],
    ["k = 0", () => staleReadProbability({ n: 3, r: 1, w: 1 }, 0), "k"],
    ["no reads", () => monotonic(1, 0), "readsPerS"],
    ["negative writes", () => monotonic(-1, 1), "writesPerS"],
    ["a short list", () => spreadStaleReadProbability(three, [1, 0]), "haveAtLeast"],
    ["not 1 at first", () => spreadStaleReadProbability(three, [0.9, 0, 0]), "haveAtLeast"],
    ["a rise", () => spreadStaleReadProbability(three, [1, 0.2, 0.3]), "haveAtLeast\\[2\\]"],
    ["NaN", () => spreadStaleReadProbability(three, [1, Number.NaN, 0]), "haveAtLeast\\[1\\]"],
    ["p > 1", () => staleVersionsBound(1.1, 1), "staleProbability"],
    ["k = 0", () => staleVersionsBound(0.1, 0), "k"],
    ["load, p < 0", () => stalenessLoadBound({ n: 3, staleProbability: -1, k: 1 }), "staleProb"],
    ["load, k = 0", () => stalenessLoadBound({ n: 3, staleProbability: 0, k: 0 }), "k"],
    ["load, n = 0", () => stalenessLoadBound({ n: 0, staleProbability: 0, k: 1 }), "n"],
    ["rate 0", () => exponentialStaleness({ ...exp, writeRatePerMs: 0 }, 1), "writeRatePerMs"],
    ["r = 0", () => exponentialStaleness({ ...exp, r: 0 }, 1), "r"],
    ["t < 0", () => exponentialStaleness(exp, -1), "atMs"],
    ["p > 1", () => exponentialStaleness({ ...exp, staleAtCommit: 2 }, 1), "staleAtCommit"],
  ];
  const three: QuorumSizes = { n: 3, r: 1, w: 1 };
  const exp = { staleAtCommit: 0.5, r: 1, writeRatePerMs: 1 };
  const monotonic = (writesPerS: number, readsPerS: number) =>
    staleMonotonicReadProbability(three, { writesPerS, readsPerS });

  test.each(bad)("%s", (_, call, field) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(new RegExp(`^\\w+: need ${field}`));
  });
});
