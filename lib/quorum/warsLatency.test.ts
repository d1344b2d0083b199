import { describe, expect, test } from "vitest";
import { constant } from "../core/distributions/constant.ts";
import { exponential } from "../core/distributions/exponential.ts";
import { pareto } from "../core/distributions/pareto.ts";
import { shifted } from "../core/distributions/shifted.ts";
import { uniform } from "../core/distributions/uniform.ts";
import { randomStream } from "../core/random.ts";
import { compositionSampler } from "./compositionSampler.ts";
import {
  latencyByName,
  productionLatencies,
  productionLatencyNames,
  productionLegs,
} from "./productionLatencies.ts";
import type { WarsLatency } from "./wars.ts";
import {
  identicalReplicas,
  localReplica,
  type PlacedReplicasOptions,
  perReplica,
  placedReplicas,
  warsLegs,
} from "./warsLatency.ts";
import { warsLatencyFromJson, warsLatencyToJson } from "./warsLatencyFromJson.ts";
import { warsModel } from "./warsModel.ts";

const legs = warsLegs(exponential({ meanMs: 5 }), exponential({ meanMs: 1 }));

const roundTrips = {
  regions: ["ireland", "tokyo", "oregon"],
  roundTripMs: [
    [1, 200, 120],
    [204, 1, 90],
    [120, 90, 2],
  ],
};

const placedOptions: PlacedReplicasOptions = {
  roundTrips,
  replicas: ["ireland", "ireland", "oregon"],
  legs,
  writers: { ireland: 1 },
  readers: { tokyo: 0.25, ireland: 0.75 },
};

const placed = placedReplicas(placedOptions);

describe("the model of n replicas", () => {
  test("identical: any number of them, no delays", () => {
    const model = warsModel(identicalReplicas(legs), 4);
    expect(model).toEqual({
      n: 4,
      replicas: [legs, legs, legs, legs],
      oneWayMs: [[0, 0, 0, 0]],
      writers: [1],
      readers: [1],
    });
    expect(warsModel(identicalReplicas(legs), 100).replicas).toHaveLength(100);
  });

  test("per replica: as given", () => {
    const other = warsLegs(exponential({ meanMs: 7 }));
    expect(warsModel(perReplica([legs, other]), 2).replicas).toEqual([legs, other]);
  });

  test("local replica: a site beside each", () => {
    const model = warsModel(localReplica({ legs, remoteOneWayMs: 75 }), 3);
    expect(model.oneWayMs).toEqual([
      [0, 75, 75],
      [75, 0, 75],
      [75, 75, 0],
    ]);
    expect(model.writers).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(model.readers).toEqual(model.writers);
  });

  test("placed: half the round trip from the client's region, shares by region", () => {
    const model = warsModel(placed, 3);
    expect(model.oneWayMs).toEqual([
      [0.5, 0.5, 60],
      [102, 102, 45],
    ]);
    expect(model.writers).toEqual([1, 0]);
    expect(model.readers).toEqual([0.75, 0.25]);
  });

  const negative = { ...exponential({ meanMs: 1 }), support: [-1, 1] as const };
  const wrong = <Kind extends WarsLatency["kind"]>(kind: Kind, change: object): WarsLatency =>
    ({
      ...{
        identical: identicalReplicas(legs),
        placed,
        "per-replica": perReplica([legs, legs, legs]),
        "local-replica": localReplica({ legs, remoteOneWayMs: 1 }),
      }[kind],
      ...change,
    }) as WarsLatency;

  test.each<[string, WarsLatency, number, string]>([
    ["no replicas", identicalReplicas(legs), 0, "n"],
    ["too many", identicalReplicas(legs), 101, "n"],
    ["half a replica", identicalReplicas(legs), 2.5, "n"],
    ["no latency", null as never, 3, "latency"],
    ["an unknown kind", { kind: "other" } as never, 3, "latency.kind"],
    ["no legs", wrong("identical", { legs: null }), 3, "legs"],
    ["a missing leg", wrong("identical", { legs: { ...legs, s: undefined } }), 3, "legs.s"],
    ["a number for a leg", wrong("identical", { legs: { ...legs, a: 5 } }), 3, "legs.a"],
    ["a negative leg", wrong("identical", { legs: { ...legs, w: negative } }), 3, "legs.w"],
    ["another number of replicas", wrong("per-replica", {}), 4, "n"],
    ["an empty list", wrong("per-replica", { replicas: [] }), 3, "replicas"],
    ["a wrong one", wrong("per-replica", { replicas: [legs, legs, 0] }), 3, "replicas[2]"],
    ["a negative distance", wrong("local-replica", { remoteOneWayMs: -1 }), 3, "remoteOneWayMs"],
    ["an infinite distance", wrong("local-replica", { remoteOneWayMs: Infinity }), 3, "remoteOne"],
    ["NaN", wrong("local-replica", { remoteOneWayMs: Number.NaN }), 3, "remoteOneWayMs"],
    ["no rows", wrong("placed", { oneWayMs: [] }), 3, "oneWayMs"],
    ["a short row", wrong("placed", { oneWayMs: [[1, 1, 1], [1]] }), 3, "oneWayMs[1]"],
    [
      "a bad delay",
      wrong("placed", {
        oneWayMs: [
          [1, 1, 1],
          [1, -2, 1],
        ],
      }),
      3,
      "oneWayMs[1][1]",
    ],
    ["a missing share", wrong("placed", { writers: [1] }), 3, "writers"],
    ["shares below 1", wrong("placed", { readers: [0.5, 0.4] }), 3, "readers"],
    ["shares above 1", wrong("placed", { readers: [0.5, 0.6] }), 3, "readers"],
    ["a negative share", wrong("placed", { writers: [-0.5, 1.5] }), 3, "writers[0]"],
  ])("refuses %s", (_, latency, n, field) => {
    const call = () => warsModel(latency, n);
    expect(call).toThrow(RangeError);
    expect(call).toThrow(`warsModel: need ${field}`);
  });

  test.each<[string, Partial<PlacedReplicasOptions>, string]>([
    ["an unknown region of a replica", { replicas: ["paris"] }, "region"],
    ["an unknown region of a client", { writers: { paris: 1 } }, "region"],
    ["shares that do not add up", { writers: { ireland: 0.9 } }, "writers"],
    ["a missing round trip", { roundTrips: { ...roundTrips, roundTripMs: [[1]] } }, "roundTripMs"],
    [
      "a negative round trip",
      {
        roundTrips: { regions: ["ireland"], roundTripMs: [[-1]] },
        replicas: ["ireland"],
        readers: { ireland: 1 },
      },
      "roundTripMs from ireland to ireland",
    ],
  ])("placedReplicas refuses %s", (_, change, field) => {
    expect(() => placedReplicas({ ...placedOptions, ...change })).toThrow(`need ${field}`);
  });
});

