import { describe, expect, test } from "vitest";
import { constant } from "../core/distributions/constant.ts";
import { exponential } from "../core/distributions/exponential.ts";
import { uniform } from "../core/distributions/uniform.ts";
import { randomStream } from "../core/random.ts";
import { operationLatency, operationPercentile, operationTail } from "./operationLatency.ts";
import { latencyByName, productionLegs } from "./productionLatencies.ts";
import { sumSurvival } from "./sumSurvival.ts";
import type { WarsLatency } from "./wars.ts";
import { perReplica, warsLegs } from "./warsLatency.ts";
import { warsModel } from "./warsModel.ts";

describe("the sum of two legs", () => {
  test.each([0.01, 1, 5, 30, 300])("of exponentials is hypoexponential, at %d", (x) => {
    const [slow, fast] = [0.5, 2];
    const sum = sumSurvival(exponential({ ratePerMs: slow }), exponential({ ratePerMs: fast }));
    const truth = (fast * Math.exp(-slow * x) - slow * Math.exp(-fast * x)) / (fast - slow);
    expect(sum(x) / truth).toBeCloseTo(1, 9);
    const leg = exponential({ ratePerMs: slow });
    const erlang = (1 + slow * x) * Math.exp(-slow * x);
    expect(sumSurvival(leg, leg)(x) / erlang).toBeCloseTo(1, 9);
  });

  test.each([
    ["lnkd-ssd", productionLegs.lnkdSsd.w, productionLegs.lnkdSsd.a, 0.235, 0.235],
    ["lnkd-disk W + A", productionLegs.lnkdDisk.w, productionLegs.lnkdDisk.a, 1.05, 0.235],
    ["ymmr W + A", productionLegs.ymmr.w, productionLegs.ymmr.a, 3, 1.5],
  ])("of %s: agrees with a plain convolution of density and survival", (_, first, second, a, b) => {
    const sum = sumSurvival(first, second);
    for (const x of [0.9 * (a + b), 1.5 * (a + b), 20 * (a + b)]) {
      // Midpoints of 40,000 cells between the kinks: the density with alpha = 10 bends by up to
      // 2,000 (in units of 1/ms^2) over cells of 2e-4 ms: 2,000 (2e-4)^2 / 24 = 3e-6 at most.
      const kinks = [0, a, x - b, x].filter((y) => y >= 0 && y <= x).sort((y, z) => y - z);
      let plain = first.survival(x);
      kinks.slice(1).forEach((end, i) => {
        const start = kinks[i]!;
        const cell = (end - start) / 40_000;
        for (let k = 0; k < 40_000; k++) {
          const y = start + (k + 0.5) * cell;
          plain += cell * first.pdf!(y) * second.survival(x - y);
        }
      });
      expect(sum(x) / plain).toBeCloseTo(1, 5);
    }
  });

  test("of uniforms is triangular, of constants a step", () => {
    const flat = uniform({ minMs: 0, maxMs: 1 });
    const sum = sumSurvival(flat, flat);
    for (const x of [0, 0.3, 1, 1.2, 1.9]) {
      const truth = x < 1 ? 1 - x ** 2 / 2 : (2 - x) ** 2 / 2;
      expect(sum(x)).toBeCloseTo(truth, 10);
    }
    const step = sumSurvival(constant({ valueMs: 2 }), constant({ valueMs: 3 }));
    expect([step(4.999), step(5), step(6)]).toEqual([1, 0, 0]);
    const moved = sumSurvival(constant({ valueMs: 2 }), exponential({ meanMs: 1 }));
    expect(moved(5)).toBeCloseTo(Math.exp(-3), 12);
  });
});

