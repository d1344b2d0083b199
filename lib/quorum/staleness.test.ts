import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponential } from "../core/distributions/exponential.ts";
import { pareto } from "../core/distributions/pareto.ts";
import { latencyByName } from "./productionLatencies.ts";
import type { StalenessAnswer } from "./question.ts";
import { defaultStaleness, type StalenessRequest, staleness } from "./staleness.ts";
import { stalenessCurve } from "./stalenessCurve.ts";
import { identicalReplicas, perReplica, warsLegs } from "./warsLatency.ts";

const asked: StalenessRequest = { n: 3, r: 1, w: 1, latency: "lnkd-disk", trials: 2000 };

describe("the answer", () => {
  test("repeats the question, with the defaults and the latency's name", () => {
    const answer = staleness({ n: 3, r: 2, w: 1, latency: latencyByName("exp:1,2"), trials: 100 });
    expect(answer.question).toEqual({
      ...defaultStaleness,
      ...{ n: 3, r: 2, w: 1, latency: "exp:1,2", trials: 100 },
    });
    expect(answer.stale.map(({ atMs }) => atMs)).toEqual([0]);
  });

  test("has the times in the order asked for", () => {
    const { stale } = staleness({ ...asked, atMs: [50, 0, 10] });
    expect(stale.map(({ atMs }) => atMs)).toEqual([50, 0, 10]);
    const [late, first, middle] = stale.map(({ probability }) => probability.value);
    expect(late).toBeLessThan(middle!);
    expect(middle).toBeLessThan(first!);
  });

  test.each(["exact", "count"] as const)("%s: the same seed, the same bytes", (method) => {
    const bytes = (seed: number) => JSON.stringify(staleness({ ...asked, method, seed }));
    expect(bytes(1)).toBe(bytes(1));
    expect(bytes(1)).not.toBe(bytes(2));
  });

  test("of the two methods agrees: four standard errors", () => {
    const question = { n: 3, latency: "wan", atMs: [0, 30, 100], visibility: 0.9 };
    for (const [r, w] of [
      [1, 1],
      [1, 2],
      [2, 1],
    ] as const) {
      const exact = staleness({ ...question, r, w });
      const count = staleness({ ...question, r, w, method: "count", trials: 300_000 });
      expectAgreement(exact, count);
    }
  });

  function expectAgreement(one: StalenessAnswer, other: StalenessAnswer): void {
    const pairs = [
      ...one.stale.map(({ probability }, i) => [probability, other.stale[i]!.probability] as const),
      [one.visibilityMs, other.visibilityMs] as const,
      ...(["p50", "p99", "p999"] as const).flatMap((p) => [
        [one.readLatencyMs[p], other.readLatencyMs[p]] as const,
        [one.writeLatencyMs[p], other.writeLatencyMs[p]] as const,
      ]),
    ];
    expect(pairs).toHaveLength(10);
    for (const [a, b] of pairs) {
      const error = Math.hypot(a.high - a.low, b.high - b.low) / 3.92;
      expect(Math.abs(a.value - b.value)).toBeLessThanOrEqual(4 * error);
    }
  }

  test.each(["exact", "count"] as const)(
    "%s: strict quorums are never stale, exactly",
    (method) => {
      const { stale, visibilityMs } = staleness({ ...asked, r: 2, w: 2, atMs: [0, 5], method });
      for (const estimate of [visibilityMs, ...stale.map(({ probability }) => probability)]) {
        expect(estimate).toMatchObject({ value: 0, low: 0, high: 0, method: "exact" });
      }
    },
  );

  test("quorums that just miss each other, R + W = N, may be stale", () => {
    const { stale } = staleness({ n: 3, r: 1, w: 2, latency: "exp:1,1" });
    const { value, low, high } = stale[0]!.probability;
    // 1351/15552; four standard errors.
    expect(Math.abs(value - 1351 / 15552)).toBeLessThan((4 * (high - low)) / 3.92);
    expect(low).toBeGreaterThan(0.08);
  });

  test("one replica: never stale", () => {
    const { stale, readLatencyMs } = staleness({ ...asked, n: 1 });
    expect(stale[0]!.probability).toMatchObject({ value: 0, method: "exact" });
    expect(readLatencyMs.p50.value).toBeGreaterThan(0.47);
  });

  test("a hundred replicas", () => {
    const hundred = { ...asked, n: 100, trials: 200 };
    const one = staleness(hundred);
    // Nearly all of 100 writes are on their way when the fastest is acknowledged.
    expect(one.stale[0]!.probability.value).toBeGreaterThan(0.9);
    const many = staleness({ ...hundred, r: 30, w: 60 });
    expect(many.stale[0]!.probability.value).toBeLessThan(1e-6);
    expect(many.stale[0]!.probability.value).toBeGreaterThan(0);
    expect(staleness({ ...hundred, latency: "wan", r: 5, w: 5 }).visibilityMs.high).toBeLessThan(
      1e4,
    );
  });
});