describe("plain data", () => {
  const all: WarsLatency[] = [
    ...Object.values(productionLatencies),
    latencyByName("exp:0.1,2"),
    placed,
    perReplica([legs, warsLegs(shifted(pareto({ minMs: 1, alpha: 3 }), 2))], "two sorts"),
  ];

  test.each(all.map((latency) => [latency.name, latency] as const))(
    "%s goes and comes",
    (_, latency) => {
      const text = JSON.stringify(latency);
      const back = warsLatencyFromJson(JSON.parse(text));
      expect(JSON.stringify(back)).toBe(text);
      expect(warsLatencyToJson(back)).toEqual(JSON.parse(text));
      const n = latency.name === "two sorts" ? 2 : 3;
      const [one, other] = [warsModel(latency, n), warsModel(back, n)];
      expect(other.oneWayMs).toEqual(one.oneWayMs);
      for (const x of [0.3, 2, 40]) {
        expect(other.replicas[1]!.w.survival(x)).toBe(one.replicas[1]!.w.survival(x));
      }
    },
  );

  test("equal legs become the same distribution, as they were", () => {
    const back = warsLatencyFromJson(warsLatencyToJson(productionLatencies["lnkd-disk"]));
    if (back.kind !== "identical") throw new Error(back.kind);
    expect(back.legs.a).toBe(back.legs.s);
    expect(back.legs.w).not.toBe(back.legs.s);
  });

  test("a name will do, and a name may be missing", () => {
    expect(warsLatencyFromJson("ymmr")).toBe(productionLatencies.ymmr);
    const { name, ...nameless } = warsLatencyToJson(identicalReplicas(legs, "mine"));
    expect(name).toBe("mine");
    expect(warsLatencyFromJson(nameless).name).toBe("identical");
  });

  const spec = warsLatencyToJson(identicalReplicas(legs));
  test.each<[string, unknown, string]>([
    ["nothing", null, "value"],
    ["a list", [spec], "value"],
    ["an unknown kind", { ...spec, kind: "star" }, "kind"],
    ["an unknown field", { ...spec, writers: [1] }, "fields of identical"],
    [
      "an unknown leg",
      { ...spec, legs: { ...spec.legs, x: 3 } },
      'legs to be legs w, a, r and s only, got "x"',
    ],
    ["a number for a name", { ...spec, name: 3 }, "name"],
    ["missing legs", { kind: "identical" }, "legs"],
    ["a missing leg", { kind: "identical", legs: { ...spec.legs, s: undefined } }, "legs.s"],
    [
      "an unknown family",
      { kind: "identical", legs: { ...spec.legs, s: { kind: "levy" } } },
      "kind",
    ],
    ["no list", { kind: "per-replica", replicas: spec.legs }, "replicas"],
    [
      "a bad delay",
      { kind: "local-replica", legs: spec.legs, remoteOneWayMs: "75" },
      "remoteOneWayMs",
    ],
  ])("refuses %s", (_, value, field) => {
    expect(() => warsLatencyFromJson(value)).toThrow(RangeError);
    expect(() => warsLatencyFromJson(value)).toThrow(`need ${field}`);
  });
});