describe("order statistics", () => {
  test("of constants and delays: by hand", () => {
    const latency: WarsLatency = {
      kind: "placed",
      name: "by hand",
      replicas: [1, 2, 3].map((ms) => warsLegs(constant({ valueMs: ms }))),
      oneWayMs: [
        [0, 10, 20],
        [5, 0, 5],
      ],
      writers: [0.25, 0.75],
      readers: [1, 0],
    };
    const model = warsModel(latency, 3);
    // Read from site 0: round trips 2, 24, 46. Write from site 1: 12, 4, 16; from site 0 as the read.
    const read = [1, 2, 3].map((replies) =>
      operationLatency(model, { operation: "read", replies }),
    );
    expect(read.map(({ p999 }) => p999.value)).toEqual(
      [2, 24, 46].map((ms) => expect.closeTo(ms, 8)),
    );
    const write = { operation: "write", replies: 2 } as const;
    expect(operationPercentile(model, { ...write, probability: 0.7 }).value).toBeCloseTo(12, 8);
    expect(operationPercentile(model, { ...write, probability: 0.8 }).value).toBeCloseTo(24, 8);
    expect(operationTail(model, write)(15)).toBeCloseTo(0.25, 12);
  });

  test("of replicas that differ: agrees with sorting 100,000 draws", () => {
    const legs = [1, 2, 5, 9].map((meanMs) =>
      warsLegs(exponential({ meanMs }), uniform({ minMs: 0, maxMs: 3 })),
    );
    const model = warsModel(perReplica(legs), 4);
    const random = randomStream({ seed: 1, purpose: "test", entity: 0 });
    const trials = 100_000;
    const late = [0, 0, 0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const trips = legs.map(({ w, a }) => w.sample(random) + a.sample(random));
      trips.sort((x, y) => x - y);
      trips.forEach((trip, k) => {
        if (trip > 4) late[k]!++;
      });
    }
    late.forEach((count, k) => {
      const tail = operationTail(model, { operation: "write", replies: k + 1 })(4);
      // Four standard errors of the count.
      const allowed = 4 * Math.sqrt((tail * (1 - tail)) / trials);
      expect(Math.abs(count / trials - tail)).toBeLessThan(allowed);
    });
  });

  test("of 100 replicas at 100 places", () => {
    const model = warsModel(latencyByName("wan"), 100);
    const { p50, p999 } = operationLatency(model, { operation: "read", replies: 50 });
    expect(p50.value).toBeGreaterThan(150);
    expect(p999.value).toBeLessThan(152);
  });

  test.each([
    [{ operation: "delete", replies: 1 }, "operation"],
    [{ operation: "read", replies: 0 }, "replies"],
    [{ operation: "read", replies: 4 }, "replies"],
  ])("refuses %j", (wait, field) => {
    const model = warsModel(latencyByName("lnkd-ssd"), 3);
    expect(() => operationTail(model, wait as never)).toThrow(`need ${field} to be`);
  });

  test.each([0, 1, Number.NaN])("refuses the probability %d", (probability) => {
    const model = warsModel(latencyByName("lnkd-ssd"), 3);
    const query = { operation: "read", replies: 1, probability } as const;
    expect(() => operationPercentile(model, query)).toThrow("need probability to be");
  });
});

/**
 * Bailis et al., PVLDB 5(8), 2012, table 4: 99.9th percentiles at N=3, two decimals, each the order
 * statistic of 50,000 trials.
 */
const table4 = [
  ["lnkd-ssd", 1, 1, 0.66, 0.66],
  ["lnkd-ssd", 1, 2, 0.66, 1.63],
  ["lnkd-ssd", 2, 1, 1.63, 0.65],
  ["lnkd-ssd", 2, 2, 1.62, 1.64],
  ["lnkd-ssd", 3, 1, 4.14, 0.65],
  ["lnkd-ssd", 1, 3, 0.65, 4.09],
  ["lnkd-disk", 1, 1, 0.66, 10.99],
  ["lnkd-disk", 1, 2, 0.65, 20.97],
  ["lnkd-disk", 2, 1, 1.63, 10.9],
  ["lnkd-disk", 2, 2, 1.64, 20.96],
  ["lnkd-disk", 3, 1, 4.12, 10.89],
  ["lnkd-disk", 1, 3, 0.65, 112.65],
  ["ymmr", 1, 1, 5.58, 10.83],
  ["ymmr", 1, 2, 5.61, 427.12],
  ["ymmr", 2, 1, 32.6, 10.73],
  ["ymmr", 2, 2, 33.18, 428.11],
  ["ymmr", 3, 1, 219.27, 10.79],
  ["ymmr", 1, 3, 5.63, 1870.86],
  ["wan", 1, 1, 3.4, 55.12],
  ["wan", 1, 2, 3.4, 167.64],
  ["wan", 2, 1, 151.3, 56.36],
  ["wan", 2, 2, 151.31, 167.72],
  ["wan", 3, 1, 153.86, 55.19],
  ["wan", 1, 3, 3.44, 241.55],
] as const;

/**
 * How far a printed 99.9th percentile is from ours, in standard errors of the paper's 50,000 trials: of
 * those, 50 lie beyond the true value, give or take sqrt(50). A value printed with two decimals may be
 * half a unit off.
 */
function deviations(name: string, operation: "read" | "write", replies: number, printed: number) {
  const tail = operationTail(warsModel(latencyByName(name), 3), { operation, replies });
  const beyond = [printed - 0.005, printed + 0.005].map((ms) => 50_000 * tail(ms));
  return Math.max(0, 50 - beyond[0]!, beyond[1]! - 50) / Math.sqrt(50);
}

describe("table 4, latencies", () => {
  test.each(table4)("%s R=%i W=%i: read %d ms, write %d ms", (name, r, w, read, write) => {
    // 48 cells; four standard errors: one of them fails by chance in 300 such tables.
    expect(deviations(name, "read", r, read)).toBeLessThan(4);
    expect(deviations(name, "write", w, write)).toBeLessThan(4);
  });
});