test("the heaviest tail that is accepted is answered; a heavier one is refused", () => {
  const at = (alpha: number) => {
    const legs = warsLegs(pareto({ minMs: 1, alpha }), exponential({ meanMs: 1 }));
    return staleness({ ...asked, w: 2, latency: identicalReplicas(legs), trials: 50 });
  };
  const heavy = at(0.1);
  // x^-0.1 falls to 0.001 at 1e30; the two faster replicas commit first.
  expect(heavy.visibilityMs.value).toBeGreaterThan(1e25);
  expect(heavy.visibilityMs.high).toBeLessThan(1e35);
  // Two of three later than x with probability 3 p^2 - 2 p^3 = 0.001: p = 0.0183, x = p^-10 = 2.3e17.
  expect(heavy.writeLatencyMs.p999.value).toBeGreaterThan(2e17);
  expect(heavy.writeLatencyMs.p999.value).toBeLessThan(3e17);
  // Heavier, and draws would overflow: nothing then told that a sum of two was infinite.
  expect(() => at(0.099)).toThrow(
    /^pareto: need alpha to be a number in \[0.1, Infinity\), got 0.099/,
  );
});

describe("the curve", () => {
  test("gives what the answer gives, point by point", () => {
    const { stale, visibilityMs } = staleness({ ...asked, atMs: [0, 3, 40], visibility: 0.99 });
    const curve = stalenessCurve({ n: 3, r: 1, w: 1, latency: "lnkd-disk", trials: 2000 });
    for (const { atMs, probability } of stale) expect(curve.staleAt(atMs)).toEqual(probability);
    expect(curve.visibilityMs(0.99)).toEqual(visibilityMs);
  });

  test("of strict quorums is 0, exactly", () => {
    const curve = stalenessCurve({ n: 3, r: 2, w: 2, latency: "wan" });
    expect(curve.staleAt(0)).toMatchObject({ value: 0, method: "exact" });
    expect(curve.visibilityMs(0.5)).toMatchObject({ value: 0, method: "exact" });
  });

  test.each([-1, Number.NaN, Infinity])("refuses the time %d", (time) => {
    const curve = stalenessCurve({ n: 3, r: 1, w: 1, latency: "wan", trials: 1 });
    expect(() => curve.staleAt(time)).toThrow("stalenessCurve: need atMs to be");
  });

  test.each([0, 1, Number.NaN])("refuses the visibility %d", (visibility) => {
    const curve = stalenessCurve({ n: 3, r: 1, w: 1, latency: "wan", trials: 1 });
    expect(() => curve.visibilityMs(visibility)).toThrow("stalenessCurve: need visibility to be");
  });
});