describe("names", () => {
  test.each(productionLatencyNames)("%s", (name) => {
    expect(latencyByName(name)).toBe(productionLatencies[name]);
    expect(latencyByName(name).name).toBe(name);
  });

  test("exp:<lambdaW>,<lambdaARS> has rates", () => {
    const latency = latencyByName("exp:0.25,2");
    if (latency.kind !== "identical") throw new Error(latency.kind);
    expect(latency.legs.w.mean).toBe(4);
    expect([latency.legs.a.mean, latency.legs.r.mean, latency.legs.s.mean]).toEqual([
      0.5, 0.5, 0.5,
    ]);
  });

  test.each(["", "lnkd", "LNKD-DISK", "exp:1", "exp:0,1", "exp:1,2,3", "exp:a,b", "exp:1,-2"])(
    "refuses %j, and lists what there is",
    (name) => {
      expect(() => latencyByName(name)).toThrow(
        /^latencyByName: need latency to be one of lnkd-ssd, lnkd-disk, ymmr, ymmr-printed, wan, or exp:/,
      );
    },
  );

  test("the fits are those of the paper's table 3", () => {
    // Survival by hand: 38 % Pareto (1.05, 1.51), 62 % exponential 0.183, at 10 ms; and so on.
    const by = (share: number, min: number, alpha: number, rate: number, x: number) =>
      share * (min / x) ** alpha + (1 - share) * Math.exp(-rate * x);
    expect(productionLegs.lnkdDisk.w.survival(10)).toBeCloseTo(by(0.38, 1.05, 1.51, 0.183, 10), 14);
    expect(productionLegs.lnkdDisk.a.survival(1)).toBeCloseTo(by(0.9122, 0.235, 10, 1.66, 1), 14);
    expect(productionLegs.lnkdSsd.w.survival(1)).toBeCloseTo(by(0.9122, 0.235, 10, 1.66, 1), 14);
    expect(productionLegs.ymmr.w.survival(9)).toBeCloseTo(by(0.939, 3, 3.5, 0.0028, 9), 14);
    expect(productionLegs.ymmrPrinted.w.survival(9)).toBeCloseTo(by(0.939, 3, 3.35, 0.0028, 9), 14);
    expect(productionLegs.ymmr.s.survival(9)).toBeCloseTo(by(0.982, 1.5, 3.8, 0.0217, 9), 14);
  });
});

describe("the sampler that draws from a part of a mixture", () => {
  test.each([
    ["lnkd-disk W", productionLegs.lnkdDisk.w],
    ["lnkd-ssd", productionLegs.lnkdSsd.w],
    ["ymmr W", productionLegs.ymmr.w],
    ["uniform", uniform({ minMs: 1, maxMs: 3 })],
    ["constant", constant({ valueMs: 2 })],
  ])("%s: has the distribution, to the Kolmogorov-Smirnov distance", (_, distribution) => {
    const sampler = compositionSampler(distribution);
    const random = randomStream({ seed: 1, purpose: "test", entity: 0 });
    const trials = 50_000;
    const draws = Float64Array.from({ length: trials }, () => sampler(random)).sort();
    let distance = 0;
    draws.forEach((x, i) => {
      // Equal draws, of an atom, count at the last of them.
      if (draws[i + 1] === x) return;
      distance = Math.max(distance, Math.abs(1 - distribution.survival(x) - (i + 1) / trials));
    });
    // sqrt(trials) times the distance exceeds 1.95 one time in 1,000.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(trials));
  });

  test("takes one uniform a draw, and reaches far into the tail", () => {
    const uniforms = (u: number) => ({ nextUint32: () => 0, nextUniform: () => u });
    const sampler = compositionSampler(productionLegs.lnkdDisk.w);
    // The heavier part comes first: 62 % exponential.
    expect(sampler(uniforms(0.31))).toBeCloseTo(-Math.log(0.5) / 0.183, 10);
    expect(sampler(uniforms(0.62 + 0.19))).toBeCloseTo(1.05 * 2 ** (1 / 1.51), 8);
    expect(sampler(uniforms(2 ** -53))).toBeGreaterThan(190);
    expect(Number.isFinite(sampler(uniforms(0.62)))).toBe(true);
    expect(Number.isFinite(sampler(uniforms(1 - 2 ** -53)))).toBe(true);
  });
});
