import { expect, test } from "vitest";
import type { Estimate } from "./estimate.ts";
import { fewHits, type ProportionMethod, proportion } from "./proportion.ts";
import { binomialCdf } from "./special/incompleteBeta.ts";

/**
 * hits, trials, confidence, Clopper-Pearson ends, Wilson ends: scipy 1.17.1,
 * binomtest(hits, trials).proportion_ci(confidence, "exact" | "wilson"). Last row: the exact ends by
 * mpmath 1.4.1 with 50 digits, since scipy's are right to 1e-4 only for a billion trials.
 */
const golden: readonly (readonly [number, number, number, number, number, number, number])[] = [
  [0, 10, 0.95, 0, 0.30849710781876294, 0, 0.27753279986288926],
  [10, 10, 0.95, 0.6915028921812371, 1, 0.7224672001371109, 1],
  [
    1, 10, 0.95, 0.0025285785444625728, 0.44501611702819543, 0.017876213095072896,
    0.4041500267952385,
  ],
  [3, 10, 0.95, 0.06673951117773447, 0.652452850060008, 0.10779126740630102, 0.6032218525388546],
  [7, 20, 0.99, 0.11387976326673215, 0.6565685842319213, 0.14639344137693885, 0.6283381789526872],
  [
    1, 1000, 0.95, 2.5317487491674634e-5, 0.0055589242798499, 0.00017654637062607809,
    0.0056425585979579355,
  ],
  [0, 1e6, 0.95, 0, 3.688872650897376e-6, 0, 3.841444063944942e-6],
  [50, 100, 0.9, 0.4136217146309117, 0.5863782853690883, 0.41884779611252954, 0.5811522038874705],
  [
    123456, 1e6, 0.95, 0.12281184162963026, 0.1241023402768027, 0.12281269653142284,
    0.12410219641400437,
  ],
  [
    999999, 1e6, 0.95, 0.9999944283693444, 0.9999999746821948, 0.9999943350881957,
    0.9999998234754233,
  ],
  [
    10, 1e9, 0.95, 4.795388706213806e-9, 1.839035596486696e-8, 5.43198611434856e-9,
    1.8409472614759587e-8,
  ],
];

test("intervals agree with scipy and mpmath", () => {
  for (const [hits, trials, confidence, ...ends] of golden) {
    const exact = proportion({ hits, trials, confidence, method: "clopper-pearson" });
    const wilson = proportion({ hits, trials, confidence, method: "wilson" });
    const ours = [exact.low, exact.high, wilson.low, wilson.high];
    for (const [index, end] of ends.entries()) {
      expect(Math.abs(ours[index]! - end)).toBeLessThanOrEqual(1e-9 * end);
    }
  }
});

/** Smallest probability, over all p, that the interval covers p: summed, not simulated. */
function worstCoverage(interval: (hits: number) => Estimate, trials: number, mostHits: number) {
  const intervals = Array.from({ length: mostHits + 1 }, (_, hits) => interval(hits));
  // Coverage drops where p crosses an end; beyond the last interval's low end others would count.
  const limit = mostHits === trials ? 1 : intervals[mostHits]!.low;
  const points = intervals
    .flatMap(({ low, high }) => [low, high])
    .flatMap((end) => [end * (1 - 1e-9), end * (1 + 1e-9)])
    .filter((p) => p > 0 && p < limit);
  const coverages = points.map((p) => {
    const first = intervals.findIndex(({ high }) => high >= p);
    const last = intervals.findLastIndex(({ low }) => low <= p);
    return binomialCdf(last, { trials, p }) - binomialCdf(first - 1, { trials, p });
  });
  expect(points.length).toBeGreaterThan(mostHits / 2);
  return Math.min(...coverages);
}

const covers = (trials: number, mostHits: number, method?: ProportionMethod) =>
  worstCoverage(
    (hits) => proportion(method ? { hits, trials, method } : { hits, trials }),
    trials,
    mostHits,
  );

test("Clopper-Pearson covers at least 95 % for every probability", () => {
  for (const trials of [1, 2, 10, 100, 500]) {
    expect(covers(trials, trials, "clopper-pearson")).toBeGreaterThanOrEqual(0.95);
  }
});

test("Wilson covers 83.8 % at worst, the default never less than 94.4 %", () => {
  expect(covers(100_000, 300, "wilson")).toBeCloseTo(0.838, 3);
  expect(covers(1000, 1000)).toBeGreaterThan(0.944);
  expect(covers(100_000, 400)).toBeGreaterThan(0.944);
});

test("where the default changes over, the two intervals differ by less than 4 % in width", () => {
  for (const trials of [2 * fewHits, 1000, 1e6]) {
    const counts = { hits: fewHits, trials };
    const exact = proportion({ ...counts, method: "clopper-pearson" });
    const wilson = proportion(counts);
    expect(wilson.method).toBe("wilson");
    expect((exact.high - exact.low) / (wilson.high - wilson.low)).toBeLessThan(1.04);
    expect(proportion({ hits: fewHits - 1, trials }).method).toBe("clopper-pearson");
    expect(proportion({ hits: trials - fewHits + 1, trials }).method).toBe("clopper-pearson");
  }
});

test("the coverage check sees the normal interval and an exact one that is off by one", () => {
  const wald = (hits: number): Estimate => {
    const p = hits / 100;
    const half = 1.96 * Math.sqrt((p * (1 - p)) / 100);
    return { ...proportion({ hits, trials: 100 }), low: p - half, high: p + half };
  };
  expect(worstCoverage(wald, 100, 100)).toBeLessThan(0.1);
  const offByOne = (hits: number): Estimate => {
    const next = proportion({ hits: Math.max(0, hits - 1), trials: 100 });
    return { ...proportion({ hits, trials: 100 }), high: next.high };
  };
  expect(worstCoverage(offByOne, 100, 100)).toBeLessThan(0.95);
});

test("no hit is a bound, never 0 with certainty", () => {
  const none = proportion({ hits: 0, trials: 1000 });
  expect(none).toMatchObject({ value: 0, low: 0, method: "clopper-pearson", trials: 1000 });
  expect(none.high).toBeCloseTo(1 - 0.025 ** (1 / 1000), 12);
  const all = proportion({ hits: 1000, trials: 1000 });
  expect(all).toMatchObject({ value: 1, high: 1 });
  expect(all.low).toBeCloseTo(0.025 ** (1 / 1000), 12);
});

test("nonsense is refused with the field, the value and the range", () => {
  expect(() => proportion({ hits: 0, trials: 0 })).toThrow(
    "need trials to be an integer >= 1, got 0",
  );
  expect(() => proportion({ hits: 4, trials: 3 })).toThrow(
    "need hits to be an integer in [0, 3], got 4",
  );
  expect(() => proportion({ hits: 0.5, trials: 3 })).toThrow(RangeError);
  expect(() => proportion({ hits: 1, trials: 3, confidence: 1 })).toThrow("need confidence");
  expect(() => proportion({ hits: 1, trials: 3, confidence: Number.NaN })).toThrow(RangeError);
  const method = "wald" as ProportionMethod;
  expect(() => proportion({ hits: 1, trials: 3, method })).toThrow('one of "wilson"');
});