describe("properties", () => {
  const question = fc.integer({ min: 2, max: 7 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      r: fc.integer({ min: 1, max: n - 1 }),
      w: fc.integer({ min: 1, max: n - 1 }),
      latency: fc.constantFrom("lnkd-ssd", "lnkd-disk", "ymmr", "wan", "exp:0.3,2"),
      atMs: fc.constant([0, 1, 10, 100]),
      visibility: fc.constantFrom(0.5, 0.99, 0.99999),
      trials: fc.constantFrom(1, 2, 50, 200),
      seed: fc.integer({ min: 0, max: 1000 }),
    }),
  );

  test("bounds, order of the interval, and a curve that falls with time", () => {
    let partial = 0;
    fc.assert(
      fc.property(question, (given) => {
        const { stale, visibilityMs } = staleness(given);
        let before = 1;
        for (const { probability } of stale) {
          const { low, value, high } = probability;
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
          expect(high).toBeLessThanOrEqual(1);
          expect(value).toBeLessThanOrEqual(before);
          before = value;
        }
        expect(visibilityMs.low).toBeGreaterThanOrEqual(0);
        expect(visibilityMs.low).toBeLessThanOrEqual(visibilityMs.value);
        expect(visibilityMs.value).toBeLessThanOrEqual(visibilityMs.high);
        expect(visibilityMs.high).toBeLessThan(Infinity);
        if (stale[0]!.probability.value > 0) partial++;
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(partial).toBeGreaterThan(40);
  });

  test("more replies or acknowledgements make reads fresher", () => {
    // Exact: the events are nested. The estimates share draws but not summands: four standard errors.
    fc.assert(
      fc.property(question, (given) => {
        const at = (change: Partial<StalenessRequest>) =>
          staleness({ ...given, trials: 1000, atMs: [0], ...change }).stale[0]!.probability;
        const base = at({});
        for (const more of [at({ r: given.r + 1 }), at({ w: given.w + 1 })]) {
          const error = Math.hypot(base.high - base.low, more.high - more.low) / 3.92;
          expect(more.value).toBeLessThanOrEqual(base.value + 4 * error);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test("a higher visibility takes longer", () => {
    const at = (visibility: number) => staleness({ ...asked, visibility }).visibilityMs.value;
    const times = [0.2, 0.6, 0.9, 0.99, 0.999, 0.9999].map(at);
    expect(times[0]).toBe(0);
    for (let i = 2; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]!);
  });
});

describe("refusals", () => {
  const two = perReplica([1, 2].map((meanMs) => warsLegs(exponential({ meanMs }))));

  test.each<[string, Partial<StalenessRequest>, string]>([
    ["R > N", { r: 4 }, "r to be an integer in \\[1, 3\\], got 4"],
    ["W > N", { w: 4 }, "w to be"],
    ["R = 0", { r: 0 }, "r to be"],
    ["N = 0", { n: 0 }, "n to be"],
    ["N = 101", { n: 101 }, "n to be"],
    ["half a replica", { n: 2.5 }, "n to be"],
    ["NaN replicas", { n: Number.NaN }, "n to be"],
    ["a negative time", { atMs: [0, -1] }, "atMs\\[1\\] to be .*, got -1"],
    ["NaN", { atMs: [Number.NaN] }, "atMs\\[0\\] to be .*, got NaN"],
    ["an infinite time", { atMs: [Infinity] }, "atMs\\[0\\] to be"],
    ["a time without a list", { atMs: 5 as never }, "atMs to be a list"],
    ["certain visibility", { visibility: 1 }, "visibility to be a number in \\(0, 1\\), got 1"],
    ["no visibility", { visibility: 0 }, "visibility to be"],
    ["NaN visibility", { visibility: Number.NaN }, "visibility to be"],
    ["zero trials", { trials: 0 }, "trials to be an integer .*, got 0"],
    ["zero counted trials", { trials: 0, method: "count" }, "trials to be"],
    ["more trials than memory", { trials: 1e9 }, "trials to be"],
    ["an unknown method", { method: "guess" as never }, 'method to be one of "exact", "count"'],
    ["a negative seed", { seed: -1 }, "seed to be"],
    ["half a seed", { seed: 0.5 }, "seed to be"],
    ["full confidence", { confidence: 1 }, "confidence to be"],
    ["an unknown latency", { latency: "disk" }, "latency to be one of lnkd-ssd"],
    ["a latency of two replicas", { latency: two }, "n to be 2"],
  ])("%s", (_, change, message) => {
    const call = () => staleness({ ...asked, ...change });
    expect(call).toThrow(RangeError);
    expect(call).toThrow(new RegExp(`^\\w+: need ${message}`));
  });
});
